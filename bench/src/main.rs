//! Doorward beside a bare axum route, in one run: `script/bench`.
//!
//! Machines are shared and noisy, so nothing here is an absolute figure: the reference and we are measured in
//! alternation, several rounds each, and what counts is the ratio of their medians.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tempfile::TempDir;

mod bare;
mod enumeration;
mod load;
mod logins;
mod report;
mod seed;
mod server;

use load::{Requests, Round};
use server::Server;

/// The allocator of the server, so that the reference has no other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Measure Doorward beside a bare axum route")]
struct Options {
    #[command(subcommand)]
    role: Option<Role>,
    /// The `doorward` binary to measure.
    #[arg(long, default_value = "target/release/doorward")]
    doorward: PathBuf,
    /// A PostgreSQL server to measure on too, without a database: postgres://USER@HOST:PORT.
    #[arg(long)]
    postgres: Option<String>,
    /// A Python with argon2-cffi, to hash beside ours when logging in is measured.
    #[arg(long)]
    python: Option<PathBuf>,
    /// How many users there are.
    #[arg(long, default_value_t = 10_000)]
    users: usize,
    /// How many sessions they have together.
    #[arg(long, default_value_t = 100_000)]
    sessions: usize,
    /// How many connections send requests at once.
    #[arg(long, value_delimiter = ',', default_value = "1,64")]
    connections: Vec<usize>,
    /// How many rounds each contestant runs.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long a round takes, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

#[derive(Subcommand)]
enum Role {
    /// Serve the bare route (used by the benchmark itself).
    #[command(hide = true)]
    Bare,
    /// Measure hashing and logging in instead.
    Logins,
    /// Measure whether the time of an answer tells who has an account.
    Enumeration {
        /// How often each kind of user is asked about.
        #[arg(long, default_value_t = 1000)]
        pairs: usize,
    },
}

/// One server that is measured, and what is sent to it.
struct Contestant {
    name: &'static str,
    server: Server,
    requests: Requests,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    match options.role {
        Some(Role::Bare) => return bare::serve().await,
        Some(Role::Logins) => return logins::measure(&options.doorward, options.python.as_deref()).await,
        Some(Role::Enumeration { pairs }) => return enumeration::measure(&options.doorward, pairs).await,
        None => {}
    }
    let folder = tempfile::tempdir()?;
    report::machine();
    let contestants = contestants(&options, &folder).await?;
    for &connections in &options.connections {
        let mut rounds: Vec<Vec<Round>> = contestants.iter().map(|_| Vec::new()).collect();
        for round in 0..=options.rounds {
            for (contestant, rounds) in contestants.iter().zip(&mut rounds) {
                let duration = Duration::from_secs_f64(options.seconds);
                let cpu = contestant.server.cpu()?;
                let mut measured =
                    load::run(contestant.server.port, contestant.requests, connections, duration).await?;
                measured.cpu = (contestant.server.cpu()? - cpu) / measured.requests as f64;
                // The first round warms up.
                if round > 0 {
                    rounds.push(measured);
                }
            }
        }
        let names: Vec<_> = contestants.iter().map(|contestant| contestant.name).collect();
        report::table(connections, &names, &mut rounds);
    }
    Ok(())
}

/// Starts the reference and ours, and prints what starting costs.
async fn contestants(options: &Options, folder: &TempDir) -> Result<Vec<Contestant>> {
    println!("{} users with {} sessions, tokens drawn at random", options.users, options.sessions);
    let mut contestants = Vec::new();
    let bare = Server::start(&std::env::current_exe()?, &["bare".into()], folder.path()).await?;
    println!("bare axum             started in {:>5.0} ms", bare.started_in.as_secs_f64() * 1000.0);
    contestants.push(Contestant {
        name: "bare axum",
        server: bare,
        requests: load::gets("/me", &["none".into()]),
    });

    let mut databases =
        vec![("doorward on SQLite", format!("sqlite:{}", folder.path().join("bench.db").display()))];
    if let Some(server) = &options.postgres {
        databases.push(("doorward on PostgreSQL", format!("{server}/doorward_bench?sslmode=disable")));
    }
    for (name, database) in databases {
        let tokens = seed::sessions(&database, options.users, options.sessions)
            .await
            .with_context(|| format!("cannot fill {name}"))?;
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
        let server = Server::start(&options.doorward, &arguments, folder.path()).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        println!(
            "{name:<22}started in {:>5.0} ms, {:.1} MB when idle",
            server.started_in.as_secs_f64() * 1000.0,
            server.memory()? as f64 / 1e6
        );
        contestants.push(Contestant { name, server, requests: load::gets("/me", &tokens) });
    }
    Ok(contestants)
}
