//! One line in the log for each request, with an id that the answer also has.
//!
//! At high rates, requests beyond a [`Budget`] are only counted: those that succeeded, those that were malformed or for
//! nothing that exists, and those that were denied, each with lines of their own. Errors of the server always have a
//! line.
//!
//! The line has the path with `{id}` for numbers (`/sessions/{id}`), so that lines of one route are alike. It never
//! has the query, so that a secret in a URL does not get into the log.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Instant,
};

use axum::http::StatusCode;
use doorward::serve::Served;
use tracing::info;

use super::{
    budget::{Budget, Shares},
    request_line::{self, RequestLine, TARGET, peer_name},
};

/// The most bytes of a path, and of a method, that are logged.
const PATH: usize = 128;
const METHOD: usize = 16;
/// All clients behind a socket file have one share of the lines, unless a trusted proxy tells them apart.
const NO_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// What the lines of all requests share.
#[derive(Debug)]
pub(crate) struct Requests {
    /// For requests that succeeded.
    succeeded: Budget,
    /// For requests that are malformed, or for nothing that exists, and for clients that went away: strangers can send
    /// many of them for nothing.
    unfit: Shares,
    /// For all others that were refused: a wrong password, a session that has ended, too many attempts.
    denied: Shares,
}

impl Requests {
    /// Limits the lines in a second: of requests that succeeded, and of those that were refused, of each kind.
    pub(crate) fn new(succeeded: u64, refused: u64) -> Self {
        Self { succeeded: Budget::new(succeeded), unfit: Shares::new(refused), denied: Shares::new(refused) }
    }

    /// Takes a line for a request with this answer, or without one.
    fn take(&self, status: Option<StatusCode>, client: IpAddr, now: Instant) -> bool {
        match status.map(|status| status.as_u16()) {
            Some(..=399) => self.succeeded.take(now),
            Some(401 | 403 | 409 | 422 | 429) => self.denied.take(now, client),
            Some(500..) => true,
            _ => self.unfit.take(now, client),
        }
    }

    /// Logs a request, or a head that never became one.
    pub(crate) fn log(&self, served: &Served<'_>) {
        let client = served.client.or(served.peer.map(|peer| peer.ip())).unwrap_or(NO_ADDRESS);
        let Some(method) = served.method else { return self.log_refused(served, client) };
        if !self.take(served.status, client, served.ended) {
            return;
        }
        self.tell(served.ended);
        let method = method.as_str();
        let line = RequestLine {
            message: if served.status.is_some() { "answered" } else { "gone" },
            id: served.id,
            method: method.get(..METHOD).unwrap_or(method),
            route: &route_of(served.path),
            status: served.status.map(|status| status.as_u16()),
            us: u64::try_from((served.ended - served.began).as_micros()).unwrap_or(u64::MAX),
            peer: served.peer,
            client: served.client,
        };
        if let Some(writer) = request_line::writer() {
            return line.write(writer);
        }
        info!(
            target: TARGET,
            id = line.id,
            method = line.method,
            route = line.route,
            status = line.status,
            us = line.us,
            peer = %peer_name(line.peer),
            client = line.client.map(tracing::field::display),
            "{}",
            line.message,
        );
    }

    fn log_refused(&self, served: &Served<'_>, client: IpAddr) {
        if self.unfit.take(served.ended, client) {
            self.tell(served.ended);
            let status = served.status.map(|status| status.as_u16());
            info!(target: TARGET, id = served.id, status, peer = %peer_name(served.peer), "refused");
        }
    }

    /// Logs the numbers of requests without a line, once a second.
    pub(crate) fn tell(&self, now: Instant) {
        tell(
            self.succeeded.left_out_until(now),
            self.unfit.left_out_until(now),
            self.denied.left_out_until(now),
        );
    }

    /// Logs the numbers of requests without a line, if there are any.
    pub(crate) fn tell_last(&self) {
        tell(self.succeeded.left_out(), self.unfit.left_out(), self.denied.left_out());
    }
}

fn tell(succeeded: u64, unfit: u64, denied: u64) {
    if succeeded > 0 {
        info!(target: TARGET, requests = succeeded, "answered without a line of their own");
    }
    if unfit > 0 {
        info!(target: TARGET, requests = unfit, "malformed or for nothing that exists, without a line of their own");
    }
    if denied > 0 {
        info!(target: TARGET, requests = denied, "denied without a line of their own");
    }
}

/// Returns a path as it may stand in a log: numbers replaced, short, visible, and cut at the prefix of our own secrets.
fn route_of(path: &str) -> String {
    // The prefix, or a part of it in percent-encoding.
    let secret = ["dw_", "%64", "%77", "%5f", "%5F"].iter().filter_map(|prefix| path.find(prefix)).min();
    let path = &path[..secret.unwrap_or(path.len())];
    let mut route = String::with_capacity(path.len());
    for (place, segment) in path.split('/').enumerate() {
        if place > 0 {
            route.push('/');
        }
        let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        let visible =
            segment.bytes().map(|byte| if byte.is_ascii_graphic() { char::from(byte) } else { '?' });
        if is_number { route.push_str("{id}") } else { route.extend(visible) }
    }
    route.truncate(PATH);
    route
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logged_path_is_short_and_shows_no_number_or_secret() {
        assert_eq!(route_of("/sessions/17/x"), "/sessions/{id}/x");
        assert_eq!(route_of("/2026-11-22/1a"), "/2026-11-22/1a");
        assert_eq!(route_of("/reset/dw_s_secret"), "/reset/");
        assert_eq!(route_of("/sessions/dw%5Fs_secret"), "/sessions/dw");
        assert_eq!(route_of("/a%0a%1b[31m|b"), "/a%0a%1b[31m|b");
        assert_eq!(route_of("/a\u{202e}b\u{1b}"), "/a???b?");
        assert_eq!(route_of(&"/".repeat(1000)).len(), PATH);
    }
}
