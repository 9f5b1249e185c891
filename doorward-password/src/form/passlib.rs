//! The forms that passlib invented, and the PHC strings that share their names.
//!
//! passlib writes `$pbkdf2-sha256$29000$<salt>$<digest>` in base64 with `.` for `+`. Ory Kratos, Auth0 and the Rust
//! `pbkdf2` crate write `$pbkdf2-sha256$i=600000,l=32$<salt>$<digest>` in standard base64. Both are read here.

use super::bcrypt;
use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Key;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::recipe::scrypt::Scrypt;
use crate::scheme::Scheme;
use crate::text;

/// Reads the part after `$pbkdf2-sha256$`. passlib's `$pbkdf2$` is SHA-1.
pub(super) fn pbkdf2(hash: &str, rest: &str) -> Result<Stored, Error> {
    let hash = if hash.is_empty() { "sha1" } else { hash };
    let hash = Hash::named(hash).filter(|hash| *hash != Hash::Md5).ok_or(Error::Unrecognized)?;
    let read = || {
        let (parameters, rest) = rest.split_once('$')?;
        let (salt, digest) = rest.split_once('$')?;
        let iterations = text::number(text::parameter(parameters, "i").unwrap_or(parameters))?;
        let pbkdf2 = Pbkdf2 { hash, iterations, salt: text::adapted_base64(salt)? };
        Some(Stored::new(Recipe::Pbkdf2(pbkdf2), text::adapted_base64(digest)?))
    };
    read().ok_or(Error::Malformed(Pbkdf2 { hash, iterations: 1, salt: Vec::new() }.scheme()))
}

/// Reads the part after `$scrypt$`: `ln=16,r=8,p=1$<salt>$<digest>`.
///
/// `ln` is the binary logarithm of N, but Ory Kratos writes N itself. No N in use is below 64, and no logarithm is
/// above.
pub(super) fn scrypt(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (parameters, rest) = rest.split_once('$')?;
        let (salt, digest) = rest.split_once('$')?;
        let number = |name| text::parameter(parameters, name).and_then(text::number);
        let cost = number("ln")?;
        let n = if cost < 64 { 1 << cost } else { u64::from(cost) };
        let salt = text::base64(salt)?;
        let scrypt = Scrypt { n, r: number("r")?, p: number("p")?, salt, nfkc: false, signer_key: None };
        Some(Stored::new(Recipe::Scrypt(scrypt), text::base64(digest)?))
    };
    read().ok_or(Error::Malformed(Scheme::Scrypt))
}

/// Reads the part after `$bcrypt-sha256$`: version 1 `2b,12$<salt>$<digest>`, version 2
/// `v=2,t=2b,r=12$<salt>$<digest>`.
pub(super) fn bcrypt_sha256(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (parameters, rest) = rest.split_once('$')?;
        let (salt, digest) = rest.split_once('$')?;
        if text::parameter(parameters, "v") == Some("2") {
            return bcrypt::parts(text::parameter(parameters, "r")?, salt, digest, Key::HmacSha256Base64);
        }
        let cost = parameters.strip_prefix("2a,").or_else(|| parameters.strip_prefix("2b,"))?;
        bcrypt::parts(cost, salt, digest, Key::Sha256Base64)
    };
    read().ok_or(Error::Malformed(Scheme::BcryptSha2))
}
