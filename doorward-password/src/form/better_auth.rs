//! The forms of better-auth and Lucia: salt and digest with a colon between them.
//!
//! The salt is used as text, without decoding it. Both bring a password to NFKC before they hash it.

use super::stored::Stored;
use crate::recipe::Recipe;
use crate::recipe::scrypt::Scrypt;
use crate::text;

/// The parameters, which are fixed in the sources of both.
const N: u64 = 16384;
const R: u32 = 16;
/// Lucia before `s2:`.
const FIRST_R: u32 = 8;
const P: u32 = 1;

/// Reads `<salt>:<128 digits of digest>`, after `s2:` in Lucia 1 and 2.
///
/// The salt is 32 hexadecimal digits in better-auth and Lucia 3, and 16 letters and digits in Lucia 1 and 2.
pub(super) fn read(text: &str) -> Option<Stored> {
    let (text, s2) = text.strip_prefix("s2:").map_or((text, false), |text| (text, true));
    let (salt, digest) = text.split_once(':')?;
    let short = salt.len() == 16 && salt.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let long = salt.len() == 32 && text::hex(salt).is_some();
    if digest.len() != 128 || !(short || long) {
        return None;
    }
    let r = if short && !s2 { FIRST_R } else { R };
    let scrypt = Scrypt { n: N, r, p: P, salt: salt.as_bytes().to_vec(), nfkc: true, signer_key: None };
    Some(Stored::new(Recipe::Scrypt(scrypt), text::hex(digest)?))
}
