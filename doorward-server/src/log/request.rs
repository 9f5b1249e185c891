//! One line in the log for each request, with an id that the answer also has.
//!
//! At high rates, requests beyond a [`Budget`] are only counted: those that succeeded, those that were malformed or for
//! nothing that exists, and those that were denied, each with lines of their own. Errors of the server always have a
//! line.
//!
//! The line has the path with `{id}` for numbers (`/sessions/{id}`), so that lines of one route are alike. It never
//! has the query, so that a secret in a URL does not get into the log.

use std::{
    cell::Cell,
    hash::{BuildHasher as _, RandomState},
    net::{IpAddr, SocketAddr},
    sync::LazyLock,
    time::Instant,
};

use axum::http::{HeaderName, Method, Request, StatusCode};
use doorward::Auth;
use smallvec::SmallVec;
use tracing::info;

use super::{
    budget::{Budget, Shares, thread_number},
    request_line::{self, RequestLine, TARGET, peer_name},
};

/// The header of an answer that has the id.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The most bytes of a path, and of a method, that are logged.
const PATH: usize = 128;
const METHOD: usize = 16;

/// The id of a request: 16 hexadecimal digits.
pub(crate) type RequestId = [u8; 16];

/// Makes an id for the next request. It contains nothing that the client sent: otherwise a client could forge the
/// trail of another client's request.
pub(crate) fn request_id() -> RequestId {
    // The number is hard to guess and costs no system call: the key is made when the process starts. Each thread has
    // its own counter.
    static KEYED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    thread_local!(static COUNT: Cell<u64> = const { Cell::new(0) });
    let count = COUNT.replace(COUNT.get() + 1);
    let number = KEYED.hash_one((thread_number(), count));
    std::array::from_fn(|place| b"0123456789abcdef"[(number >> (60 - 4 * place)) as usize & 15])
}

/// Returns the id as text.
pub(crate) fn as_str(id: &RequestId) -> &str {
    std::str::from_utf8(id).expect("hexadecimal digits are UTF-8")
}

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
    /// Tells the client of a request that came through a proxy. `None` if there are no proxies.
    proxied: Option<Auth>,
}

impl Requests {
    /// Limits the lines in a second: of requests that succeeded, and of those that were refused, of each kind.
    pub(crate) fn new(succeeded: u64, refused: u64, proxied: Option<Auth>) -> Self {
        Self {
            succeeded: Budget::new(succeeded),
            unfit: Shares::new(refused),
            denied: Shares::new(refused),
            proxied,
        }
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

    /// Logs a head that never became a request.
    pub(crate) fn refused(&self, id: &RequestId, status: StatusCode, peer: SocketAddr) {
        let now = Instant::now();
        if self.unfit.take(now, peer.ip()) {
            self.tell(now);
            info!(target: TARGET, id = as_str(id), status = status.as_u16(), peer = %peer_name(peer), "refused");
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

/// The facts about a request before its answer. They are logged when the answer is ready, or when the client goes away.
pub(crate) struct Line {
    pub(crate) id: RequestId,
    method: Method,
    /// The part that may be logged. Copying it costs less than another reference to the whole path.
    path: SmallVec<[u8; 32]>,
    peer: SocketAddr,
    /// The client, if the peer is a proxy.
    client: Option<IpAddr>,
    start: Instant,
    requests: &'static Requests,
    written: bool,
}

impl Line {
    pub(crate) fn begin<B>(request: &Request<B>, peer: SocketAddr, requests: &'static Requests) -> Self {
        let client = requests.proxied.as_ref().map(|auth| auth.client_address(peer.ip(), request.headers()));
        Self {
            id: request_id(),
            method: request.method().clone(),
            path: request.uri().path().bytes().take(PATH).collect(),
            peer,
            client: client.filter(|client| *client != peer.ip().to_canonical()),
            start: Instant::now(),
            requests,
            written: false,
        }
    }

    /// Logs the answer.
    pub(crate) fn answered(&mut self, status: StatusCode) {
        self.write(Some(status));
    }

    fn write(&mut self, status: Option<StatusCode>) {
        self.written = true;
        let end = Instant::now();
        if !self.requests.take(status, self.client.unwrap_or(self.peer.ip()), end) {
            return;
        }
        self.requests.tell(end);
        let method = self.method.as_str();
        let line = RequestLine {
            message: if status.is_some() { "answered" } else { "gone" },
            id: as_str(&self.id),
            method: method.get(..METHOD).unwrap_or(method),
            route: &route_of(&String::from_utf8_lossy(&self.path)),
            status: status.map(|status| status.as_u16()),
            us: u64::try_from((end - self.start).as_micros()).unwrap_or(u64::MAX),
            peer: self.peer,
            client: self.client,
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
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.written {
            self.write(None);
        }
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
    fn ids_differ() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| request_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| as_str(id).bytes().all(|digit| digit.is_ascii_hexdigit())));
    }

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
