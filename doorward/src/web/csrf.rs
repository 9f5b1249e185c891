//! Whether a request was made by another site's page, told from what browsers say of it.
//!
//! `Sec-Fetch-Site` decides where there is one (Fetch Metadata, <https://www.w3.org/TR/fetch-metadata/>); otherwise
//! `Origin` does, compared whole: scheme, host and port. No page can set either. There are no tokens to hand out,
//! keep or forget.

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

/// Refuses a request of a cookie-bearing kind that another site's page may have made.
///
/// # Errors
/// [`Error::CrossSite`], unless one of these holds:
/// 1. The method is `GET`, `HEAD` or `OPTIONS`, which change nothing.
/// 2. `Sec-Fetch-Site` is `same-origin` or `none`.
/// 3. `Origin` is our own or one of `cors_origins`.
/// 4. On a loopback address without `Sec-Fetch-Site`, `Origin` is plain http to the `Host` of the request, which names
///    this machine too.
/// 5. There is neither header and no session cookie: no browser sent this.
pub(crate) fn check(auth: &Auth, method: &Method, headers: &HeaderMap) -> Result<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let site = single(headers, "sec-fetch-site")?;
    let origin = single(headers, header::ORIGIN.as_str())?;
    let allowed = match (site.map(HeaderValue::as_bytes), origin) {
        (Some(b"same-origin" | b"none"), _) => true,
        (Some(_), None) => false,
        (Some(_), Some(origin)) => is_trusted(auth, origin),
        (None, Some(origin)) => is_trusted(auth, origin) || is_same_loopback(auth, origin, headers),
        (None, None) => cookie::find(headers, cookies::session_name(auth)) == Found::Nothing,
    };
    if allowed { Ok(()) } else { Err(Error::CrossSite) }
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Error::CrossSite) } else { Ok(first) }
}

fn is_trusted(auth: &Auth, origin: &HeaderValue) -> bool {
    *origin == auth.site().origin || auth.site().cors_origins.contains(origin)
}

/// Somebody tries things out: `localhost` and `127.0.0.1` are the same to them, and so is any port.
fn is_same_loopback(auth: &Auth, origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return false };
    // Any name can be made to point to this machine, and then both headers have it.
    let own = Authority::try_from(host.as_bytes()).is_ok_and(|host| site::is_loopback(host.host()));
    !auth.site().secure && own && origin.as_bytes().strip_prefix(b"http://") == Some(host.as_bytes())
}
