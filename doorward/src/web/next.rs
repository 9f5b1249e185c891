//! Checks `next=`, the address that a log-in leads to. It may lead to our own pages or to a listed app, nowhere else.
//!
//! Browsers read an address by the lenient rules of WHATWG (<https://url.spec.whatwg.org>): a backslash is a slash,
//! tabs and line ends vanish, spaces are cut off. So only addresses pass that every parser reads alike.

use crate::base::site::Site;

/// The most bytes that an address may have.
pub(crate) const MAX: usize = 4096;

/// Returns the address if it is a path on our own origin, or begins exactly with one of `next_origins`.
pub(crate) fn checked<'a>(next: &'a str, site: &Site) -> Option<&'a str> {
    let own = site.origin.to_str().ok();
    let listed = site.next_origins.iter().map(String::as_str).chain(own);
    // After an origin comes a path. Anything else makes it another origin.
    let path = listed
        .filter_map(|origin| next.strip_prefix(origin))
        .find(|rest| rest.is_empty() || rest.starts_with('/'))
        .unwrap_or(next);
    let whole = path.is_empty() && !next.is_empty();
    (next.len() <= MAX && (whole || is_path(path))).then_some(next)
}

/// Returns `true` for an absolute path, with or without query and fragment, that every parser reads as one.
fn is_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let dots = |segment: &str| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    // Another server may decode these once more before it reads the path.
    let encoded = |byte: &str| path.to_ascii_lowercase().contains(byte);
    text.starts_with('/')
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !path.contains("//")
        && !path.split('/').any(dots)
        && !["%2f", "%5c", "%0", "%1", "%7f"].into_iter().any(encoded)
}

#[cfg(test)]
mod tests;
