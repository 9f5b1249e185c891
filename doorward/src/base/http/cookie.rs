//! Cookies, read by exact bytes.
//!
//! Nothing is decoded, and nothing is trimmed beyond the separators of RFC 6265. A name that only looks like ours is
//! another name. If our name comes twice, neither cookie counts: a page on a sibling domain may have set one of them.
//! The same holds beside `$Version`, which no browser sends by itself: other readers parse such a header by RFC 2965
//! and find other cookies in it.

use axum::http::{HeaderMap, header};

const LEGACY: &[u8] = b"$Version";

/// The cookies of one name in a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    Nothing,
    One(&'a [u8]),
    Several,
}

/// Looks for the cookie `name`.
pub(crate) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Found<'a> {
    let (mut found, mut legacy) = (Found::Nothing, false);
    for line in headers.get_all(header::COOKIE) {
        for pair in line.as_bytes().split(|byte| *byte == b';') {
            let pair = pair.strip_prefix(b" ").unwrap_or(pair);
            legacy |= pair.get(..LEGACY.len()).is_some_and(|name| name.eq_ignore_ascii_case(LEGACY));
            let Some(value) = pair.strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b"="))
            else {
                continue;
            };
            match found {
                Found::Nothing => found = Found::One(value),
                Found::One(_) | Found::Several => return Found::Several,
            }
        }
    }
    if legacy && found != Found::Nothing { Found::Several } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const NAME: &str = "__Host-doorward";

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_bytes(line).unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        for line in [&b"__Host-doorward=v"[..], b"a=b; __Host-doorward=v; c=d", b"a=b;__Host-doorward=v"] {
            assert_eq!(find(&headers(&[line]), NAME), Found::One(b"v"), "{line:?}");
        }
        assert_eq!(find(&headers(&[b"a=b", b"__Host-doorward=v"]), NAME), Found::One(b"v"));
    }

    #[test]
    fn a_name_that_only_looks_alike_is_another() {
        for line in [
            &b"\xe2\x80\x80__Host-doorward=v"[..],
            b"$Version=1, __Host-doorward=v",
            b"%5f_Host-doorward=v",
            b"__host-doorward=v",
            b"__Host-doorward =v",
            b"  __Host-doorward=v",
            b"x__Host-doorward=v",
            b"__Host-doorward2=v",
            b"__Host-doorward",
        ] {
            assert_eq!(find(&headers(&[line]), NAME), Found::Nothing, "{line:?}");
        }
    }

    #[test]
    fn the_same_name_twice_or_in_another_grammar_is_several() {
        for lines in [
            &[&b"__Host-doorward=a; __Host-doorward=b"[..]][..],
            &[b"__Host-doorward=a", b"__Host-doorward=a"],
            &[b"$Version=1; __Host-doorward=a"],
            &[b"__Host-doorward=a", b"a=b; $version=\"1\""],
        ] {
            assert_eq!(find(&headers(lines), NAME), Found::Several);
        }
    }
}
