//! The addresses that a client may be answered at: which can be registered, and which one of them a request means.
//!
//! A request must have a registered address byte by byte (RFC 9700, section 2.1). There are no wildcards and no prefixes.
//! The one exception is an app on the person's own computer: it cannot know its port in advance, so for a public client
//! a loopback address fits with any port (RFC 8252, section 7.3).

use url::Url;

/// The most bytes of an address.
const LONGEST: usize = 512;

/// The hosts whose port may differ, as they stand in an address.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// Refuses an address that cannot be registered. The error says what was expected.
pub(crate) fn check(address: &str) -> Result<(), &'static str> {
    let expected = "expected an address such as https://app.example.org/callback";
    if address.len() > LONGEST {
        return Err("expected at most 512 characters");
    }
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) || address.contains(['\\', '"', '<', '>']) {
        return Err("expected ASCII without spaces, quotes and backslashes");
    }
    if address.contains('#') {
        return Err("expected no fragment");
    }
    if address.contains('*') {
        return Err("expected no wildcard; list each address");
    }
    let url = Url::parse(address).map_err(|_| expected)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected no user or password");
    }
    let scheme = url.scheme();
    if !["http", "https"].contains(&scheme) {
        // RFC 8252, section 7.1: a name that the app's owner has in the DNS. So no scheme of browsers fits.
        let rest = address.strip_prefix(scheme).and_then(|rest| rest.strip_prefix(':'));
        let is_private = scheme.contains('.') && rest.is_some_and(|rest| rest.starts_with('/'));
        return if is_private {
            Ok(())
        } else {
            Err("expected https, or the scheme of an app with a dot in it")
        };
    }
    let host = url.host_str().ok_or(expected)?;
    if scheme == "http" && !LOOPBACK.contains(&host) {
        return Err("expected https: over http, others on the way can read the code");
    }
    // Every program must read the address alike: browsers, proxies, and the app.
    let written = url.as_str();
    let same = written == address || written.strip_suffix('/') == Some(address);
    if same {
        Ok(())
    } else {
        Err("expected the address as browsers write it: in lower case, without dots in the path")
    }
}

/// Returns `true` if the address of a request is one of those that are registered.
#[cfg(feature = "provider")]
pub(crate) fn is_registered(registered: &[String], address: &str, is_public: bool) -> bool {
    registered.iter().any(|known| {
        known == address
            || (is_public && without_port(known).is_some_and(|known| Some(known) == without_port(address)))
    })
}

/// Returns `true` if the address leads to an app on the person's own computer.
#[cfg(feature = "provider")]
pub(crate) fn is_on_this_computer(address: &str) -> bool {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| LOOPBACK.contains(&&*host))
}

/// Takes a loopback address apart: its host, and what comes after the port.
#[cfg(feature = "provider")]
fn without_port(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("http://")?;
    let host = LOOPBACK.into_iter().find(|host| rest.starts_with(host))?;
    let rest = &rest[host.len()..];
    let path = match rest.strip_prefix(':') {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest[..digits].parse::<u16>().ok()?;
            &rest[digits..]
        }
        None => rest,
    };
    (path.is_empty() || path.starts_with(['/', '?'])).then_some((host, path))
}

/// Returns the source that a content security policy needs, so that a form may lead to this address.
#[cfg(feature = "provider")]
pub(crate) fn source(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    match (url.scheme(), url.host_str()) {
        // A policy cannot name an IPv6 address.
        ("http" | "https", Some(host)) if host.starts_with('[') => Some(format!("{}:", url.scheme())),
        ("http" | "https", Some(_)) => Some(url.origin().ascii_serialization()),
        (scheme, _) => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_apps_can_be_registered_and_others_cannot() {
        for good in [
            "https://app.example.org/callback",
            "https://app.example.org",
            "https://app.example.org:8443/a/b?c=d",
            "http://127.0.0.1/cb",
            "http://localhost:3000/cb",
            "http://[::1]:1/cb",
            "com.example.app:/callback",
            "org.example.app://callback",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "app.example.org/cb",
            "http://app.example.org/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://localhost.evil.example/cb",
            "http://127.1/cb",
            "https://app.example.org/cb#x",
            "https://*.example.org/cb",
            "https://user@app.example.org/cb",
            "https://user:pass@app.example.org/cb",
            "https://app.example.org\\@evil.example/cb",
            "https://APP.example.org/cb",
            "https://app.example.org:443/cb",
            "https://app.example.org/a/../cb",
            "https://app.example.org/a/%2e%2e/cb",
            "https://b\u{fc}cher.example/cb",
            "https://app.example.org/a b",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "myapp:/cb",
            "com.example.app:cb",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check(&format!("https://app.example.org/{}", "a".repeat(500))).is_err());
    }

    #[cfg(feature = "provider")]
    #[test]
    fn only_a_loopback_address_of_a_public_client_fits_with_another_port() {
        let registered = ["http://127.0.0.1/cb".to_owned(), "https://app.example.org/cb".to_owned()];
        let fits = |address: &str| is_registered(&registered, address, true);
        for good in ["http://127.0.0.1/cb", "http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb"] {
            assert!(fits(good), "{good}");
        }
        assert!(fits("https://app.example.org/cb"));
        assert!(!is_registered(&registered, "http://127.0.0.1:1/cb", false), "a confidential client");
        for bad in [
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:+1/cb",
            "http://127.0.0.1:1/cb/",
            "http://127.0.0.1:1/CB",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1evil.example/cb",
            "http://localhost:1/cb",
            "http://[::1]:1/cb",
            "https://127.0.0.1:1/cb",
            "https://app.example.org:1/cb",
            "https://app.example.org/cb?x",
            "https://app.example.org/cb/",
        ] {
            assert!(!fits(bad), "{bad}");
        }
    }

    #[cfg(feature = "provider")]
    #[test]
    fn a_policy_names_the_origin_or_else_the_scheme() {
        for (address, expected) in [
            ("https://app.example.org/cb", "https://app.example.org"),
            ("https://app.example.org:8443/cb", "https://app.example.org:8443"),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:3000"),
            ("http://[::1]:3000/cb", "http:"),
            ("com.example.app:/cb", "com.example.app:"),
        ] {
            assert_eq!(source(address).as_deref(), Some(expected), "{address}");
        }
        assert!(is_on_this_computer("http://127.0.0.1:1/cb") && is_on_this_computer("http://[::1]/cb"));
        assert!(
            !is_on_this_computer("https://app.example.org/cb") && !is_on_this_computer("com.example.app:/")
        );
    }
}
