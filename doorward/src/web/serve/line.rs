//! The facts about each request, for the log of a program, and the id that the answer has too.

use std::{
    cell::Cell,
    hash::{BuildHasher as _, RandomState},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use axum::http::{HeaderName, Method, Request, StatusCode};
use smallvec::SmallVec;

use super::{
    log::{Served, shown},
    wire::Exchange,
};
use crate::auth::Auth;

/// The header of an answer that has the id.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The most bytes of a path that are kept.
const PATH: usize = 128;

/// The id of a request: 16 hexadecimal digits.
pub(crate) type Id = [u8; 16];

/// Makes an id for the next request. It contains nothing that the client sent: otherwise a client could forge the
/// trail of another client's request.
pub(crate) fn request_id() -> Id {
    // The number is hard to guess and costs no system call: the key is made when the process starts. Each thread has
    // its own counter.
    static KEYED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static THREAD: usize = THREADS.fetch_add(1, Ordering::Relaxed);
        static COUNT: Cell<u64> = const { Cell::new(0) };
    }
    let count = COUNT.replace(COUNT.get() + 1);
    let number = KEYED.hash_one((THREAD.with(|thread| *thread), count));
    std::array::from_fn(|place| b"0123456789abcdef"[(number >> (60 - 4 * place)) as usize & 15])
}

/// Returns the id as text.
pub(crate) fn as_str(id: &Id) -> &str {
    std::str::from_utf8(id).expect("hexadecimal digits are UTF-8")
}

/// The facts about a request before its answer. The log gets them when the answer is ready, or when the client goes
/// away.
pub(crate) struct Line {
    pub(crate) id: Id,
    method: Method,
    /// The part that may be logged. Copying it costs less than another reference to the whole path.
    path: SmallVec<[u8; 32]>,
    peer: SocketAddr,
    client: Option<IpAddr>,
    began: Instant,
    /// It has the log.
    pub(crate) exchange: Arc<Exchange>,
    told: bool,
}

impl Line {
    /// `proxies` knows the trusted proxies, if there are any.
    pub(crate) fn begin<B>(
        request: &Request<B>,
        peer: SocketAddr,
        proxies: Option<&Auth>,
        exchange: Arc<Exchange>,
    ) -> Self {
        let client = proxies.map(|auth| auth.proxies().client(peer.ip(), request.headers()));
        let path = request.uri().path().as_bytes();
        Self {
            id: request_id(),
            method: request.method().clone(),
            path: path[..path.len().min(PATH)].iter().copied().collect(),
            peer,
            client: client.filter(|client| *client != peer.ip().to_canonical()),
            began: Instant::now(),
            exchange,
            told: false,
        }
    }

    /// Tells the log of the answer.
    pub(crate) fn answered(&mut self, status: StatusCode) {
        self.tell(Some(status));
    }

    fn tell(&mut self, status: Option<StatusCode>) {
        self.told = true;
        let Some(log) = self.exchange.log() else { return };
        let path = match std::str::from_utf8(&self.path) {
            Ok(path) => path,
            // It was cut in the middle of a letter.
            Err(error) => std::str::from_utf8(&self.path[..error.valid_up_to()]).unwrap_or_default(),
        };
        log.tell(&Served {
            id: as_str(&self.id),
            method: Some(&self.method),
            path,
            status,
            began: self.began,
            ended: Instant::now(),
            peer: shown(self.peer),
            client: self.client,
        });
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.told {
            self.tell(None);
        }
    }
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
}
