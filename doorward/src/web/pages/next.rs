//! Where `next=` leads after logging in: back to the app that sent somebody, and never to anybody else.
//!
//! Browsers read an address by the rules of WHATWG (<https://url.spec.whatwg.org>), which forgive much: a backslash is
//! a slash, tabs and line ends vanish, spaces are cut off. So what is let through is only what every reader reads alike.

use crate::base::site::Site;

/// The most bytes that an address may have.
const MAX: usize = 2048;

/// The address itself, if it is a path on our own origin, or starts with one of `next_origins` exactly.
pub(crate) fn checked<'a>(next: &'a str, site: &Site) -> Option<&'a str> {
    let own = site.origin.to_str().ok();
    let listed = site.next_origins.iter().map(String::as_str).chain(own);
    // What follows an origin is a path, or else it is a part of another origin.
    let path = listed
        .filter_map(|origin| next.strip_prefix(origin))
        .find(|rest| rest.is_empty() || rest.starts_with('/'))
        .unwrap_or(next);
    let whole = path.is_empty() && !next.is_empty();
    (next.len() <= MAX && (whole || is_path(path))).then_some(next)
}

/// Whether this is an absolute path, with or without a query and a fragment, that nobody can take for anything else.
fn is_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let dots = |segment: &str| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    // What another server may decode once more before it reads it.
    let encoded = |byte: &str| path.to_ascii_lowercase().contains(byte);
    text.starts_with('/')
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !path.contains("//")
        && !path.split('/').any(dots)
        && !["%2f", "%5c", "%0", "%1", "%7f"].into_iter().any(encoded)
}

#[cfg(test)]
mod tests;
