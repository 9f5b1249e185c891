//! The configuration in force.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Error, Result, anyhow, bail};
use axum::http::Uri;
use serde::Deserialize as _;
use toml::Value;
use tracing_subscriber::filter::Targets;

use super::{
    library,
    listen::{self, Listen, Rights},
    sources::Settings,
};
use crate::{
    attempts::AttemptUrl,
    http::hosts::Hosts,
    log::start::{LogFormat, filter},
};

/// The configuration in force.
#[derive(Debug)]
pub(crate) struct ServerConfig {
    /// The places that the server listens on.
    pub(crate) places: Vec<Listen>,
    /// The one of their addresses that decides who reaches the server.
    pub(crate) listen: SocketAddr,
    /// The rights of socket files.
    pub(crate) rights: Rights,
    pub(crate) database: String,
    pub(crate) log: Targets,
    pub(crate) log_format: LogFormat,
    /// The number of successful requests that get a line each second.
    pub(crate) log_requests: u64,
    /// The number of refused requests of a kind that get a line each second.
    pub(crate) log_refused: u64,
    pub(crate) max_connections: usize,
    /// The program that decides about attempts, if there is one.
    pub(crate) attempt_url: Option<AttemptUrl>,
    /// `None` for the default.
    pub(crate) max_connections_per_peer: Option<usize>,
    /// The hosts of `allowed_hosts`, if it is set.
    allowed_hosts: Option<Hosts>,
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
        let bad = |name: &str, expected: &str| bad(&settings, name, expected);
        let places = listen::places(settings.get("listen").map(|(value, _)| value));
        let places = places.map_err(|expected| bad("listen", expected))?;
        let mode = listen::mode(&text("listen_mode", "660"));
        let mode = mode.map_err(|expected| bad("listen_mode", expected))?;
        let group = Some(text("listen_group", "")).filter(|group| !group.is_empty());
        let group = group.map(|group| listen::group(&group)).transpose();
        let group = group.map_err(|expected| bad("listen_group", expected))?;
        let log = filter(&text("log", "info")).map_err(|expected| bad("log", expected))?;
        let log_format = LogFormat::deserialize(Value::from(text("log_format", "auto")))
            .map_err(|_| bad("log_format", "expected \"auto\", \"text\" or \"json\""))?;
        let number = |name, default| match settings.get(name) {
            Some((Value::Integer(number), _)) => u64::try_from(*number).ok(),
            _ => Some(default),
        };
        let log_requests = number("log_requests", 1000)
            .ok_or_else(|| bad("log_requests", "expected a number of lines a second"))?;
        let log_refused = number("log_refused", 100)
            .filter(|lines| u32::try_from(*lines).is_ok())
            .ok_or_else(|| bad("log_refused", "expected a number of lines a second"))?;
        let connections = |name, default| {
            let max = number(name, default).and_then(|max| usize::try_from(max).ok());
            max.filter(|max| *max > 0).ok_or_else(|| bad(name, "expected a number of at least 1"))
        };
        let max_connections = connections("max_connections", 10_000)?;
        let per_peer = "max_connections_per_peer";
        let max_connections_per_peer =
            settings.get(per_peer).map(|_| connections(per_peer, 1)).transpose()?;
        Ok(Self {
            listen: listen::widest_of(&places),
            places,
            rights: Rights { mode, group },
            database: text("database", "sqlite:doorward.db"),
            log,
            log_format,
            log_requests,
            log_refused,
            max_connections,
            attempt_url: attempt_url(&settings)?,
            max_connections_per_peer,
            allowed_hosts: allowed_hosts(&settings)?,
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
                && self.places.iter().any(|place| matches!(place, Listen::Address(_)))
                && is_of_this_machine(&library.public_url);
        }
        Ok(library)
    }

    /// The hosts that a server at this address serves with these settings; `None` for all.
    ///
    /// Without `allowed_hosts`, a server that only this machine reaches serves the names of this machine. Proxies on
    /// this machine may pass on any name, also those behind a socket file.
    pub(crate) fn hosts(&self, address: SocketAddr, library: &doorward::Config) -> Option<Hosts> {
        let hosts = match &self.allowed_hosts {
            Some(hosts) => hosts.clone(),
            None if address.ip().is_loopback()
                && library.trusted_proxies.iter().all(|proxy| proxy == "unix") =>
            {
                Hosts::default().with_loopback()
            }
            None => return None,
        };
        Some(hosts.with_host_of(&library.public_url))
    }
}

/// Returns the error about a setting.
fn bad(settings: &Settings, name: &str, expected: &str) -> Error {
    anyhow!("{}: {name}: {expected}", settings.place(name))
}

fn attempt_url(settings: &Settings) -> Result<Option<AttemptUrl>> {
    let Some((Value::String(url), _)) = settings.get("attempt_url") else { return Ok(None) };
    if url.is_empty() {
        return Ok(None);
    }
    let expected = "expected a URL of this machine such as \"http://127.0.0.1:9000/attempt\"";
    AttemptUrl::parse(url).map(Some).ok_or_else(|| bad(settings, "attempt_url", expected))
}

fn allowed_hosts(settings: &Settings) -> Result<Option<Hosts>> {
    let Some((Value::Array(hosts), _)) = settings.get("allowed_hosts") else { return Ok(None) };
    let hosts = Hosts::of(hosts.iter().filter_map(Value::as_str));
    hosts.map(Some).map_err(|expected| bad(settings, "allowed_hosts", expected))
}

/// Returns `true` if only this machine reaches the address.
fn is_of_this_machine(url: &str) -> bool {
    let url: Option<Uri> = url.parse().ok();
    let host = url.as_ref().and_then(Uri::host).unwrap_or_default();
    let ip: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    host.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
