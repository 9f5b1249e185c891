//! Redirects a logged-in person to the address in `next`. If the app sends the person back within a minute, a page
//! stands in place of another redirect.
//!
//! The server of an app on another host does not get our session cookie. If such an app only knows `next`, it sends the
//! person straight back, and the browser would go round until it gives up. So a cookie notes for a minute where this
//! browser was sent. A logged-in person who comes back from there gets a page: it says what the app must do. The button
//! "back" of the browser leads there too. A person who has just typed the password always goes on.
//!
//! The cookie holds the hashes of the last four addresses. So it also works for two apps in two tabs. It needs no
//! signature: a forged one only shows the page. An app on our own origin sees the session cookie, and needs no page.

use axum::{http::HeaderMap, http::StatusCode, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use minijinja::context;
use sha2::{Digest, Sha256};

use crate::{
    auth::Auth,
    base::{error::Result, site::Site},
    web::{
        cookies,
        pages::{page::Pages, visit::Visit},
    },
};

const TEMPLATE: &str = "pages/onward.html";
/// How long an address is remembered, in seconds: longer than a slow app takes to send a person back.
const REMEMBERED: i64 = 60;
/// How many addresses are remembered.
const MOST: usize = 4;
/// The characters of a hash.
const LENGTH: usize = 12;

/// Redirects a person who has logged in a moment ago.
pub(crate) fn after_log_in(auth: &Auth, visit: &Visit, headers: &HeaderMap) -> Response {
    match elsewhere(auth, visit) {
        Some(next) => {
            let value = noted(cookies::sent_on(auth, headers), &hash(next));
            cookies::sending_on(auth, &value, REMEMBERED, visit.go_on())
        }
        None => visit.go_on(),
    }
}

/// Redirects a person who was logged in before this request. If they come back from there, shows the page.
pub(crate) fn logged_in_already(pages: &Pages, visit: &Visit, headers: &HeaderMap) -> Result<Response> {
    let auth = &pages.auth;
    let Some(next) = elsewhere(auth, visit) else { return Ok(visit.go_on()) };
    let (sent_on, hash) = (cookies::sent_on(auth, headers), hash(next));
    let answer = if hashes(sent_on).any(|noted| noted == hash) {
        let own = auth.site().origin.to_str().unwrap_or_default();
        let origin = origin_of(next);
        let app = origin.split_once("://").map_or(origin, |(_, host)| host);
        // An app finds the provider there.
        let issuer = auth.has_provider().then(|| format!("{own}{}", visit.base()));
        let shown = context! { next, app, origin, own, issuer, me => format!("{own}{}", visit.path("me")) };
        pages.page(visit, StatusCode::OK, TEMPLATE, shown)?
    } else {
        visit.go_on()
    };
    // The page is shown again when it is loaded again.
    Ok(cookies::sending_on(auth, &noted(sent_on, &hash), REMEMBERED, answer))
}

fn elsewhere<'a>(auth: &Auth, visit: &'a Visit) -> Option<&'a str> {
    visit.next().filter(|next| is_elsewhere(next, auth.site()))
}

/// Returns the hash of an address. So the cookie holds no address that can be read.
fn hash(next: &str) -> String {
    let mut hash = URL_SAFE_NO_PAD.encode(Sha256::digest(place(next)));
    hash.truncate(LENGTH);
    hash
}

/// Returns the hashes in the value of the cookie, the newest first.
fn hashes(value: &str) -> impl Iterator<Item = &str> {
    value.split('.').filter(|hash| hash.len() == LENGTH).take(MOST)
}

/// Returns the value of the cookie with this hash in front.
fn noted(value: &str, hash: &str) -> String {
    let is_of_hash = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let others = hashes(value).filter(|other| *other != hash && other.bytes().all(is_of_hash));
    [hash].into_iter().chain(others).take(MOST).collect::<Vec<_>>().join(".")
}

/// Returns `true` if a checked address leads to another origin.
fn is_elsewhere(next: &str, site: &Site) -> bool {
    let own = site.origin.to_str().unwrap_or_default();
    let is_own = next.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !next.starts_with('/') && !is_own
}

/// Returns the address without its query and fragment. An app may put something new into these each time.
fn place(next: &str) -> &str {
    next.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}

/// Returns the origin of a whole address.
fn origin_of(next: &str) -> &str {
    let place = place(next);
    let host = place.find("://").map_or(0, |at| at + 3);
    place[host..].find('/').map_or(place, |end| &place[..host + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_addresses_are_noted() {
        let hashes: Vec<String> = (0..6).map(|page| hash(&format!("https://app.example/{page}"))).collect();
        let value = hashes.iter().fold(String::new(), |value, hash| noted(&value, hash));
        assert_eq!(value, [&*hashes[5], &hashes[4], &hashes[3], &hashes[2]].join("."));
        assert_eq!(noted(&value, &hashes[3]), [&*hashes[3], &hashes[5], &hashes[4], &hashes[2]].join("."));
        // What was forged goes into no header.
        for forged in ["", "...", "short", "a b;Path=/ab", "\"\\,\u{e9}abcdefgh", &"a".repeat(4000)] {
            assert_eq!(noted(forged, &hashes[0]), hashes[0], "{forged:?}");
        }
    }

    #[test]
    fn one_place_is_one_address() {
        let place = hash("https://app.example/start");
        for same in
            ["https://app.example/start/", "https://app.example/start?at=1", "https://app.example/start#a"]
        {
            assert_eq!(hash(same), place, "{same}");
        }
        for other in ["https://app.example/", "https://app.example/star", "https://app.example:8443/start"] {
            assert_ne!(hash(other), place, "{other}");
        }
        assert_eq!(hash("https://app.example"), hash("https://app.example/?a"));
    }
}
