//! The configuration in force.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
};

use anyhow::{Error, Result, bail};
use axum::http::Uri;
use doorward::{Auth, OpenError, breached, serve::Hosts};
use serde::Deserialize as _;
use toml::Value;
use tracing_subscriber::filter::Targets;

use super::{
    library,
    listen::{self, Listen, Rights},
    mistakes::Mistakes,
    sources::Settings,
};
use crate::{
    attempts::AttemptUrl,
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
    /// Reads the settings, and fills in the defaults. A value that cannot be read is noted as a mistake.
    pub(super) fn from_settings(mut settings: Settings) -> Self {
        settings.read_secret_files();
        let library = library::config(&mut settings);
        let places = listen::places(settings.get("listen").map(|(value, _)| value));
        let places = settings.or_default("listen", places, Vec::new());
        let mode = listen::mode(&text(&settings, "listen_mode", "660"));
        let mode = settings.or_default("listen_mode", mode, 0o660);
        let group = Some(text(&settings, "listen_group", "")).filter(|group| !group.is_empty());
        let group = group.map(|group| listen::group(&group)).transpose();
        let group = settings.or_default("listen_group", group, None);
        let log = filter(&text(&settings, "log", "info"));
        let log = settings.or_default("log", log, Targets::new());
        let log_format = LogFormat::deserialize(Value::from(text(&settings, "log_format", "auto")))
            .map_err(|_| "expected \"auto\", \"text\" or \"json\"");
        let log_format = settings.or_default("log_format", log_format, LogFormat::Auto);
        let lines = "expected a number of lines a second";
        let log_requests = number(&settings, "log_requests", 1000).ok_or(lines);
        let log_requests = settings.or_default("log_requests", log_requests, 1000);
        let log_refused = number(&settings, "log_refused", 100);
        let log_refused = log_refused.filter(|lines| u32::try_from(*lines).is_ok()).ok_or(lines);
        let log_refused = settings.or_default("log_refused", log_refused, 100);
        let max_connections = connections(&settings, "max_connections", 10_000);
        let max_connections = settings.or_default("max_connections", max_connections, 10_000);
        let per_peer = "max_connections_per_peer";
        let of_peer = settings.get(per_peer).map(|_| connections(&settings, per_peer, 1)).transpose();
        let max_connections_per_peer = settings.or_default(per_peer, of_peer, None);
        let attempt_url = attempt_url(&settings);
        let attempt_url = settings.or_default("attempt_url", attempt_url, None);
        let allowed_hosts = allowed_hosts(&settings);
        let allowed_hosts = settings.or_default("allowed_hosts", allowed_hosts, None);
        Self {
            listen: listen::widest_of(&places),
            places,
            rights: Rights { mode, group },
            database: text(&settings, "database", "sqlite:doorward.db"),
            log,
            log_format,
            log_requests,
            log_refused,
            max_connections,
            attempt_url,
            max_connections_per_peer,
            allowed_hosts,
            library,
            settings,
        }
    }

    /// Refuses settings that could not be read.
    pub(crate) fn readable(&self) -> Result<&Self, Mistakes> {
        self.settings.mistakes.refuse().map(|()| self)
    }

    /// Refuses every setting with which the server would not start. Opens only the files that the settings name.
    pub(crate) fn check_for_serving(&self) -> Result<(), Mistakes> {
        let mut mistakes = self.settings.mistakes.clone();
        let library = self.for_serving(self.listen).unwrap_or_else(|error| {
            let place = self.settings.place("listen");
            mistakes.wrong(place, &["listen", "public_url"], format!("listen: {error}"));
            // The other checks need an address that has none of its own mistakes.
            doorward::Config { public_url: "https://localhost".into(), ..self.for_commands() }
        });
        if let Err(error) = Auth::check(&self.database, &library) {
            self.add(&mut mistakes, &error);
        } else if let Some(file) = self.database.strip_prefix("sqlite:") {
            let file = Path::new(file.strip_prefix("//").unwrap_or(file));
            let has_folder = file.parent().is_none_or(|folder| folder == Path::new("") || folder.is_dir());
            if file.is_dir() || !has_folder {
                let cause = if has_folder { "it is a folder" } else { "there is no such folder" };
                let text = format!(
                    "database: cannot open {}: {cause}",
                    doorward::config::shown(&file.to_string_lossy())
                );
                mistakes.wrong(self.settings.place("database"), &["database"], text);
            }
        }
        mistakes.refuse()
    }

    /// Reads the whole file of breached passwords, which may take a while, and refuses a damaged one.
    pub(crate) fn check_breached_file(&self) -> Result<(), Mistakes> {
        let key = "password.breached_file";
        let Some(file) = &self.library.password.breached_file else { return Ok(()) };
        let mut mistakes = Mistakes::default();
        if let Err(cause) = breached::check(file) {
            mistakes.wrong(
                self.settings.place(key),
                &[key],
                format!("{key}: {}: {cause}", doorward::config::shown(&file.to_string_lossy())),
            );
        }
        mistakes.refuse()
    }

    /// Adds the mistakes that the library found, each with its place.
    fn add(&self, mistakes: &mut Mistakes, error: &OpenError) {
        for mistake in error.mistakes() {
            // A missing setting has no place. The setting that needs it has one.
            let place = mistake.keys.iter().find_map(|key| self.settings.place(key));
            mistakes.wrong(place, mistake.keys, mistake);
        }
    }

    /// Returns an error of the library with the places of the settings that are to blame, if any are.
    pub(crate) fn explained(&self, error: OpenError) -> Error {
        let mut mistakes = Mistakes::default();
        self.add(&mut mistakes, &error);
        match mistakes.refuse() {
            Ok(()) => error.into(),
            Err(mistakes) => mistakes.into(),
        }
    }

    /// The settings of the library for commands other than `serve`.
    pub(crate) fn for_commands(&self) -> doorward::Config {
        self.library.clone()
    }

    /// The settings of the library when the server listens at this address. Refuses an address that other machines
    /// reach if `public_url` is not set: passwords could travel unencrypted.
    pub(crate) fn for_serving(&self, address: SocketAddr) -> Result<doorward::Config> {
        let has_address = self.places.iter().any(|place| matches!(place, Listen::Address(_)));
        let has_file = self.places.iter().any(|place| !matches!(place, Listen::Address(_)));
        self.for_serving_on(address, has_address, has_file)
    }

    /// The same for a server that listens on addresses, on socket files, or on both. A service manager may have opened
    /// other sockets than the settings say.
    pub(crate) fn for_serving_on(
        &self,
        address: SocketAddr,
        has_address: bool,
        has_file: bool,
    ) -> Result<doorward::Config> {
        let mut library = self.library.clone();
        let is_reached = !address.ip().is_loopback();
        if self.settings.get("public_url").is_none() {
            if is_reached {
                bail!(
                    "{address} can be reached from other machines: set public_url to the https address under \
                     which people reach it"
                );
            }
            library.public_url = local_url(address);
        }
        // On a developer's own machine mails are shown instead of sent.
        if self.settings.get("dev_mailbox").is_none() {
            library.dev_mailbox = library.smtp_url.is_none()
                && !is_reached
                && has_address
                && is_of_this_machine(&library.public_url);
        }
        // The library sees only the public address. The network must not see the documentation, and a proxy behind a
        // socket file may pass it on to the network.
        if (is_reached || has_file) && library.docs.is_none() {
            library.docs = Some(false);
        }
        Ok(library)
    }

    /// The hosts that a server at this address serves with these settings; `None` for all.
    ///
    /// Without `allowed_hosts`, a server that only this machine reaches serves the names of this machine. A proxy may
    /// pass on any name, so this does not hold if `trusted_proxies` names an address. For socket files see
    /// [`Hosts::are_for_files`].
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
        let hosts = hosts.with_host_of(&library.public_url);
        // The server redirects people from a loopback address to `localhost`.
        Some(match is_localhost(&library.public_url) {
            true => hosts.with_host_of("http://127.0.0.1").with_host_of("http://[::1]"),
            false => hosts,
        })
    }
}

/// Returns a setting that is a text, or its default.
fn text(settings: &Settings, name: &str, default: &str) -> String {
    match settings.get(name) {
        Some((Value::String(text), _)) => text.clone(),
        _ => default.to_owned(),
    }
}

fn number(settings: &Settings, name: &str, default: u64) -> Option<u64> {
    match settings.get(name) {
        Some((Value::Integer(number), _)) => u64::try_from(*number).ok(),
        _ => Some(default),
    }
}

fn connections(settings: &Settings, name: &str, default: u64) -> Result<usize, &'static str> {
    let most = number(settings, name, default).and_then(|most| usize::try_from(most).ok());
    most.filter(|most| *most > 0).ok_or("expected a number of at least 1")
}

fn attempt_url(settings: &Settings) -> Result<Option<AttemptUrl>, &'static str> {
    let Some((Value::String(url), _)) = settings.get("attempt_url") else { return Ok(None) };
    if url.is_empty() {
        return Ok(None);
    }
    let expected = "expected a URL of this machine such as \"http://127.0.0.1:9000/attempt\"";
    AttemptUrl::parse(url).map(Some).ok_or(expected)
}

fn allowed_hosts(settings: &Settings) -> Result<Option<Hosts>, &'static str> {
    let Some((Value::Array(hosts), _)) = settings.get("allowed_hosts") else { return Ok(None) };
    Hosts::of(hosts.iter().filter_map(Value::as_str)).map(Some)
}

/// Returns the URL of a server at this loopback address. It has the name `localhost`: browsers refuse passkeys at an IP
/// address.
pub(crate) fn local_url(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) | IpAddr::V6(Ipv6Addr::LOCALHOST) => {
            format!("http://localhost:{}", address.port())
        }
        // `localhost` leads to none of the other loopback addresses.
        _ => format!("http://{address}"),
    }
}

fn is_localhost(url: &str) -> bool {
    let url: Option<Uri> = url.parse().ok();
    url.is_some_and(|url| url.host() == Some("localhost"))
}

/// Returns `true` if only this machine reaches the address. That includes names that end with `.localhost` (RFC 6761,
/// section 6.3).
fn is_of_this_machine(url: &str) -> bool {
    let url: Option<Uri> = url.parse().ok();
    let host = url.as_ref().and_then(Uri::host).unwrap_or_default().to_ascii_lowercase();
    let ip: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    host == "localhost" || host.ends_with(".localhost") || ip.is_some_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
