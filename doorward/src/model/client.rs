//! The client that sent a request: its address, its program and its device token.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use crate::base::{
    network::client_network,
    passwords::queue::{Caller, Class},
    secret::{self, Hash},
    text::language::Language,
};

/// The token of a device. A browser keeps it in a cookie.
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
    /// The fields of the body that the host wants to see.
    pub(crate) fields: BTreeMap<String, String>,
    /// The device token. It is not checked yet.
    pub(crate) device: Option<DeviceToken>,
}

impl Client {
    /// Adds the fields of the body that the host wants to see.
    pub(crate) fn telling(self, fields: BTreeMap<String, String>) -> Self {
        Self { fields, ..self }
    }

    /// Returns the network of the client: four bytes of an IPv4 address, or eight of an IPv6 /64.
    pub(crate) fn network(&self) -> Option<Vec<u8>> {
        Some(match client_network(self.ip?) {
            IpAddr::V4(ip) => ip.octets().into(),
            IpAddr::V6(ip) => ip.octets()[..8].into(),
        })
    }

    /// Returns the caller of a slow job of this class.
    pub(crate) fn caller(&self, class: Class) -> Caller {
        Caller::new(class, self.ip)
    }
}

/// The token by which a device is recognised.
#[derive(Clone)]
pub(crate) struct DeviceToken {
    pub(crate) token: String,
    pub(crate) hash: Hash,
}

impl DeviceToken {
    /// Makes a token that nobody knows.
    pub(crate) fn generate() -> Self {
        let (token, hash) = secret::generate(DEVICE_TOKEN);
        Self { token, hash }
    }

    /// Reads a token from a client, or returns `None` if it cannot be one.
    pub(crate) fn read(token: &str) -> Option<Self> {
        Some(Self { hash: secret::hash(DEVICE_TOKEN, token)?, token: token.to_owned() })
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
