//! The command line.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{
    commands::{breached, client, config, doctor, events, keys, migrate, openapi, serve, user},
    config::{Flags, load},
};

/// User accounts and sign-in for apps in any language.
///
/// Without a command the server starts. Settings come from the file doorward.toml, then from environment
/// variables such as DOORWARD_LISTEN, then from flags. Each wins over the one before. `doorward config` shows
/// them all.
#[expect(clippy::doc_markdown, reason = "a help text is no Markdown")]
#[derive(Debug, Parser)]
#[command(name = "doorward", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server; the same as no command
    Serve(serve::Options),
    /// Add, list and change users, also while the server runs
    #[command(subcommand)]
    User(user::Command),
    /// Add, list and change the apps that people log in to here, also while the server runs
    #[command(subcommand)]
    Client(client::Command),
    /// List and replace the keys that sign ID tokens, and seal secrets anew, also while the server runs
    #[command(subcommand)]
    Keys(keys::Command),
    /// List the events of accounts, newest first
    Events(events::Filter),
    /// Prepare the file of breached passwords that nobody may choose
    #[command(subcommand)]
    Breached(breached::Command),
    /// Show the settings in force and the source of each. Fails if the server would not start with them
    Config(config::Options),
    /// Check the settings, the database, its schema, the sealing keys, the clock and mail. Fails if one has a fault
    ///
    /// Like every command, it brings the schema up to date. It warns if the clock is off by more than 10 s against that
    /// of the database.
    Doctor,
    /// Bring the database's schema up to date; the server also does so when it starts
    Migrate,
    /// Print the OpenAPI document of the server
    Openapi,
}

/// Reads the command line, and runs its command.
pub(crate) fn run() -> Result<()> {
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve(serve::Options::default()));
    if matches!(&command, Command::Config(options) if options.example) {
        return config::example();
    }
    let config = load(&cli.flags);
    match command {
        // These also find what is wrong with settings that can be read.
        Command::Serve(options) => serve::run(&config, &options),
        Command::Config(_) => config::run(&config),
        Command::Doctor => doctor::run(config.readable()?),
        Command::User(command) => user::run(config.readable()?, &command),
        Command::Client(command) => client::run(config.readable()?, &command),
        Command::Keys(command) => keys::run(config.readable()?, &command),
        Command::Events(filter) => events::run(config.readable()?, &filter),
        Command::Breached(command) => breached::run(&command),
        Command::Migrate => migrate::run(config.readable()?),
        Command::Openapi => openapi::run(config.readable()?),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
