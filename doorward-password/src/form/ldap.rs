//! The forms of directory servers: a scheme in braces before the value (RFC 2307 §5.3 and its relatives).

use super::stored::Stored;
use super::{dollar, passlib};
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::settings::Settings;
use crate::text;

/// Reads the part after the opening brace. The name of the scheme may be in upper or lower case.
pub(super) fn read(rest: &str, settings: &Settings) -> Result<Stored, Error> {
    let (scheme, value) = rest.split_once('}').ok_or(Error::Unrecognized)?;
    match scheme.to_ascii_uppercase().as_str() {
        "MD5" => digest(Hash::Md5, value, false),
        "SMD5" => digest(Hash::Md5, value, true),
        "SHA" => digest(Hash::Sha1, value, false),
        "SSHA" => digest(Hash::Sha1, value, true),
        "SHA256" => digest(Hash::Sha256, value, false),
        "SSHA256" => digest(Hash::Sha256, value, true),
        "SHA384" => digest(Hash::Sha384, value, false),
        "SSHA384" => digest(Hash::Sha384, value, true),
        "SHA512" => digest(Hash::Sha512, value, false),
        "SSHA512" => digest(Hash::Sha512, value, true),
        "PBKDF2" | "PBKDF2-SHA1" => passlib::pbkdf2("sha1", value),
        "PBKDF2-SHA256" => passlib::pbkdf2("sha256", value),
        "PBKDF2-SHA512" => passlib::pbkdf2("sha512", value),
        "CRYPT" | "ARGON2" => dollar::read(value, settings),
        _ => Err(Error::Unrecognized),
    }
}

/// Reads base64 of the digest and the salt after it. The salt is also hashed after the password.
fn digest(hash: Hash, value: &str, salted: bool) -> Result<Stored, Error> {
    let stored = |salt: &[u8], digest: &[u8]| {
        let plain = Plain::Salted { hash, before: Vec::new(), after: salt.to_vec() };
        Stored::new(Recipe::Plain(plain), digest.to_vec())
    };
    let bytes = text::base64(value);
    let parts = bytes.as_deref().and_then(|bytes| bytes.split_at_checked(hash.bytes()));
    match parts {
        Some((digest, salt)) if salted != salt.is_empty() => Ok(stored(salt, digest)),
        _ => Err(Error::Malformed(Plain::Salted { hash, before: Vec::new(), after: Vec::new() }.scheme())),
    }
}
