//! Who sent a request, as far as it shows.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{header, request::Parts},
};

use crate::{
    auth::Auth,
    device::{self, Presented},
};

/// The most characters that are kept of a `User-Agent`.
const MAX_USER_AGENT: usize = 256;

/// The address, the program and the browser that a request came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// Known if the host serves with `ConnectInfo<SocketAddr>`. An IPv4 address is never in the form of an IPv6 one.
    pub(crate) ip: Option<IpAddr>,
    pub(crate) user_agent: Option<String>,
    /// What the device cookie says, which may be anything.
    pub(crate) device: Option<Presented>,
}

impl<S: Sync> FromRequestParts<S> for Client
where
    Auth: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let auth = Auth::from_ref(state);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            ip: peer.map(|ConnectInfo(peer)| auth.proxies.client(peer.ip(), &parts.headers)),
            user_agent: user_agent
                .map(|name| String::from_utf8_lossy(name.as_bytes()).chars().take(MAX_USER_AGENT).collect()),
            device: device::presented(&auth, &parts.headers),
        })
    }
}
