//! Finds the address of a client when requests come through proxies.
//!
//! Only `X-Forwarded-For` is read, because every proxy can be told to append to it. Only the entries that trusted
//! proxies wrote count. A client may have made up the entries to the left of those.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

use crate::base::{
    config::Config,
    open_error::{ConfigMistake, OpenError},
    text::shown::shown,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The word in `trusted_proxies` that stands for the peers of UNIX sockets.
const UNIX: &str = "unix";

/// Stands for the address of the peer of a UNIX socket, which has none. No connection comes from this address. All
/// clients behind a socket count as one, unless the peer is a trusted proxy.
pub(crate) const UNIX_PEER: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The proxies of `trusted_proxies`.
#[derive(Debug)]
pub(crate) struct Proxies {
    trusted: Vec<IpNet>,
    /// The peers of UNIX sockets are trusted too. No network stands for them.
    unix: bool,
    warned: AtomicBool,
    /// The log says that client addresses are unknown.
    told_unknown: AtomicBool,
}

impl Proxies {
    pub(crate) fn of(config: &Config) -> Result<Self, OpenError> {
        let (mut trusted, mut mistakes) = (Vec::new(), Vec::new());
        for proxy in config.trusted_proxies.iter().filter(|proxy| *proxy != UNIX) {
            match network(proxy) {
                Ok(network) => trusted.push(network),
                Err(text) => mistakes.push(ConfigMistake { keys: &["trusted_proxies"], text }),
            }
        }
        let unix = config.trusted_proxies.iter().any(|proxy| proxy == UNIX);
        match mistakes.is_empty() {
            true => Ok(Self {
                trusted,
                unix,
                warned: AtomicBool::new(false),
                told_unknown: AtomicBool::new(false),
            }),
            false => Err(OpenError::of_settings(mistakes)),
        }
    }

    /// Returns the address of the client whose request came over a connection from `peer`. This is the peer or, if
    /// the peer is a trusted proxy, the last entry in `X-Forwarded-For` that is not a trusted proxy. The search ends
    /// at an entry that is not an address: the client is then the last proxy that was found.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            if is_of_own_network(client) && headers.contains_key(FORWARDED_FOR) {
                self.warn(client);
            }
            return client;
        }
        let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes).collect();
        for hop in lines.join(&b',').rsplit(|byte| *byte == b',') {
            let Some(address) = address(hop) else { break };
            client = address;
            if !self.lists(client) {
                break;
            }
        }
        client
    }

    /// Returns `true` if connections from this peer come from a trusted proxy.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        if peer == UNIX_PEER { self.unix } else { self.lists(peer) }
    }

    fn lists(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Warns once that the host does not say where requests come from.
    pub(crate) fn warn_of_unknown_client(&self) {
        if !self.told_unknown.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a secret is checked for a client whose address is unknown, so one client can guess at all accounts: \
                 serve the app with `auth.serve(listener, app)`, or give axum::serve \
                 `app.into_make_service_with_connect_info::<SocketAddr>()`"
            );
        }
    }

    /// Warns once that a proxy is probably missing in `trusted_proxies`.
    fn warn(&self, peer: IpAddr) {
        if self.warned.swap(true, Ordering::Relaxed) {
            return;
        }
        if peer == UNIX_PEER {
            tracing::warn!(
                "X-Forwarded-For came over a UNIX socket, and \"unix\" is not in trusted_proxies: all clients of that \
                 proxy count as one, and lock each other out"
            );
        } else {
            tracing::warn!(
                %peer,
                "X-Forwarded-For came from an address that is not in trusted_proxies: if it is a proxy, all its \
                 clients count as one, and lock each other out"
            );
        }
    }
}

/// Reads an entry of `trusted_proxies`.
fn network(text: &str) -> Result<IpNet, String> {
    let bad = |cause: &str| format!("{:?}: {cause}", shown(text));
    let address = text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
    let network: IpNet = address
        .or_else(|_| text.parse())
        .map_err(|_| bad("expected an address or a network, such as \"10.0.0.5\" or \"10.0.0.0/8\""))?;
    match network.addr() {
        _ if network.prefix_len() == 0 => {
            Err(bad("this trusts every address, so any client could make up its own"))
        }
        IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => Err(bad("write it as an IPv4 network")),
        _ => Ok(network.trunc()),
    }
}

/// Reads one entry of `X-Forwarded-For`. Some proxies add the port.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim_matches([' ', '\t']);
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().ok().or_else(|| hop.parse().ok().map(|address: SocketAddr| address.ip()))?;
    Some(address.to_canonical())
}

/// Returns `true` if a proxy of the operator's own is likely to have this address.
fn is_of_own_network(address: IpAddr) -> bool {
    match address {
        _ if address == UNIX_PEER => true,
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(trusted: &[&str]) -> Proxies {
        let trusted_proxies = trusted.iter().map(|proxy| (*proxy).to_owned()).collect();
        Proxies::of(&Config { trusted_proxies, ..Config::default() }).unwrap()
    }

    #[track_caller]
    fn assert_client(trusted: &[&str], peer: &str, lines: &[&str], expected: &str) {
        let value = |line: &&str| HeaderValue::from_bytes(line.as_bytes()).unwrap();
        let headers = lines.iter().map(|line| (FORWARDED_FOR, value(line))).collect();
        let client = proxies(trusted).client(peer.parse().unwrap(), &headers);
        assert_eq!(client.to_string(), expected, "{peer} {lines:?}");
    }

    #[test]
    fn the_header_counts_only_from_a_trusted_proxy() {
        for trusted in [&[][..], &["10.0.0.1", "192.0.2.0/24"]] {
            for lines in
                [&[][..], &["198.51.100.1"], &["10.0.0.1"], &["a"], &[""], &["198.51.100.1, 10.0.0.1"]]
            {
                assert_client(trusted, "203.0.113.9", lines, "203.0.113.9");
                assert_client(trusted, "127.0.0.1", lines, "127.0.0.1");
            }
        }
    }

    #[test]
    fn the_client_is_the_last_hop_that_is_no_proxy() {
        let trusted = ["10.0.0.0/8", "2001:db8::/32", "::1"];
        for (lines, expected) in [
            (&["198.51.100.1"][..], "198.51.100.1"),
            (&["192.0.2.1, 198.51.100.1"], "198.51.100.1"),
            (&["192.0.2.1", "198.51.100.1"], "198.51.100.1"),
            (&["192.0.2.1,198.51.100.1,10.1.1.1 ,\t10.2.2.2"], "198.51.100.1"),
            (&["198.51.100.1", "10.1.1.1", "2001:db8::5"], "198.51.100.1"),
            (&["a, 198.51.100.1"], "198.51.100.1"),
            // As some proxies write it.
            (&["198.51.100.1:4711"], "198.51.100.1"),
            (&["[2001:db9::1]:4711, [2001:db8::1]"], "2001:db9::1"),
            (&["::ffff:198.51.100.1"], "198.51.100.1"),
            (&["[::ffff:198.51.100.1]:80, ::ffff:10.0.0.3"], "198.51.100.1"),
            // Only proxies.
            (&["10.1.1.1"], "10.1.1.1"),
            (&["10.2.2.2, 10.1.1.1"], "10.2.2.2"),
        ] {
            assert_client(&trusted, "10.0.0.1", lines, expected);
            assert_client(&trusted, "::1", lines, expected);
            assert_client(&trusted, "::ffff:10.0.0.1", lines, expected);
        }
    }

    #[test]
    fn the_search_ends_at_an_unreadable_entry() {
        for garbage in [
            "",
            " ",
            ",",
            "a",
            "unknown",
            "_hidden",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.4/32",
            "01.2.3.4",
            "0x7f.1",
            "\"1.2.3.4\"",
            "for=1.2.3.4",
            "1.2.3.4;1.2.3.5",
            "1.2.3.4 1.2.3.5",
            "[1.2.3.4",
            "fe80::1%eth0",
            "\u{e9}",
            "1.2.3.4:99999",
            "2001:db9::1::2",
        ] {
            assert_client(&["10.0.0.0/8"], "10.0.0.1", &[garbage], "10.0.0.1");
            assert_client(&["10.0.0.0/8"], "10.0.0.1", &["198.51.100.1", garbage], "10.0.0.1");
            let behind = format!("198.51.100.1,{garbage},10.0.0.2");
            assert_client(&["10.0.0.0/8"], "10.0.0.1", &[&behind], "10.0.0.2");
        }
        let long = format!("{}198.51.100.1", "192.0.2.1,".repeat(10_000));
        assert_client(&["10.0.0.0/8"], "10.0.0.1", &[&long], "198.51.100.1");
    }

    #[test]
    fn the_peer_of_a_unix_socket_is_trusted_only_by_the_word() {
        let peer = UNIX_PEER.to_string();
        for trusted in [&[][..], &["127.0.0.1", "::1"], &["0.0.0.0/1", "0.0.0.0/8", "0.0.0.0", "::/1"]] {
            assert_client(trusted, &peer, &["198.51.100.1"], &peer);
            assert!(!proxies(trusted).trusts(UNIX_PEER));
        }
        assert_client(&["unix"], &peer, &["198.51.100.1"], "198.51.100.1");
        assert_client(&["unix", "10.0.0.0/8"], &peer, &["192.0.2.1, 198.51.100.1, 10.0.0.1"], "198.51.100.1");
        assert_client(&["unix"], &peer, &[], &peer);
        // nginx writes this for a client that came over a UNIX socket.
        assert_client(&["unix"], &peer, &["198.51.100.1, unix:"], &peer);
        // The word trusts no address, and no entry stands for a socket.
        assert_client(&["unix"], "127.0.0.1", &["198.51.100.1"], "127.0.0.1");
        assert_client(&["unix"], &peer, &["198.51.100.1, 0.0.0.0"], "0.0.0.0");
        assert_client(&["unix"], &peer, &["198.51.100.1, 127.0.0.1"], "127.0.0.1");
    }

    #[test]
    fn trusted_proxies_are_read_strictly() {
        for wrong in [
            "",
            "proxy",
            "UNIX",
            "unix:",
            "unix:/run/nginx.sock",
            "10.0.0.0/33",
            "10.0.0",
            "0.0.0.0/0",
            "::/0",
            "::ffff:10.0.0.0/104",
            "10.0.0.1:80",
        ] {
            let trusted_proxies = vec![wrong.to_owned()];
            let refused =
                Proxies::of(&Config { trusted_proxies, ..Config::default() }).unwrap_err().to_string();
            assert!(refused.contains("trusted_proxies") && refused.contains(wrong), "{refused}");
        }
        assert_client(&["::ffff:10.0.0.1"], "10.0.0.1", &["198.51.100.1"], "198.51.100.1");
        assert_client(&["10.9.9.9/8"], "10.0.0.1", &["198.51.100.1"], "198.51.100.1");
    }
}
