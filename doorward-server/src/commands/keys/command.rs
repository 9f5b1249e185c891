//! The commands on keys, as they stand on the command line.

use anyhow::Result;
use clap::Subcommand;

use super::{list, reseal, rotate_signing};
use crate::config::ServerConfig;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the keys that sign ID tokens, and the key that seals each of them
    List {
        /// One JSON object per line instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Make new keys that sign ID tokens; they sign in 24 hours, when all apps know them
    RotateSigning {
        /// Only the key of this algorithm
        #[arg(long, value_name = "ALGORITHM", value_parser = ["RS256", "ES256", "EdDSA"])]
        alg: Option<String>,
        /// For a leaked key: the new keys sign now and the old ones are deleted, so apps refuse the ID tokens that
        /// are out
        #[arg(long)]
        now: bool,
    },
    /// Seal with `secret_key` what one of `retired_secret_keys` has sealed; may be stopped and begun again
    Reseal,
}

/// Runs a command on keys.
pub(crate) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::List { json } => list::run(config, *json),
        Command::RotateSigning { alg, now } => rotate_signing::run(config, alg.as_deref(), *now),
        Command::Reseal => reseal::run(config),
    }
}
