//! The hosts that the server serves. A request that names another one in `Host` is refused.
//!
//! A page of another site can reach a server that listens on this machine alone: its own name only has to lead here
//! (DNS rebinding). Then the browser takes the server for a part of that site, but still sends the name of that site.

use std::net::{IpAddr, Ipv6Addr};

/// The word that stands for any host.
const ANY: &str = "*";

/// The names and addresses that a request may name. Ports do not count. Others are refused with 421.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hosts {
    any: bool,
    loopback: bool,
    /// Names in lower case, and IPv6 addresses in brackets.
    names: Vec<String>,
}

impl Hosts {
    /// Serves these hosts: names such as `auth.example.org`, addresses, or `*` for every host.
    ///
    /// # Errors
    /// One of them is no name or address, or has a port. The text says how to write one.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, &'static str> {
        let mut hosts = Self::default();
        for name in names {
            match name.parse::<Ipv6Addr>() {
                _ if name == ANY => hosts.any = true,
                Ok(address) => hosts.names.push(format!("[{address}]")),
                Err(_) => hosts.names.push(
                    split(name)
                        .filter(|(_, port)| port.is_none())
                        .and_then(|(name, _)| canonical(name))
                        .ok_or("expected names or addresses without a port, such as \"auth.example.org\"")?,
                ),
            }
        }
        Ok(hosts)
    }

    /// Serves every host.
    #[must_use]
    pub fn all() -> Self {
        Self { any: true, ..Self::default() }
    }

    /// Serves the names and addresses of this machine too.
    #[must_use]
    pub fn with_loopback(self) -> Self {
        Self { loopback: true, ..self }
    }

    /// Returns `true` if requests over socket files may name only these hosts too, because an operator listed them. The
    /// names of this machine only keep out pages in a browser, and no browser opens a socket file.
    pub(crate) fn are_for_files(&self) -> bool {
        !self.loopback
    }

    /// Serves the host of this URL too.
    #[must_use]
    pub fn with_host_of(mut self, url: &str) -> Self {
        let authority = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        self.names.extend(authority.and_then(split).and_then(|(name, _)| canonical(name)));
        self
    }

    /// Returns `true` if every host is served.
    pub(crate) fn are_all(&self) -> bool {
        self.any
    }

    /// Returns `true` if requests with this `Host` are served.
    #[must_use]
    pub fn serves(&self, host: &[u8]) -> bool {
        if self.any {
            return true;
        }
        let name = std::str::from_utf8(host).ok().and_then(split).and_then(|(name, _)| canonical(name));
        name.is_some_and(|name| self.names.contains(&name) || (self.loopback && is_loopback(&name)))
    }
}

/// Returns `true` if this is a name or an address, with a port or without (RFC 9110, section 7.2). RFC 3986, section
/// 3.2.2, says which letters a name may have. An empty name is invalid with http (RFC 9110, section 4.2.1).
pub(crate) fn is_host(host: &[u8]) -> bool {
    let Some((name, _)) = std::str::from_utf8(host).ok().and_then(split) else { return false };
    if let Some(address) = name.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address.parse::<Ipv6Addr>().is_ok() || is_future_address(address);
    }
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        rest = match after {
            [high, low, after @ ..]
                if *first == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                after
            }
            _ if is_of_name(*first) => after,
            _ => return false,
        };
    }
    !name.is_empty()
}

/// An address of a later version of IP, as RFC 3986 would write it.
fn is_future_address(address: &str) -> bool {
    let Some((version, rest)) = address.strip_prefix(['v', 'V']).and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    let is_version = !version.is_empty() && version.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_version && !rest.is_empty() && rest.bytes().all(|byte| byte == b':' || is_of_name(byte))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

/// Splits a host into its name or address, and its port if it has one.
fn split(host: &str) -> Option<(&str, Option<&str>)> {
    let end = if host.starts_with('[') { host.find(']')? + 1 } else { host.find(':').unwrap_or(host.len()) };
    let (name, rest) = host.split_at(end);
    if rest.is_empty() {
        return Some((name, None));
    }
    let port = rest.strip_prefix(':')?;
    port.bytes().all(|digit| digit.is_ascii_digit()).then_some((name, Some(port)))
}

/// Returns a name as it is compared: in lower case, and without the dot that ends it. `None` if it is no name.
fn canonical(name: &str) -> Option<String> {
    if let Some(address) = name.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (!name.is_empty() && name.bytes().all(fits)).then(|| name.to_ascii_lowercase())
}

/// Returns `true` for a name or address of this machine. Most browsers send requests for names that end with
/// `.localhost` to this machine (RFC 6761, section 6.3).
fn is_loopback(name: &str) -> bool {
    let address: Option<IpAddr> = name.trim_start_matches('[').trim_end_matches(']').parse().ok();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&str]) -> Hosts {
        Hosts::of(names.iter().copied()).unwrap()
    }

    #[test]
    fn only_the_listed_hosts_are_served_at_any_port() {
        let hosts = hosts(&["Auth.example.org", "10.0.0.5", "2001:DB8::1", "[2001:db8::2]", "a_b"]);
        for served in [
            "auth.example.org",
            "AUTH.example.org",
            "auth.example.org.",
            "auth.example.org:8000",
            "auth.example.org:",
            "10.0.0.5",
            "10.0.0.5:80",
            "[2001:db8::1]",
            "[2001:db8:0::1]:443",
            "[2001:db8::2]",
            "a_b:1",
        ] {
            assert!(hosts.serves(served.as_bytes()), "{served}");
        }
        for other in [
            "",
            ".",
            ":80",
            "localhost",
            "127.0.0.1",
            "example.org",
            "auth.example.org.evil.example",
            "evil.example:auth.example.org",
            "auth.example.org:80:80",
            "auth.example.org:80@evil.example",
            "auth.example.org@evil.example",
            "evil.example/auth.example.org",
            "auth.example.org,evil.example",
            "auth.example.org evil.example",
            "auth.example.org..",
            "2001:db8::1",
            "[2001:db8::1",
            "[2001:db8::1]80",
            "[2001:db8::1%1]",
            "[auth.example.org]",
            "auth.ex\u{e4}mple.org",
        ] {
            assert!(!hosts.serves(other.as_bytes()), "{other}");
        }
        assert!(!hosts.serves(b"auth.example.org\xff"));
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port_or_without() {
        for valid in [
            "a",
            "auth.example.org",
            "auth.example.org.:8000",
            "auth.example.org:",
            "a_b~c!$&'()*+,;=d",
            "a%C3%A4",
            "192.0.2.1:80",
            "[::1]",
            "[2001:db8::1]:443",
            "[::ffff:192.0.2.1]",
            "[v1.a:b]",
        ] {
            assert!(is_host(valid.as_bytes()), "{valid}");
        }
        for invalid in [
            "",
            ":80",
            "a b",
            "user@x",
            "user:password@x",
            "a:b",
            "a:80:80",
            "a:-1",
            "a:+1",
            "a: 80",
            "a/b",
            "http://a",
            "a?b",
            "a#b",
            "a\\b",
            "a\"b",
            "<a>",
            "a^b",
            "a`b",
            "{a}",
            "a|b",
            "a\tb",
            "a, b",
            "%",
            "a%4",
            "a%zz",
            "\u{e4}",
            "::1",
            "[::1",
            "::1]",
            "[::1]80",
            "[a]",
            "[]",
            "[fe80::1%eth0]",
            "[192.0.2.1]",
            "[v.a]",
            "[v1.]",
            "a[::1]",
        ] {
            assert!(!is_host(invalid.as_bytes()), "{invalid}");
        }
        assert!(!is_host(b"a\xff") && !is_host(b"a\0"));
    }

    #[test]
    fn names_of_this_machine_are_served_only_if_that_was_said() {
        let names = [
            "localhost",
            "LocalHost:8000",
            "auth.localhost:8000",
            "a.B.LOCALHOST",
            "127.0.0.1:1",
            "127.1.2.3",
            "[::1]",
            "[0::1]:80",
        ];
        for name in names {
            assert!(hosts(&[]).with_loopback().serves(name.as_bytes()), "{name}");
            assert!(!hosts(&["a"]).serves(name.as_bytes()), "{name}");
        }
        for other in
            ["localhost.evil.example", "notlocalhost", "evil.example", "10.0.0.1", "0.0.0.0", "[::2]"]
        {
            assert!(!hosts(&[]).with_loopback().serves(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn the_host_of_the_public_address_is_served() {
        for url in
            ["https://Auth.example.org", "https://auth.example.org:8443/auth/", "https://auth.example.org?a"]
        {
            assert!(hosts(&[]).with_host_of(url).serves(b"auth.example.org:1"), "{url}");
        }
        assert!(hosts(&[]).with_host_of("http://[::1]:80/a").serves(b"[::1]"));
        assert_eq!(hosts(&[]).with_host_of("nothing"), Hosts::default());
    }

    #[test]
    fn a_star_stands_for_every_host() {
        assert!(hosts(&["*"]).serves(b"evil.example") && hosts(&["a", "*"]).serves(b""));
        for wrong in
            ["", "a:80", "https://a", "*.example.org", "a/b", "a b", "[::1", "[::1]:80", "a,b", "\u{e4}"]
        {
            assert!(Hosts::of([wrong].into_iter()).is_err(), "{wrong:?}");
        }
    }
}
