//! Who sent a request, as far as it shows: for people who look through their sessions.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{header, request::Parts},
};

use crate::language::Language;

/// The most characters that are kept of a `User-Agent`.
const MAX_USER_AGENT: usize = 256;

/// The most characters that are kept of a [`RequestId`].
const MAX_REQUEST_ID: usize = 64;

/// The id that the host gives a request, in whose extensions it is to be found. Events of the request carry it, so that
/// they can be found in the host's own log.
///
/// ```
/// # use axum::{extract::Request, middleware::Next, response::Response};
/// async fn number(mut request: Request, next: Next) -> Response {
///     request.extensions_mut().insert(doorward::RequestId::new("4f9a0c"));
///     next.run(request).await
/// }
/// ```
///
/// Do not take over one that the client chose: it could pass off its requests as another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// At most 64 characters are kept.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(id.chars().filter(|letter| *letter != '\0').take(MAX_REQUEST_ID).collect())
    }
}

/// The address and the program that a request came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// The peer of the connection, known if the host serves with `ConnectInfo<SocketAddr>`.
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The language for what is sent to them.
    pub(crate) language: Language,
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
            request_id: parts.extensions.get::<RequestId>().map(|RequestId(id)| id.clone()),
            language: Language::accepted(&parts.headers),
        })
    }
}
