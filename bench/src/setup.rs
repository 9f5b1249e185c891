//! The options of every measurement.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Parser;

use crate::seed;

/// The options of every measurement.
#[derive(Parser)]
pub(crate) struct Setup {
    /// The `doorward` binary to measure.
    #[arg(long, default_value = "target/release/doorward")]
    pub(crate) doorward: PathBuf,
    /// A PostgreSQL server for further measurements, without a database: postgres://USER@HOST:PORT.
    #[arg(long)]
    pub(crate) postgres: Option<String>,
    /// A Python with argon2-cffi, to compare our hashing with.
    #[arg(long)]
    pub(crate) python: Option<PathBuf>,
    /// The number of users.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) users: usize,
    /// The number of sessions of all users together.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) sessions: usize,
    /// The numbers of connections that send requests at once.
    #[arg(long, value_delimiter = ',', default_value = "1,16,64,256")]
    pub(crate) connections: Vec<usize>,
    /// The number of rounds of each contestant.
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// The length of a round in seconds.
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
}

impl Setup {
    pub(crate) fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// Makes the databases to measure on, with their names. Each is empty.
    pub(crate) fn databases(&self, folder: &Path, name: &str) -> Result<Vec<(&'static str, String)>> {
        let mut databases =
            vec![("SQLite", format!("sqlite:{}", folder.join(format!("{name}.db")).display()))];
        if let Some(server) = &self.postgres {
            databases.push(("PostgreSQL", seed::create(server, name).context("cannot create a database")?));
        }
        Ok(databases)
    }
}
