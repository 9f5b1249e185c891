//! Hexadecimal digests without a salt. Their length tells the hash function.

use super::stored::Stored;
use crate::recipe::Recipe;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::text;

/// Reads 32 (MD5), 40 (SHA-1), 64 (SHA-256) or 128 (SHA-512) digits.
pub(super) fn read(text: &str) -> Option<Stored> {
    let hash = match text.len() {
        32 => Hash::Md5,
        40 => Hash::Sha1,
        64 => Hash::Sha256,
        128 => Hash::Sha512,
        _ => return None,
    };
    let plain = Plain::Salted { hash, before: Vec::new(), after: Vec::new() };
    Some(Stored::new(Recipe::Plain(plain), text::hex(text)?))
}
