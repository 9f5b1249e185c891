//! Who sent a request, as far as it shows: for people who look through their sessions.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{header, request::Parts},
};

/// The most characters that are kept of a `User-Agent`.
const MAX_USER_AGENT: usize = 256;

/// The address and the program that a request came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// The peer of the connection, known if the host serves with `ConnectInfo<SocketAddr>`.
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            ip: peer.map(|ConnectInfo(peer)| peer.ip().to_canonical().to_string()),
            user_agent: user_agent
                .map(|name| String::from_utf8_lossy(name.as_bytes()).chars().take(MAX_USER_AGENT).collect()),
        })
    }
}
