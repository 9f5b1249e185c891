//! Doorward beside a bare axum route, in one run: `script/bench`.
//!
//! Machines are shared and noisy, so no absolute figure counts. The reference and Doorward are measured in alternation,
//! several rounds each. The result is the ratio of their medians.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use tokio::runtime::Builder;

#[cfg(feature = "writes")]
mod accounts;
mod bare;
mod contest;
mod cores;
mod enumeration;
mod exchanges;
mod footprint;
mod granted;
mod instructions;
mod load;
mod logins;
mod me;
mod peers;
mod plot;
mod report;
mod seed;
mod server;
mod setup;
#[cfg(feature = "writes")]
mod writes;

use report::Report;
use setup::Setup;

/// The allocator of the server, so that the reference uses the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Measure Doorward beside a bare axum route")]
struct Options {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    setup: Setup,
    /// The parts to measure; all if none is named.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// Measure the peers in bench/peers too: they are installed from their registries first.
    #[arg(long)]
    peers: bool,
    /// The folder for the report.
    #[arg(long)]
    results: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Role {
    /// Serve the bare route (used by the benchmark itself).
    #[command(hide = true)]
    Bare,
    /// Serve a host with routes for users and for apps (used by the benchmark itself).
    #[command(hide = true)]
    Api { database: String },
    /// Serve the accounts in a database, with hashes that cost almost nothing (used by the benchmark itself).
    #[cfg(feature = "writes")]
    #[command(hide = true)]
    Accounts { database: String },
    /// Count the instructions of a request instead, under valgrind, and compare them with bench/instructions.txt.
    Instructions {
        /// Write the count to the file as the expected one.
        #[arg(long)]
        accept: bool,
    },
    /// Measure if the time of an answer tells whether an account exists.
    Enumeration {
        /// The number of requests about each kind of user.
        #[arg(long, default_value_t = 1000)]
        pairs: usize,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// `GET /me` and `POST /introspect` beside the bare route.
    Me,
    /// An access token of an app beside the token of a session.
    Granted,
    /// Hashing, `POST /token` and `POST /register` beside the raw ceiling, and `GET /me` meanwhile.
    Logins,
    /// Codes of apps exchanged for tokens beside RS256 signatures alone, and `GET /me` meanwhile.
    Exchanges,
    /// Sessions written per second, by 128 clients.
    #[cfg(feature = "writes")]
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
        Some(Role::Api { database }) => return granted::serve(&database).await,
        #[cfg(feature = "writes")]
        Some(Role::Accounts { database }) => return accounts::serve(&database).await,
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
    if wanted(Part::Granted) {
        granted::measure(&options.setup, &mut report).await?;
    }
    if wanted(Part::Logins) {
        logins::measure(&options.setup, &mut report).await?;
    }
    if wanted(Part::Exchanges) {
        exchanges::measure(&options.setup, &mut report).await?;
    }
    #[cfg(feature = "writes")]
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
