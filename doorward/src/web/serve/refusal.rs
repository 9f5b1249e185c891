//! Answers to heads that never become a request: malformed, too large, too slow, for another host, or too many.
//!
//! They look like all other errors: `application/problem+json` (RFC 9457) with the same security headers, which are
//! copied from an answer of the router. They have the headers of CORS, so that pages of a listed origin can read them.
//! Without these, a script cannot tell a head that is too large from a server that is gone.

use std::collections::HashMap;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use serde::Serialize;
use tower::ServiceExt as _;

/// The reason to refuse a head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// It is not HTTP, or another server could read it differently.
    Malformed,
    /// Its `Host` is neither a name nor an address.
    Host,
    /// It has too many bytes or header fields.
    Head,
    /// Its URL is too long.
    Target,
    /// It did not arrive in time.
    Slow,
    /// It names a host that is not served.
    Misdirected,
    /// There are too many connections.
    Busy,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::Host => StatusCode::BAD_REQUEST,
            Self::Head => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Target => StatusCode::URI_TOO_LONG,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Malformed | Self::Host => "malformed_request",
            Self::Head => "headers_too_large",
            Self::Target => "url_too_long",
            Self::Slow => "request_timeout",
            Self::Misdirected => "misdirected_request",
            Self::Busy => "unavailable",
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::Malformed => "The request is not well-formed HTTP/1.1.",
            Self::Host => "Expected in Host a name or an address, with a port or without.",
            Self::Head => "The headers of a request may hold 16 KiB in 100 fields.",
            Self::Target => "The URL of a request may hold 8 KiB.",
            Self::Slow => "The headers of the request did not arrive in time.",
            Self::Misdirected => {
                "This server does not serve the host that the request names (allowed_hosts)."
            }
            Self::Busy => "There are too many connections, try again.",
        }
    }
}

/// The body of an answer, with the members of every error of the library.
#[derive(Serialize)]
struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'static str,
}

/// The headers that every refusal has.
#[derive(Debug)]
pub(crate) struct Refusals {
    headers: HeaderMap,
    /// The further headers for pages of each listed origin, which let them read the answer.
    pages: HashMap<Vec<u8>, HeaderMap>,
}

impl Refusals {
    /// Copies the headers from the router's answer to a path that it does not have.
    pub(crate) async fn like(router: &Router) -> Self {
        let unknown = Request::get("/.refused").body(Body::empty()).expect("a fixed request is valid");
        let answer = router.clone().oneshot(unknown).await.unwrap_or_else(|never| match never {});
        let mut headers = answer.into_parts().0.headers;
        for own in
            [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONNECTION, header::DATE, header::ALLOW]
        {
            headers.remove(own);
        }
        Self { headers, pages: HashMap::new() }
    }

    /// Lets pages of `origins` read refusals too, as the router lets them read its answers.
    pub(crate) async fn for_pages(mut self, router: &Router, origins: &[String]) -> Self {
        for origin in origins {
            let asked = Request::get("/.refused").header(header::ORIGIN, origin).body(Body::empty());
            // The start refuses an origin that cannot stand in a header.
            let Ok(asked) = asked else { continue };
            let answer = router.clone().oneshot(asked).await.unwrap_or_else(|never| match never {});
            let headers = answer.into_parts().0.headers.into_iter();
            let of_cors = headers
                .filter_map(|(name, value)| Some((name?, value)))
                .filter(|(name, _)| name.as_str().starts_with("access-control-"));
            self.pages.insert(origin.clone().into_bytes(), of_cors.collect());
        }
        self
    }

    /// Returns `true` if pages of other origins may read refusals.
    pub(crate) fn has_pages(&self) -> bool {
        !self.pages.is_empty()
    }

    /// Writes the whole answer, as it goes over the wire, for a page of `origin` if there is one.
    pub(crate) fn answer(&self, refusal: Refusal, request_id: &str, origin: &[u8]) -> Vec<u8> {
        let status = refusal.status();
        let title = status.canonical_reason().unwrap_or_default();
        let problem = Problem {
            r#type: "about:blank",
            title,
            status: status.as_u16(),
            code: refusal.code(),
            detail: refusal.detail(),
        };
        let problem = serde_json::to_string(&problem).unwrap_or_default();
        let mut answer = format!("HTTP/1.1 {} {title}\r\n", status.as_u16()).into_bytes();
        for (name, value) in self.headers.iter().chain(self.pages.get(origin).into_iter().flatten()) {
            if name != "x-request-id" {
                answer.extend_from_slice(
                    &[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat(),
                );
            }
        }
        let retry = if refusal == Refusal::Busy { "retry-after: 1\r\n" } else { "" };
        answer.extend_from_slice(
            format!(
                "{retry}content-type: application/problem+json\r\nx-request-id: {request_id}\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{problem}",
                problem.len()
            )
            .as_bytes(),
        );
        answer
    }
}
