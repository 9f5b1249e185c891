//! Doorward beside a bare axum route, in one run: `script/bench`.
//!
//! Machines are shared and noisy, so nothing here is an absolute figure: the reference and we are measured in
//! alternation, several rounds each, and what counts is the ratio of their medians.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use tokio::runtime::Builder;

mod bare;
mod contest;
mod cores;
mod enumeration;
mod footprint;
mod instructions;
mod load;
mod logins;
mod me;
mod peers;
mod plot;
mod report;
mod seed;
mod server;
mod writes;

use report::Report;

/// The allocator of the server, so that the reference has no other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Measure Doorward beside a bare axum route")]
struct Options {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    setup: Setup,
    /// What to measure; everything if nothing is named.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// Measure the peers in bench/peers too: they are installed from their registries first.
    #[arg(long)]
    peers: bool,
    /// A folder that the report is written into.
    #[arg(long)]
    results: Option<PathBuf>,
}

/// What every part is measured with.
#[derive(Parser)]
struct Setup {
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
    #[arg(long, value_delimiter = ',', default_value = "1,16,64,256")]
    connections: Vec<usize>,
    /// How many rounds each contestant runs.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long a round takes, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

impl Setup {
    fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// The databases to measure on, by what people call them. Each is empty.
    fn databases(&self, folder: &Path, name: &str) -> Result<Vec<(&'static str, String)>> {
        let mut databases =
            vec![("SQLite", format!("sqlite:{}", folder.join(format!("{name}.db")).display()))];
        if let Some(server) = &self.postgres {
            databases.push(("PostgreSQL", seed::create(server, name).context("cannot create a database")?));
        }
        Ok(databases)
    }
}

#[derive(Subcommand)]
enum Role {
    /// Serve the bare route (used by the benchmark itself).
    #[command(hide = true)]
    Bare,
    /// Count the instructions of a request instead, under valgrind, and compare them with bench/instructions.txt.
    Instructions {
        /// Keep what was counted as what is expected.
        #[arg(long)]
        accept: bool,
    },
    /// Measure whether the time of an answer tells who has an account.
    Enumeration {
        /// How often each kind of user is asked about.
        #[arg(long, default_value_t = 1000)]
        pairs: usize,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// `GET /me` and `POST /introspect` beside the bare route.
    Me,
    /// Hashing, `POST /token` and `POST /register` beside the raw ceiling, and `GET /me` meanwhile.
    Logins,
    /// Sessions written a second, by 128 clients.
    Writes,
    /// Start-up, memory and the size of the binary.
    Footprint,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let mut runtime = Builder::new_multi_thread();
    if options.role.is_none() {
        runtime.worker_threads(cores::of_client());
    }
    runtime.enable_all().build()?.block_on(run(options))
}

async fn run(options: Options) -> Result<()> {
    match options.role {
        Some(Role::Bare) => return bare::serve().await,
        Some(Role::Instructions { accept }) => {
            return instructions::check(&options.setup.doorward, accept).await;
        }
        Some(Role::Enumeration { pairs }) => {
            return enumeration::measure(&options.setup.doorward, pairs).await;
        }
        None => {}
    }
    let wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let mut report = Report::begin();
    if wanted(Part::Me) {
        me::measure(&options.setup, options.peers, &mut report).await?;
    }
    if wanted(Part::Logins) {
        logins::measure(&options.setup, &mut report).await?;
    }
    if wanted(Part::Writes) {
        writes::measure(&options.setup, &mut report).await?;
    }
    if wanted(Part::Footprint) {
        footprint::measure(&options.setup, &mut report).await?;
    }
    match &options.results {
        Some(folder) => report.write(folder),
        None => Ok(()),
    }
}
