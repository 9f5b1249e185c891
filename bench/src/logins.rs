//! What logging in costs: hashing beside the `argon2` crate and Python's argon2-cffi, `POST /token` beside the raw ceiling, and what a flood of
//! log-ins does to everybody else.

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

use crate::{load, report, seed, server::Server};

const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;
const USERS: usize = 50;
/// Clients that log in without pause, and those that log in all at once.
const CLIENTS: usize = 16;
const FLOOD: usize = 1000;

/// Measures and prints it all.
pub(crate) async fn measure(doorward: &Path, python: Option<&Path>) -> Result<()> {
    report::machine();
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("logins.db").display());
    // One more, who only looks on: those who log in without pause lose their oldest sessions.
    seed::users(&database, USERS + 1).await?;
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
    let server = Server::start(doorward, &arguments, folder.path()).await?;
    let forms: Vec<_> = (0..USERS).map(seed::form).collect();
    let logins = load::posts("/token", &forms);
    let onlooker = load::posts("/token", &[seed::form(USERS)]);
    let token = load::answer(server.port, &onlooker[0]).await?;
    let token = token.split('"').find(|part| part.starts_with("dw_s_")).context("no token")?.to_owned();
    let me = load::gets("/me", &[token]);

    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        figures.ours.push(on_threads(1, ours));
        figures.argon2.push(on_threads(1, argon2_crate));
        if let Some(python) = python {
            figures.cffi.push(argon2_cffi(python)?);
        }
        figures.ceiling.push(on_threads(cores, ours));
        figures.logins.push(load::run(server.port, logins, CLIENTS, ROUND).await?.rate);
        figures.calm.push(load::run(server.port, me, CLIENTS, ROUND).await?.p99);
        let (flooded, logins) = tokio::join!(
            load::run(server.port, me, CLIENTS, ROUND),
            load::run(server.port, logins, CLIENTS, ROUND)
        );
        figures.flooded.push(flooded?.p99);
        logins?;
    }
    figures.print(cores);

    let begun = Instant::now();
    let answers = join_all((0..FLOOD).map(|login| load::answer(server.port, &logins[login % USERS]))).await;
    let answered = answers.iter().flatten().filter(|answer| answer.starts_with("HTTP/1.1 200")).count();
    let refused = answers.iter().flatten().filter(|answer| answer.starts_with("HTTP/1.1 503")).count();
    ensure!(answered + refused == FLOOD, "of {FLOOD} log-ins {answered} were answered and {refused} refused");
    println!(
        "{FLOOD} log-ins at once: {answered} logged in, {refused} told to come back, in {:.1} s; at most {:.0} MB",
        begun.elapsed().as_secs_f64(),
        server.peak_memory()? as f64 / 1e6
    );
    Ok(())
}

#[derive(Default)]
struct Figures {
    ours: Vec<f64>,
    argon2: Vec<f64>,
    /// Empty without a Python.
    cffi: Vec<f64>,
    ceiling: Vec<f64>,
    logins: Vec<f64>,
    calm: Vec<f64>,
    flooded: Vec<f64>,
}

impl Figures {
    fn print(self, cores: usize) {
        let cffi = self.cffi;
        let [ours, argon2, ceiling, logins, calm, flooded] =
            [self.ours, self.argon2, self.ceiling, self.logins, self.calm, self.flooded].map(median);
        println!(
            "argon2id, one thread:      {ours:.1} hashes/s, {:.2} of the argon2 crate ({argon2:.1})",
            ours / argon2
        );
        if cffi.is_empty() {
            println!("                           no Python with argon2-cffi to compare with");
        } else {
            let cffi = median(cffi);
            println!("                           {:.2} of Python's argon2-cffi ({cffi:.1})", ours / cffi);
        }
        println!("argon2id, {cores} threads:       {ceiling:.1} hashes/s, the ceiling of log-ins");
        println!(
            "POST /token, {CLIENTS} clients:   {logins:.1} log-ins/s, {:.2} of the ceiling",
            logins / ceiling
        );
        println!(
            "GET /me, {CLIENTS} clients, p99:  {calm:.0} µs, while {CLIENTS} others log in {flooded:.0} µs, {:.1} times",
            flooded / calm
        );
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Hashes a second on so many threads together.
fn on_threads(threads: usize, hashing: fn(Instant) -> usize) -> f64 {
    let begun = Instant::now();
    let end = begun + ROUND;
    let done: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(move || hashing(end))).collect();
        threads.into_iter().map(|thread| thread.join().expect("hashing does not panic")).sum()
    });
    done as f64 / begun.elapsed().as_secs_f64()
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

/// Python starts before its clock does.
fn argon2_cffi(python: &Path) -> Result<f64> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/argon2_cffi.py");
    let output = Command::new(python).arg(script).arg(ROUND.as_secs().to_string()).output()?;
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
