//! The cost of logging in: hashing beside the `argon2` crate and Python's argon2-cffi, `POST /token` and
//! `POST /register` beside the raw ceiling, and the effect of a flood of log-ins on other requests.

use std::{
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use doorward_password::PasswordContext;
use futures_util::future::join_all;

use crate::{
    contest::spread,
    load,
    report::{Report, shown},
    seed,
    server::Server,
    setup::Setup,
};

const USERS: usize = 50;
/// The number of clients that log in without pause, and of those that log in all at once.
const CLIENTS: usize = 16;
/// The number of clients that log in while other programs keep all cores busy.
const FEW: usize = 4;
const FLOOD: usize = 1000;
/// More users than can register in one run.
const NEWCOMERS: usize = 50_000;

/// Measures and reports all of them.
pub(crate) async fn measure(setup: &Setup, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("logins.db").display());
    // One more user for `GET /me`: users who log in without pause lose their oldest sessions.
    seed::users(&database, USERS + 1).await?;
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
    let server = Server::start(&setup.doorward, &arguments, folder.path()).await?;
    let forms: Vec<_> = (0..USERS).map(seed::form).collect();
    let logins = load::posts("/token", &forms);
    let newcomers = load::newcomers("/register", (0..NEWCOMERS).map(seed::registration));
    let onlooker = load::posts("/token", &[seed::form(USERS)]);
    let token = load::answer(server.port, onlooker.first()).await?;
    let token = token.split('"').find(|part| part.starts_with("dw_s_")).context("no token")?.to_owned();
    let me = load::gets("/me", &[token]);

    let ports = [server.port];
    let (cores, round) = (thread::available_parallelism().map_or(1, usize::from), setup.round());
    let mut figures = Figures::default();
    for _ in 0..setup.rounds {
        figures.ours.push(on_threads(1, round, ours));
        figures.argon2.push(on_threads(1, round, argon2_crate));
        if let Some(python) = &setup.python {
            figures.cffi.push(argon2_cffi(python, round)?);
        }
        figures.ceiling.push(on_threads(cores, round, ours));
        figures.logins.push(load::run(&ports, logins, CLIENTS, round).await?.rate);
        figures.registrations.push(load::run(&ports, newcomers, CLIENTS, round).await?.rate);
        figures.calm.push(load::run(&ports, me, CLIENTS, round).await?.p99);
        let (flooded, beside_me) =
            tokio::join!(load::run(&ports, me, CLIENTS, round), load::run(&ports, logins, CLIENTS, round));
        figures.flooded.push(flooded?.p99);
        figures.beside_me.push(beside_me?.rate);
        let busy = tokio::task::spawn_blocking(move || on_threads(cores, round, spin));
        let saturated = load::run(&ports, logins, FEW, round).await?;
        busy.await?;
        figures.saturated.push(saturated.rate);
        figures.slowest.push(saturated.p99);
    }
    report.title("Logging in");
    figures.report(cores, report);

    let begun = Instant::now();
    let answers = join_all((0..FLOOD).map(|login| load::answer(server.port, logins.nth(login)))).await;
    let answered = answers.iter().flatten().filter(|answer| answer.starts_with("HTTP/1.1 200")).count();
    let refused = answers.iter().flatten().filter(|answer| answer.starts_with("HTTP/1.1 503")).count();
    ensure!(answered + refused == FLOOD, "of {FLOOD} log-ins {answered} were answered and {refused} refused");
    report.line("");
    report.line(&format!(
        "{FLOOD} log-ins at once: {answered} logged in, {refused} told to come back, in {:.1} s; the server took at most {:.0} MB.",
        begun.elapsed().as_secs_f64(),
        server.peak_memory()? as f64 / 1e6
    ));
    Ok(())
}

#[derive(Default)]
struct Figures {
    ours: Vec<f64>,
    argon2: Vec<f64>,
    /// The figures of argon2-cffi; empty without a Python.
    cffi: Vec<f64>,
    ceiling: Vec<f64>,
    logins: Vec<f64>,
    registrations: Vec<f64>,
    calm: Vec<f64>,
    flooded: Vec<f64>,
    /// Log-ins per second beside the clients of `GET /me`.
    beside_me: Vec<f64>,
    /// Log-ins per second, and their p99 in microseconds, while other programs keep all cores busy.
    saturated: Vec<f64>,
    slowest: Vec<f64>,
}

impl Figures {
    fn report(self, cores: usize, report: &mut Report) {
        let beside = |ours: &[f64], theirs: &[f64]| {
            shown(&spread(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect()))
        };
        let median = |figures: &[f64]| spread(figures.to_vec()).median;
        if !self.cffi.is_empty() {
            let cffi = beside(&self.ours, &self.cffi);
            report.line(&format!("argon2id on one thread is {cffi} of Python's argon2-cffi."));
            report.line("");
        }
        report.line("| | a second | beside |");
        report.line("|---|---:|---|");
        for (name, figures, others, what) in [
            ("argon2id, one thread".to_owned(), &self.ours, &self.argon2, "the `argon2` crate"),
            (format!("`POST /token`, {CLIENTS} clients"), &self.logins, &self.ceiling, "the ceiling"),
            (
                format!("`POST /register`, {CLIENTS} clients"),
                &self.registrations,
                &self.ceiling,
                "the ceiling",
            ),
        ] {
            report.line(&format!(
                "| {name} | {:.1} | {} of {what} |",
                median(figures),
                beside(figures, others)
            ));
        }
        report
            .line(&format!("| argon2id on {cores} threads, the ceiling | {:.1} | |", median(&self.ceiling)));
        report.line("");
        report.line(&format!(
            "`GET /me`, {CLIENTS} clients, p99: {:.0} µs, and {:.0} µs while {CLIENTS} others log in without pause, {} times as much.",
            median(&self.calm),
            median(&self.flooded),
            beside(&self.flooded, &self.calm)
        ));
        report.line("");
        report.line(&format!(
            "Meanwhile {:.1} log-ins a second, {} of those without the clients of `GET /me`. While {cores} threads of another program keep all cores busy, {FEW} clients log in {:.1} times a second, with a p99 of {:.0} ms.",
            median(&self.beside_me),
            beside(&self.beside_me, &self.logins),
            median(&self.saturated),
            median(&self.slowest) / 1000.0
        ));
    }
}

/// Returns the hashes per second of this number of threads together.
fn on_threads(threads: usize, round: Duration, hashing: fn(Instant) -> usize) -> f64 {
    let begun = Instant::now();
    let end = begun + round;
    let done: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(move || hashing(end))).collect();
        threads.into_iter().map(|thread| thread.join().expect("hashing does not panic")).sum()
    });
    done as f64 / begun.elapsed().as_secs_f64()
}

/// Keeps a core busy.
fn spin(end: Instant) -> usize {
    let mut turns = 0;
    while Instant::now() < end {
        turns += 1;
    }
    turns
}

fn ours(end: Instant) -> usize {
    let context = PasswordContext::builder().build().expect("the defaults are fine");
    let mut worker = context.worker();
    let mut done = 0;
    while Instant::now() < end {
        worker.hash("correct horse battery").expect("a short password is hashed");
        done += 1;
    }
    done
}

/// Measures argon2-cffi. Python starts before its clock does.
fn argon2_cffi(python: &Path, round: Duration) -> Result<f64> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/argon2_cffi.py");
    let output = Command::new(python).arg(script).arg(round.as_secs().max(1).to_string()).output()?;
    ensure!(output.status.success(), "argon2-cffi: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn argon2_crate(end: Instant) -> usize {
    let params = Params::new(19456, 2, 1, None).expect("the parameters are in range");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (mut tag, mut done) = ([0; 32], 0);
    while Instant::now() < end {
        argon2
            .hash_password_into(b"correct horse battery", b"sixteen bytes ok", &mut tag)
            .expect("it is hashed");
        done += 1;
    }
    done
}
