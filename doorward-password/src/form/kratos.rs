//! The dialects that Ory Kratos adds to the PHC string format for imports.
//!
//! Its argon2, PBKDF2, scrypt, `crypt(3)`, `{SSHA}` and Firebase forms are read where those schemes are; what is left
//! are single digests, with a template that says where the salt goes, and HMACs.

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::scheme::Scheme;
use crate::text;

const PASSWORD: &str = "{PASSWORD}";
const SALT: &str = "{SALT}";

/// Read what follows `$sha256$`: `pf=<template>$<salt>$<digest>`, or after `$md5$` the digest alone.
pub(super) fn salted(hash: &str, rest: &str) -> Result<Stored, Error> {
    let hash = match hash {
        "md5" => Hash::Md5,
        "sha1" => Hash::Sha1,
        "sha256" => Hash::Sha256,
        "sha512" => Hash::Sha512,
        _ => return Err(Error::Unrecognized),
    };
    let unsalted = Plain::Salted { hash, before: Vec::new(), after: Vec::new() };
    let malformed = Error::Malformed(unsalted.scheme());
    let Some((template, rest)) = rest.split_once('$') else {
        let digest = text::base64(rest).ok_or(malformed)?;
        return Ok(Stored::new(Recipe::Plain(unsalted), digest));
    };
    let read = || {
        let template = String::from_utf8(text::base64(template.strip_prefix("pf=")?)?).ok()?;
        let (salt, digest) = rest.split_once('$')?;
        let salt = text::base64(salt)?;
        let (before, after) = template.split_once(PASSWORD)?;
        // A password that stands there twice is a form nobody writes.
        let plain = Plain::Salted { hash, before: fill(before, &salt), after: fill(after, &salt) };
        (!after.contains(PASSWORD)).then_some(Stored::new(Recipe::Plain(plain), text::base64(digest)?))
    };
    read().ok_or(malformed)
}

/// Put the salt into its places.
fn fill(template: &str, salt: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = template.split(SALT).map(str::as_bytes).collect();
    parts.join(salt)
}

/// Read what follows `$hmac-sha256$`: base64 of the hexadecimal digest, then base64 of the key.
pub(super) fn hmac(hash: &str, rest: &str) -> Result<Stored, Error> {
    let hash = Hash::named(hash).ok_or(Error::Unrecognized)?;
    let read = || {
        let (digest, key) = rest.split_once('$')?;
        let digest = String::from_utf8(text::base64(digest)?).ok()?;
        let plain = Plain::Hmac { hash, key: text::base64(key)? };
        Some(Stored::new(Recipe::Plain(plain), text::hex(&digest)?))
    };
    read().ok_or(Error::Malformed(Scheme::Hmac))
}
