//! The configuration in force.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use anyhow::{Result, anyhow, bail};
use axum::http::Uri;
use clap::Args;
use serde::Deserialize as _;
use toml::{Table, Value};
use tracing_subscriber::filter::Targets;

use super::{
    keys::{KEYS, Kind},
    sources::Settings,
};
use crate::log::start::{LogFormat, filter};

/// Settings on the command line, for every command.
#[expect(clippy::doc_markdown, reason = "a help text is no Markdown")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Flags {
    /// Read this file instead of doorward.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the data is: sqlite:FILE or postgres://USER@HOST/NAME. Every user of this machine sees the
    /// command line: give a URL with a password in DOORWARD_DATABASE or in the file
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// The address and port to listen on; port 0 takes a free one
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The address under which people reach the server, such as https://auth.example.org
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// What to log: error, warn, info, debug, trace or off
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
    /// How log lines look: text, json, or auto for text on a terminal
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

/// The configuration in force.
#[derive(Debug)]
pub(crate) struct ServerConfig {
    pub(crate) listen: SocketAddr,
    pub(crate) database: String,
    pub(crate) log: Targets,
    pub(crate) log_format: LogFormat,
    /// How many requests that end well get a line each second.
    pub(crate) log_requests: u64,
    pub(crate) max_connections: usize,
    library: doorward::Config,
    pub(super) settings: Settings,
}

/// Read the file, the environment and the flags.
pub(crate) fn load(flags: &Flags) -> Result<ServerConfig> {
    let mut settings = Settings::default();
    settings.read_file(flags.config.as_deref())?;
    settings.read_environment(std::env::vars_os())?;
    for (name, flag, value) in [
        ("database", "--database", &flags.database),
        ("listen", "--listen", &flags.listen),
        ("public_url", "--public-url", &flags.public_url),
        ("log", "--log", &flags.log),
        ("log_format", "--log-format", &flags.log_format),
    ] {
        if let Some(value) = value {
            settings.read_flag(name, flag, value)?;
        }
    }
    ServerConfig::from_settings(settings)
}

impl ServerConfig {
    fn from_settings(settings: Settings) -> Result<Self> {
        let text = |name, default: &str| match settings.get(name) {
            Some((Value::String(text), _)) => text.clone(),
            _ => default.to_owned(),
        };
        let bad = |name: &str, expected: &str| anyhow!("{}: {name}: {expected}", settings.place(name));
        let listen = address(&text("listen", "127.0.0.1:8000"))
            .ok_or_else(|| bad("listen", "expected an address and a port such as \"127.0.0.1:8000\""))?;
        let log = filter(&text("log", "info")).map_err(|expected| bad("log", expected))?;
        let log_format = LogFormat::deserialize(Value::from(text("log_format", "auto")))
            .map_err(|_| bad("log_format", "expected \"auto\", \"text\" or \"json\""))?;
        let log_requests = match settings.get("log_requests") {
            Some((Value::Integer(lines), _)) => u64::try_from(*lines).ok(),
            _ => Some(1000),
        };
        let log_requests =
            log_requests.ok_or_else(|| bad("log_requests", "expected a number of lines a second"))?;
        let max_connections = match settings.get("max_connections") {
            Some((Value::Integer(max), _)) => usize::try_from(*max).ok().filter(|max| *max > 0),
            _ => Some(10_000),
        };
        let max_connections =
            max_connections.ok_or_else(|| bad("max_connections", "expected a number of at least 1"))?;
        Ok(Self {
            listen,
            database: text("database", "sqlite:doorward.db"),
            log,
            log_format,
            log_requests,
            max_connections,
            library: library(&settings)?,
            settings,
        })
    }

    /// The settings of the library for commands that serve nobody.
    pub(crate) fn for_commands(&self) -> doorward::Config {
        self.library.clone()
    }

    /// The settings of the library when it is reached at this address. Refused if passwords would travel
    /// in the clear without anyone having said so.
    pub(crate) fn for_serving(&self, address: SocketAddr) -> Result<doorward::Config> {
        let mut library = self.library.clone();
        if self.settings.get("public_url").is_none() {
            if !address.ip().is_loopback() {
                bail!(
                    "{}: listen: {address} can be reached from other machines: set public_url to the https \
                     address under which people reach it",
                    self.settings.place("listen")
                );
            }
            library.public_url = format!("http://{address}");
        }
        // A developer's own machine sends no mail, and shows it instead.
        if self.settings.get("dev_mailbox").is_none() {
            library.dev_mailbox = library.smtp_url.is_none()
                && address.ip().is_loopback()
                && is_of_this_machine(&library.public_url);
        }
        Ok(library)
    }
}

/// Whether only this machine reaches an address.
fn is_of_this_machine(url: &str) -> bool {
    let url: Option<Uri> = url.parse().ok();
    let host = url.as_ref().and_then(Uri::host).unwrap_or_default();
    let ip: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    host.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback())
}

/// An address of ours. Names are not looked up, except the one that needs no looking up.
fn address(text: &str) -> Option<SocketAddr> {
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let local = local.map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    local.or_else(|| text.parse().ok())
}

/// The settings of the library.
fn library(settings: &Settings) -> Result<doorward::Config> {
    let mut all = Table::new();
    for key in KEYS.iter().filter(|key| key.is_of_library()) {
        let Some((value, place)) = settings.get(key.name) else { continue };
        let mut alone = Table::new();
        nest(&mut alone, key.name, value);
        // One after the other, so that an error has a place.
        let read = doorward::Config::deserialize(Value::Table(alone));
        if read.is_err() {
            bail!("{place}: {}: {}", key.name, key.kind.expected());
        }
        // The library says what is wrong with an address by repeating it.
        if matches!(key.kind, Kind::Text | Kind::List) && holds_password(value) {
            bail!("{place}: {}: expected no user or password", key.name);
        }
        nest(&mut all, key.name, value);
    }
    doorward::Config::deserialize(Value::Table(all)).map_err(|_| anyhow!("the settings do not go together"))
}

fn nest(table: &mut Table, name: &str, value: &Value) {
    match name.split_once('.') {
        Some((outer, inner)) => {
            let entry = table.entry(outer).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(table) = entry {
                nest(table, inner, value);
            }
        }
        None => {
            table.insert(name.into(), value.clone());
        }
    }
}

fn holds_password(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("://") && text.contains('@'),
        Value::Array(values) => values.iter().any(holds_password),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
