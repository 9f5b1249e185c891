//! The client that sent a request: its address, its program and its device cookie.

use std::{fmt, net::IpAddr};

use crate::base::{
    passwords::queue::{Caller, Class},
    secret::{self, Hash},
    text::language::Language,
};

/// The token in the device cookie of a browser.
pub(crate) const DEVICE_TOKEN: secret::Kind = secret::Kind("dw_d_");

/// The address, the program and the browser that sent a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// The client address. `None` if the host serves without `ConnectInfo<SocketAddr>`. An IPv4 address is never
    /// written as an IPv6 address.
    pub(crate) ip: Option<IpAddr>,
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The language of the mails that the request causes.
    pub(crate) language: Language,
    /// The answer to a challenge of the host.
    pub(crate) answer: Option<String>,
    /// The device cookie. It is not checked yet.
    pub(crate) device: Option<DeviceCookie>,
}

impl Client {
    /// Returns the network of the client: the IPv4 address, or the /64 of the IPv6 address. A client with one address
    /// of a /64 usually has all of them.
    pub(crate) fn network(&self) -> Option<Vec<u8>> {
        Some(match self.ip? {
            IpAddr::V4(ip) => ip.octets().into(),
            IpAddr::V6(ip) => ip.octets()[..8].into(),
        })
    }

    /// Returns the caller of a slow job of this class.
    pub(crate) fn caller(&self, class: Class) -> Caller {
        Caller::new(class, self.ip)
    }
}

/// The device cookie of a request.
#[derive(Clone)]
pub(crate) struct DeviceCookie {
    pub(crate) token: String,
    pub(crate) hash: Hash,
}

impl fmt::Debug for DeviceCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
