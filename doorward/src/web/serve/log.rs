//! The log of a program: a function that learns of each request.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use axum::http::{Method, StatusCode};

use crate::web::client::Arrival;

/// One request, for the log of a program. [`Serve::log`](crate::serve::Serve::log) hands it out.
///
/// The path is as the client wrote it: it may hold a secret, such as the token of a link. It never has the query.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Served<'a> {
    /// The id of the request: 16 hexadecimal digits. The answer has it as `x-request-id`.
    pub id: &'a str,
    /// The method. `None` for bytes that were refused before they became a request.
    pub method: Option<&'a Method>,
    /// At most 128 bytes of the path. Empty for bytes that were refused before they became a request.
    pub path: &'a str,
    /// The status of the answer. `None` if the client went away before there was one.
    pub status: Option<StatusCode>,
    /// When the head of the request had arrived.
    pub began: Instant,
    /// When the answer began.
    pub ended: Instant,
    /// The other end of the connection. `None` for a UNIX socket, whose other end has no address.
    pub peer: Option<SocketAddr>,
    /// The client, if the other end is one of `trusted_proxies` that named it.
    pub client: Option<IpAddr>,
}

/// The log of a program.
#[derive(Clone)]
pub(crate) struct Log(Arc<dyn Fn(&Served<'_>) + Send + Sync>);

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Log").finish_non_exhaustive()
    }
}

impl Log {
    pub(crate) fn new(log: impl Fn(&Served<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(log))
    }

    /// Tells the program of a request. Its panic is nobody's error here: it could come while something else is dropped.
    pub(super) fn tell(&self, served: &Served<'_>) {
        let _ = catch_unwind(AssertUnwindSafe(|| (self.0)(served)));
    }

    /// Tells of a head that never became a request.
    pub(super) fn refused(&self, id: &str, status: StatusCode, peer: SocketAddr) {
        let now = Instant::now();
        self.tell(&Served {
            id,
            method: None,
            path: "",
            status: Some(status),
            began: now,
            ended: now,
            peer: shown(peer),
            client: None,
        });
    }
}

/// Returns the address of a peer, if it has one.
pub(super) fn shown(peer: SocketAddr) -> Option<SocketAddr> {
    (peer != Arrival::UNIX).then_some(peer)
}
