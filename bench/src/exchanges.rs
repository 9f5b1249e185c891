//! The cost of answering an app: codes that are exchanged for an access token and an ID token, beside the ceiling of RS256
//! signatures alone, and the effect on `GET /me`.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};

use crate::{
    contest::spread,
    load,
    report::{Report, shown},
    seed,
    server::Server,
    setup::Setup,
};

const USERS: usize = 1000;
/// The number of clients that exchange codes.
const CLIENTS: usize = 16;
/// The number of clients of `GET /me`.
const ONLOOKERS: usize = 4;
/// The exchanges a second that must cost no more than a core.
const PACE: usize = 500;
/// The most exchanges a second that codes are made for.
const FASTEST: usize = 4000;

/// Settings with an app. On PostgreSQL no key is made beside the database.
const SETTINGS: &str = r#"secret_key_id = "bench"
secret_key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="

[[client]]
id = "bench"
name = "Bench"
public = true
redirect_uris = ["https://app.example.org/callback"]
"#;

/// Measures and reports them.
pub(crate) async fn measure(setup: &Setup, report: &mut Report) -> Result<()> {
    // On the disk of the workspace: a temporary folder may be in memory.
    let folder = tempfile::tempdir_in(".")?;
    fs::write(folder.path().join("doorward.toml"), SETTINGS)?;
    report
        .title(&format!("Codes exchanged for an access token and an ID token with RS256, {CLIENTS} clients"));
    for (name, database) in setup.databases(folder.path(), "doorward_exchanges")? {
        let figures = on(setup, folder.path(), &database).await.with_context(|| name.to_owned())?;
        figures.report(name, report);
    }
    Ok(())
}

async fn on(setup: &Setup, folder: &Path, database: &str) -> Result<Figures> {
    let tokens = seed::sessions(database, USERS, USERS).await?;
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", database].map(str::to_owned);
    let server = Server::start(&setup.doorward, &arguments, folder).await?;
    // This stores the app, and makes the keys.
    load::answer(server.port, load::get_with("/oauth/jwks.json", "accept: */*").first()).await?;
    load::answer(server.port, load::posts("/oauth/token", &[seed::exchange("x")]).first()).await?;
    let rounds = setup.rounds + 1;
    let seconds = (setup.seconds * rounds as f64).ceil() as usize;
    let codes = seed::codes(database, USERS, seconds * (FASTEST + PACE)).await?;
    let exchanges = load::posts_once("/oauth/token", codes.iter().map(|code| seed::exchange(code)));
    let me = load::gets("/me", &tokens);

    let (ports, round) = ([server.port], setup.round());
    let key = RsaKeyPair::generate(KeySize::Rsa2048).ok().context("no key could be made")?;
    let mut figures = Figures::default();
    for turn in 0..rounds {
        let ceiling = signatures(&key, round)?;
        let (busy, cpu) = with_cpu(&server, load::run(&ports, exchanges, CLIENTS, round)).await?;
        let calm = load::run(&ports, me, ONLOOKERS, round).await?;
        let paced = load::paced(server.port, exchanges, CLIENTS, PACE, round);
        let ((paced, beside), both) =
            with_cpu(&server, both(paced, load::run(&ports, me, ONLOOKERS, round))).await?;
        let (alone, cpu_alone) =
            with_cpu(&server, load::paced(server.port, exchanges, CLIENTS, PACE, round)).await?;
        // The first round warms up.
        if turn > 0 {
            figures.ceiling.push(ceiling);
            figures.rate.push(busy.rate);
            figures.cpu.push(cpu);
            figures.paced.push(alone.rate.min(paced.rate));
            figures.paced_cpu.push(cpu_alone);
            figures.both_cpu.push(both);
            figures.paced_p99.push(paced.p99);
            figures.calm.push(calm.p99);
            figures.beside.push(beside.p99);
        }
    }
    Ok(figures)
}

async fn both(
    one: impl Future<Output = Result<load::Round>>,
    other: impl Future<Output = Result<load::Round>>,
) -> Result<(load::Round, load::Round)> {
    let (one, other) = tokio::join!(one, other);
    Ok((one?, other?))
}

/// Returns what the work returns, and the seconds of processor time that the server used for each second of it.
async fn with_cpu<T>(server: &Server, work: impl Future<Output = Result<T>>) -> Result<(T, f64)> {
    let (begun, before) = (Instant::now(), server.cpu()?);
    let done = work.await?;
    Ok((done, (server.cpu()? - before) / begun.elapsed().as_secs_f64()))
}

/// Returns how many signatures one thread makes in a second.
fn signatures(key: &RsaKeyPair, round: Duration) -> Result<f64> {
    let (random, message) = (SystemRandom::new(), [b'a'; 600]);
    let mut signature = vec![0; key.public_modulus_len()];
    let (begun, mut made) = (Instant::now(), 0_u32);
    while begun.elapsed() < round {
        key.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature).ok().context("nothing was signed")?;
        made += 1;
    }
    Ok(f64::from(made) / begun.elapsed().as_secs_f64())
}

#[derive(Default)]
struct Figures {
    /// Signatures a second, on one thread.
    ceiling: Vec<f64>,
    /// Exchanges a second without pause, and the cores that the server used meanwhile.
    rate: Vec<f64>,
    cpu: Vec<f64>,
    /// The same at the pace, alone and beside `GET /me`.
    paced: Vec<f64>,
    paced_cpu: Vec<f64>,
    both_cpu: Vec<f64>,
    /// In microseconds.
    paced_p99: Vec<f64>,
    calm: Vec<f64>,
    beside: Vec<f64>,
}

impl Figures {
    fn report(self, name: &str, report: &mut Report) {
        let median = |figures: &[f64]| spread(figures.to_vec()).median;
        let paired = |one: &[f64], other: &[f64], figure: fn(f64, f64) -> f64| {
            shown(&spread(one.iter().zip(other).map(|(one, other)| figure(*one, *other)).collect()))
        };
        let per_core: Vec<f64> = self.rate.iter().zip(&self.cpu).map(|(rate, cpu)| rate / cpu).collect();
        report.line(&format!("**{name}**"));
        report.line("");
        report.line("| | a second | beside the signatures |");
        report.line("|---|---:|---|");
        report.line(&format!("| RS256 signatures, one thread | {:.0} | |", median(&self.ceiling)));
        let of_ceiling = paired(&per_core, &self.ceiling, |ours, theirs| ours / theirs);
        report.line(&format!(
            "| exchanges for each core that the server used | {:.0} | {of_ceiling} |",
            median(&per_core)
        ));
        report.line(&format!("| exchanges without pause | {:.0} | |", median(&self.rate)));
        report.line("");
        report.line(&format!(
            "{PACE} exchanges a second use {} cores of the server; their signatures alone {}. It answered {:.0} a second. \
             Beside the clients of `GET /me`, their p99 is {:.1} ms, and the server uses {:.2} cores.",
            shown(&spread(self.paced_cpu.clone())),
            shown(&spread(self.ceiling.iter().map(|rate| PACE as f64 / rate).collect())),
            median(&self.paced),
            median(&self.paced_p99) / 1e3,
            median(&self.both_cpu),
        ));
        report.line("");
        report.line(&format!(
            "`GET /me`, {ONLOOKERS} clients, p99: {:.0} µs, and {:.0} µs beside {PACE} exchanges a second, {} times as much.",
            median(&self.calm),
            median(&self.beside),
            paired(&self.beside, &self.calm, |beside, calm| beside / calm),
        ));
        report.line("");
    }
}
