//! The client that sent a request, as far as it shows.

use std::{fmt, net::IpAddr};

use crate::base::{
    secret::{self, Hash},
    text::language::Language,
};

/// Tokens of browsers, in the device cookie.
pub(crate) const DEVICE_TOKEN: secret::Kind = secret::Kind("dw_d_");

/// The address, the program and the browser that a request came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// Known if the host serves with `ConnectInfo<SocketAddr>`. An IPv4 address is never in the form of an IPv6 one.
    pub(crate) ip: Option<IpAddr>,
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: Option<String>,
    /// What mails that come of the request are written in.
    pub(crate) language: Language,
    /// What the device cookie says, which may be anything.
    pub(crate) device: Option<Presented>,
}

impl Client {
    /// Those addresses that count as the client's, since who has one has them all: for IPv6 the /64.
    pub(crate) fn network(&self) -> Option<Vec<u8>> {
        Some(match self.ip? {
            IpAddr::V4(ip) => ip.octets().into(),
            IpAddr::V6(ip) => ip.octets()[..8].into(),
        })
    }
}

/// The device cookie of a request.
#[derive(Clone)]
pub(crate) struct Presented {
    pub(crate) token: String,
    pub(crate) hash: Hash,
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
