//! Reads `smtp_url`: the mail server, the encryption on the way to it, and our log-in there.
//!
//! | URL | TLS | port |
//! |---|---|---|
//! | `smtps://USER:PASSWORD@HOST` | from the first byte (RFC 8314) | 465 |
//! | `smtp://USER:PASSWORD@HOST?tls=required` | by STARTTLS, or no mail is sent (RFC 3207) | 587 |
//! | `smtp://HOST?tls=opportunistic` | by STARTTLS, if the server offers it; an attacker on the way can remove the offer | 587 |
//! | `smtp://HOST`, `smtp://HOST?tls=none` | none | 25 |
//!
//! No error repeats any part of the URL: a misplaced part may be the password.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::base::{config::Secret, site::is_dialled_here};

/// A mail server.
#[derive(Debug)]
pub(super) struct Server {
    /// A name or an address, without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) credentials: Option<(String, Secret)>,
}

/// The encryption of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    None,
    Opportunistic,
    Required,
    Implicit,
}

impl Server {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected \"smtps://USER:PASSWORD@HOST\" or \"smtp://USER:PASSWORD@HOST?tls=required\"; in a password, % @ : / ? and # are written as %25 %40 %3A %2F %3F and %23";
        let url = Url::parse(text).map_err(|_| EXPECTED)?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_of_host = |letter: char| letter.is_ascii_alphanumeric() || "-._:".contains(letter);
        if host.is_empty() || !host.chars().all(is_of_host) {
            return Err(EXPECTED);
        }
        if !["", "/"].contains(&url.path()) || url.fragment().is_some() {
            return Err(EXPECTED);
        }
        let (tls, said) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Tls::Implicit, true),
            ("smtp", None) => (Tls::None, false),
            ("smtp", Some("tls=none")) => (Tls::None, true),
            ("smtp", Some("tls=opportunistic")) => (Tls::Opportunistic, true),
            ("smtp", Some("tls=required")) => (Tls::Required, true),
            ("smtp", Some(_)) => {
                return Err("after the ? expected tls=required, tls=opportunistic or tls=none");
            }
            ("smtps", Some(_)) => return Err("expected no ? after smtps://: it is encrypted from the start"),
            _ => return Err(EXPECTED),
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err("expected a user with a password, or neither"),
            (user, Some(password)) => {
                let decode = |text| percent_decode_str(text).decode_utf8().map_err(|_| EXPECTED);
                Some((decode(user)?.into_owned(), Secret::from(&*decode(password)?)))
            }
        };
        if credentials.is_some() && !said && !is_dialled_here(host) {
            return Err(
                "the password would be sent in the clear: add ?tls=required, or ?tls=none on a trusted network",
            );
        }
        let port = match tls {
            Tls::None => 25,
            Tls::Opportunistic | Tls::Required => 587,
            Tls::Implicit => 465,
        };
        Ok(Self { host: host.to_owned(), port: url.port().unwrap_or(port), tls, credentials })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_gives_host_port_and_encryption() {
        for (url, host, port, tls) in [
            ("smtps://mail.example.org", "mail.example.org", 465, Tls::Implicit),
            ("smtps://mail.example.org:2465/", "mail.example.org", 2465, Tls::Implicit),
            ("smtp://mail.example.org?tls=required", "mail.example.org", 587, Tls::Required),
            ("smtp://mail.example.org:25?tls=opportunistic", "mail.example.org", 25, Tls::Opportunistic),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Tls::None),
            ("smtp://[::1]", "::1", 25, Tls::None),
            ("smtp://mail.internal?tls=none", "mail.internal", 25, Tls::None),
        ] {
            let server = Server::parse(url).unwrap();
            assert_eq!((&*server.host, server.port, server.tls), (host, port, tls), "{url}");
            assert!(server.credentials.is_none());
        }
    }

    #[test]
    fn user_and_password_are_decoded_once() {
        let server = Server::parse("smtps://ann%40example.org:p%40%3A%2F%3F%23%2540+@host").unwrap();
        let (user, password) = server.credentials.unwrap();
        assert_eq!((&*user, password.expose()), ("ann@example.org", "p@:/?#%40+"));
    }

    #[test]
    fn a_password_is_sent_in_the_clear_only_on_request() {
        for good in [
            "smtp://ann:hunter2@127.0.0.1",
            "smtp://ann:hunter2@localhost:1025",
            "smtp://ann:hunter2@host?tls=none",
            "smtp://ann:hunter2@host?tls=required",
            "smtps://ann:hunter2@host",
        ] {
            assert!(Server::parse(good).is_ok(), "{good}");
        }
        for bad in ["smtp://ann:hunter2@host", "smtp://ann:hunter2@mail.localhost"] {
            assert!(Server::parse(bad).unwrap_err().contains("in the clear"), "{bad}");
        }
    }

    #[test]
    fn a_bad_url_is_refused_and_not_repeated() {
        for bad in [
            "",
            "mail.example.org",
            "mail.example.org:25",
            "smtp:",
            "smtp://",
            "smtp://:25",
            "http://ann:hunter2@host",
            "smtp://hunter2@host",
            "smtp://:hunter2@host",
            "smtp://ann:hunter2/x@host",
            "smtp://ann:hunter2?x@host",
            "smtp://ann:25#hunter2@host",
            "smtp://ann:25/hunter2@host",
            "smtp://host?tls=hunter2",
            "smtp://host?hunter2",
            "smtps://host?tls=none",
            "smtp://host/hunter2",
            "smtp://ho%20st",
            "smtp://ho st",
            "smtp://host:99999",
            "smtp://ann:%ff@host?tls=none",
            "smtp://host?tls=none\r\nhunter2",
        ] {
            let error = Server::parse(bad).unwrap_err();
            assert!(!error.contains("hunter2"), "{bad}: {error}");
        }
    }
}
