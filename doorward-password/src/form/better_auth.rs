//! better-auth's form: `<32 digits of salt>:<128 digits of digest>`.
//!
//! The salt is used as text, without decoding it. better-auth brings passwords to NFKC before hashing. The caller of
//! this crate must do the same for these hashes: otherwise passwords with compatibility characters (such as "ﬁ" or
//! full-width letters) do not match.

use super::stored::Stored;
use crate::recipe::Recipe;
use crate::recipe::scrypt::Scrypt;
use crate::text;

/// The parameters, which are fixed in better-auth's source.
const N: u64 = 16384;
const R: u32 = 16;
const P: u32 = 1;

pub(super) fn read(text: &str) -> Option<Stored> {
    let (salt, digest) = text.split_once(':')?;
    if salt.len() != 32 || digest.len() != 128 {
        return None;
    }
    text::hex(salt)?;
    let scrypt = Scrypt { n: N, r: R, p: P, salt: salt.as_bytes().to_vec(), signer_key: None };
    Some(Stored::new(Recipe::Scrypt(scrypt), text::hex(digest)?))
}
