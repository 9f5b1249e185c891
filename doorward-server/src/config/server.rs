//! The configuration in force.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Result, anyhow, bail};
use axum::http::Uri;
use serde::Deserialize as _;
use toml::Value;
use tracing_subscriber::filter::Targets;

use super::{library, sources::Settings};
use crate::attempts::AttemptUrl;
use crate::log::start::{LogFormat, filter};

/// The configuration in force.
#[derive(Debug)]
pub(crate) struct ServerConfig {
    pub(crate) listen: SocketAddr,
    pub(crate) database: String,
    pub(crate) log: Targets,
    pub(crate) log_format: LogFormat,
    /// The number of successful requests that get a line each second.
    pub(crate) log_requests: u64,
    pub(crate) max_connections: usize,
    /// The program that decides about attempts, if there is one.
    pub(crate) attempt_url: Option<AttemptUrl>,
    library: doorward::Config,
    pub(super) settings: Settings,
}

impl ServerConfig {
    /// Checks the settings, and fills in the defaults.
    pub(super) fn from_settings(settings: Settings) -> Result<Self> {
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
        let number = |name, default| match settings.get(name) {
            Some((Value::Integer(number), _)) => u64::try_from(*number).ok(),
            _ => Some(default),
        };
        let log_requests = number("log_requests", 1000)
            .ok_or_else(|| bad("log_requests", "expected a number of lines a second"))?;
        let max_connections = number("max_connections", 10_000)
            .and_then(|max| usize::try_from(max).ok())
            .filter(|max| *max > 0)
            .ok_or_else(|| bad("max_connections", "expected a number of at least 1"))?;
        let attempt_url = match &*text("attempt_url", "") {
            "" => None,
            url => Some(AttemptUrl::parse(url).ok_or_else(|| {
                bad("attempt_url", "expected a URL of this machine such as \"http://127.0.0.1:9000/attempt\"")
            })?),
        };
        Ok(Self {
            listen,
            database: text("database", "sqlite:doorward.db"),
            log,
            log_format,
            log_requests,
            max_connections,
            attempt_url,
            library: library::config(&settings)?,
            settings,
        })
    }

    /// The settings of the library for commands other than `serve`.
    pub(crate) fn for_commands(&self) -> doorward::Config {
        self.library.clone()
    }

    /// The settings of the library when the server listens at this address. Refuses an address that other machines
    /// reach if `public_url` is not set: passwords could travel unencrypted.
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
        // On a developer's own machine mails are shown instead of sent.
        if self.settings.get("dev_mailbox").is_none() {
            library.dev_mailbox = library.smtp_url.is_none()
                && address.ip().is_loopback()
                && is_of_this_machine(&library.public_url);
        }
        Ok(library)
    }
}

/// Returns `true` if only this machine reaches the address.
fn is_of_this_machine(url: &str) -> bool {
    let url: Option<Uri> = url.parse().ok();
    let host = url.as_ref().and_then(Uri::host).unwrap_or_default();
    let ip: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    host.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback())
}

/// Reads an address to listen on. The only name that is accepted is `localhost`.
fn address(text: &str) -> Option<SocketAddr> {
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let local = local.map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    local.or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests;
