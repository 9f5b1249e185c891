//! Refuses changes and WebSocket handshakes that pages of other sites send with a user's cookies.
//!
//! `Sec-Fetch-Site` decides if it is present (Fetch Metadata, <https://www.w3.org/TR/fetch-metadata/>). Otherwise
//! `Origin` decides: scheme, host and port must match. No page can set either header, so there are no CSRF tokens.

use axum::http::{HeaderMap, HeaderValue, Method, header, uri::Authority};

use crate::{
    auth::Auth,
    base::{
        error::{Error, Result},
        http::cookie::{self, Found},
        site,
    },
    web::cookies,
};

/// Refuses a request that a page of another site may have sent.
///
/// # Errors
/// [`Error::CrossSite`], unless one of these holds:
/// 1. The method is `GET`, `HEAD` or `OPTIONS`, which change nothing, and the request asks for no other protocol. A
///    browser lets every page open a WebSocket, and sends the cookie along. Only the server can refuse it (RFC 6455,
///    section 10.2). Over HTTP/2 a WebSocket begins with the method `CONNECT` (RFC 8441).
/// 2. `Sec-Fetch-Site` is `same-origin` or `none`.
/// 3. `Origin` is our own or one of `cors_origins`.
/// 4. Our own address is plain http on this machine, there is no `Sec-Fetch-Site`, and `Origin` is `http://` with the
///    `Host` of the request, which names this machine too.
/// 5. Both headers are missing, so no browser sent this. Also, the session cookie is missing, or a request with a
///    method of 1 asks only for HTTP/2 without TLS (`Upgrade: h2c`). Some programs ask for that with each request, and
///    no browser does.
pub(crate) fn check(auth: &Auth, method: &Method, headers: &HeaderMap) -> Result<()> {
    let changes_nothing = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if changes_nothing && !headers.contains_key(header::UPGRADE) {
        return Ok(());
    }
    let site = single(headers, "sec-fetch-site")?;
    let origin = single(headers, header::ORIGIN.as_str())?;
    let allowed = match (site.map(HeaderValue::as_bytes), origin) {
        (Some(b"same-origin" | b"none"), _) => true,
        (Some(_), None) => false,
        (Some(_), Some(origin)) => is_trusted(auth, origin),
        (None, Some(origin)) => is_trusted(auth, origin) || is_same_loopback(auth, origin, headers),
        (None, None) => {
            (changes_nothing && asks_only_for_http_2(headers))
                || cookie::find(headers, cookies::session_name(auth)) == Found::Nothing
        }
    };
    if allowed { Ok(()) } else { Err(Error::CrossSite) }
}

fn asks_only_for_http_2(headers: &HeaderMap) -> bool {
    headers.get_all(header::UPGRADE).iter().all(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"h2c"))
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Error::CrossSite) } else { Ok(first) }
}

fn is_trusted(auth: &Auth, origin: &HeaderValue) -> bool {
    *origin == auth.site().origin || auth.site().cors_origins.contains(origin)
}

/// Lets a developer use `localhost`, `127.0.0.1` and any port alike.
fn is_same_loopback(auth: &Auth, origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return false };
    // An attacker can point any name to this machine, and both headers then hold it: only a loopback name counts.
    let own = Authority::try_from(host.as_bytes()).is_ok_and(|host| site::is_loopback(host.host()));
    !auth.site().secure && own && origin.as_bytes().strip_prefix(b"http://") == Some(host.as_bytes())
}
