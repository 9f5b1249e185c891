//! The dialects that Ory Kratos adds to the PHC string format for imports.
//!
//! Its argon2, PBKDF2, scrypt, `crypt(3)`, `{SSHA}` and Firebase forms are read in the files of those schemes. Here are
//! HMACs, and single digests with a template that gives the place of the salt.

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::scheme::Scheme;
use crate::text;

const PASSWORD: &str = "{PASSWORD}";
const SALT: &str = "{SALT}";

/// Reads the part after `$sha256$`: `pf=<template>$<salt>$<digest>`, or the digest alone after `$md5$`.
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
        // No system writes the password twice.
        let plain = Plain::Salted { hash, before: put_salt(before, &salt), after: put_salt(after, &salt) };
        (!after.contains(PASSWORD)).then_some(Stored::new(Recipe::Plain(plain), text::base64(digest)?))
    };
    read().ok_or(malformed)
}

/// Puts the salt into its places.
fn put_salt(template: &str, salt: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = template.split(SALT).map(str::as_bytes).collect();
    parts.join(salt)
}

/// Reads the part after `$hmac-sha256$`: base64 of the hexadecimal digest, then base64 of the key.
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
