//! The settings on the command line, and loading the configuration with them.

use std::path::PathBuf;

use clap::Args;

use super::{server::ServerConfig, sources::Settings};

/// Settings on the command line, for every command.
#[expect(clippy::doc_markdown, reason = "a help text is no Markdown")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Flags {
    /// Read this file instead of doorward.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database: sqlite:FILE or postgres://USER@HOST/NAME. Every user of this machine sees the command
    /// line: give a URL with a password in DOORWARD_DATABASE or in the file
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// The address and port to listen on, or unix:FILE, or several with commas; port 0 takes a free one
    #[arg(long, global = true, value_name = "PLACES")]
    listen: Option<String>,
    /// The address under which people reach the server, such as https://auth.example.org
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// The log level: error, warn, info, debug, trace or off
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
    /// The format of log lines: text, json, or auto for text on a terminal
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

/// Reads the file, the environment and the flags. Mistakes are noted in the result.
pub(crate) fn load(flags: &Flags) -> ServerConfig {
    let mut settings = Settings::default();
    settings.read_file(flags.config.as_deref());
    settings.read_environment(std::env::vars_os());
    for (name, flag, value) in [
        ("database", "--database", &flags.database),
        ("listen", "--listen", &flags.listen),
        ("public_url", "--public-url", &flags.public_url),
        ("log", "--log", &flags.log),
        ("log_format", "--log-format", &flags.log_format),
    ] {
        if let Some(value) = value {
            settings.read_flag(name, flag, value);
        }
    }
    ServerConfig::from_settings(settings)
}
