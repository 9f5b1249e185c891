//! The commands on apps, as they stand on the command line.

use anyhow::Result;
use clap::Subcommand;

use super::{add, change, list, rotate_secret};
use crate::config::ServerConfig;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add an app that people log in to here, and print its id and its secret, once
    Add(add::New),
    /// List all apps
    List {
        /// One JSON object per line instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Show everything about an app but its secret, as JSON
    Show {
        /// The id of the app
        id: String,
    },
    /// Make a new secret for an app and print it, once; the old one works for another day
    RotateSecret {
        /// The id of the app
        id: String,
        /// End the old secrets now
        #[arg(long)]
        now: bool,
    },
    /// End all tokens of an app and refuse new ones
    Disable {
        /// The id of the app
        id: String,
    },
    /// Let a disabled app work again; its old tokens stay ended
    Enable {
        /// The id of the app
        id: String,
    },
    /// Delete an app, its tokens, and what people have allowed it
    Delete {
        /// The id of the app
        id: String,
    },
}

/// Runs a command on apps.
pub(crate) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::Add(new) => add::run(config, new),
        Command::List { json } => list::run(config, *json),
        Command::Show { id } => list::show(config, id),
        Command::RotateSecret { id, now } => rotate_secret::run(config, id, *now),
        Command::Disable { id } => change::disable(config, id),
        Command::Enable { id } => change::enable(config, id),
        Command::Delete { id } => change::delete(config, id),
    }
}
