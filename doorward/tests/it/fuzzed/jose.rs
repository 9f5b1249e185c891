//! Any text as a signed token: nothing panics, and only what a key has signed is read.
//!
//! A text of the form `KEY TAB HEADER TAB CLAIMS TAB END` is signed first. `KEY` is the number of a key, `KID` in the header
//! stands for its id, and `END` is written behind the token. Every other text is the token itself.

use doorward::test_util::unstable::{TokenKey, verified};
use serde_json::{Map, Value};

thread_local! {
    static KEYS: Vec<TokenKey> = TokenKey::one_of_each();
}

/// Tries a text. Returns `true` if it was read as a token.
pub fn check(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    KEYS.with(|keys| match signed(keys, text) {
        Some(signed) => check_signed(keys, &signed),
        None => {
            assert_eq!(verified(keys, text), None, "nobody signed {text:?}");
            false
        }
    })
}

/// A token, and what it was made of.
struct Signed<'a> {
    key: &'a TokenKey,
    header: String,
    claims: &'a str,
    token: String,
    /// Something stands behind the token.
    longer: bool,
}

fn signed<'a>(keys: &'a [TokenKey], text: &'a str) -> Option<Signed<'a>> {
    let mut parts = text.splitn(4, '\t');
    let key = keys.get(parts.next()?.parse::<usize>().ok()?)?;
    let (header, claims, end) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let header = header.replace("KID", key.id());
    let token = key.sign(header.as_bytes(), claims.as_bytes()) + end;
    Some(Signed { key, header, claims, token, longer: !end.is_empty() })
}

fn check_signed(keys: &[TokenKey], Signed { key, header, claims, token, longer }: &Signed<'_>) -> bool {
    let Some(read) = verified(keys, token) else { return false };
    assert!(!longer, "a token and more is read: {token:?}");
    let header: Map<String, Value> = serde_json::from_str(header).expect("a header is an object");
    assert_eq!(header.get("alg"), Some(&key.algorithm().into()), "the key decides the algorithm");
    assert_eq!(header.get("kid"), Some(&key.id().into()));
    assert_eq!(header.get("typ"), Some(&"JWT".into()));
    assert_eq!(header.len(), 3, "a header with a member that nobody understands is read");
    let claims: Map<String, Value> = serde_json::from_str(claims).expect("claims are an object");
    assert_eq!(serde_json::from_str::<Map<String, Value>>(&read).ok(), Some(claims));
    // One other character makes it another token.
    let at = token.bytes().fold(7, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
        % token.len();
    let mut changed = token.clone().into_bytes();
    changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("a token is ASCII");
    assert_eq!(verified(keys, &changed), None, "{token} was changed at {at}");
    true
}
