//! Redirects people from 127.0.0.1 and `[::1]` to `localhost`, if that is the public address.
//!
//! All of them reach the same server. But browsers keep their cookies apart, and refuse passkeys at an IP address (Web
//! Authentication, section 5.1.3: the relying party is a domain). Only pages redirect: programs may use any name.

use axum::{
    Router,
    extract::{OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, Method, Uri, header, uri::Authority},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};

use crate::base::site::Site;

/// A proxy that sends one of these may have changed `Host`. A redirect could then lead to itself.
const OF_PROXIES: [HeaderName; 3] = [
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
];

/// Returns the pages with the redirect before them.
pub(crate) fn leading<S: Clone + Send + Sync + 'static>(pages: Router<S>, site: &Site) -> Router<S> {
    let origin = site.origin.to_str().unwrap_or_default().to_owned();
    match port(&origin, "http://localhost") {
        Some(_) => pages.route_layer(middleware::from_fn_with_state(origin, lead)),
        None => pages,
    }
}

async fn lead(State(origin): State<String>, request: Request, next: Next) -> Response {
    let is_asked_for = matches!(*request.method(), Method::GET | Method::HEAD);
    let original = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0);
    if !is_asked_for || !names_an_address(request.headers(), original, &origin) {
        return next.run(request).await;
    }
    let path = original.path_and_query().map_or("/", |path| path.as_str());
    Redirect::temporary(&format!("{origin}{path}")).into_response()
}

/// Returns `true` if the request names 127.0.0.1 or `[::1]` with the port of this origin. Another port is another
/// server, or one that is reached through a tunnel.
fn names_an_address(headers: &HeaderMap, original: &Uri, origin: &str) -> bool {
    // HTTP/2 has the host in the target.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| original.authority().map(Authority::as_str)).unwrap_or_default();
    let named = port(host, "127.0.0.1").or_else(|| port(host, "[::1]"));
    let is_proxied = OF_PROXIES.iter().any(|name| headers.contains_key(name));
    named.is_some() && named == port(origin, "http://localhost") && !is_proxied
}

/// Returns the port after this beginning: 80 if there is none.
fn port(text: &str, beginning: &str) -> Option<u16> {
    match text.strip_prefix(beginning)? {
        "" => Some(80),
        rest => rest.strip_prefix(':')?.parse().ok(),
    }
}
