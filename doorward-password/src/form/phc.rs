//! The PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`.
//!
//! This crate writes it, and so do argon2-cffi, passlib, node-argon2, PHP's `password_hash`, libsodium, Spring and most
//! others. `keyid` names the pepper, `data` carries argon2's associated data.

use argon2_rust::{Algorithm, Version};

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::argon2::Argon2;
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::text;

/// Reads the part after `$argon2id$`.
pub(super) fn argon2(id: &str, rest: &str, settings: &Settings) -> Result<Stored, Error> {
    let (algorithm, scheme) = match id {
        "argon2id" => (Algorithm::Argon2id, Scheme::Argon2id),
        "argon2i" => (Algorithm::Argon2i, Scheme::Argon2i),
        _ => (Algorithm::Argon2d, Scheme::Argon2d),
    };
    let malformed = Error::Malformed(scheme);
    // The oldest writers left the version out. They all wrote version 16.
    let (version, rest) = match rest.strip_prefix("v=") {
        Some(rest) => rest.split_once('$').ok_or(malformed.clone())?,
        None => ("16", rest),
    };
    let version = match version {
        "16" => Version::V0x10,
        "19" => Version::V0x13,
        _ => return Err(malformed),
    };
    let mut fields = rest.split('$');
    let (Some(list), Some(salt), Some(tag), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(malformed);
    };
    let number = |name| text::parameter(list, name).and_then(text::number).ok_or(malformed.clone());
    let bytes = |field| text::base64(field).ok_or(malformed.clone());
    let pepper = match text::parameter(list, "keyid") {
        Some(id) => {
            let id = String::from_utf8(bytes(id)?).map_err(|_| Error::UnknownPepper)?;
            Some(settings.pepper_by_id(&id).ok_or(Error::UnknownPepper)?)
        }
        None => None,
    };
    let argon2 = Argon2 {
        algorithm,
        version,
        memory_kib: number("m")?,
        iterations: number("t")?,
        parallelism: number("p")?,
        salt: bytes(salt)?,
        pepper,
        data: bytes(text::parameter(list, "data").unwrap_or_default())?,
    };
    Ok(Stored::new(Recipe::Argon2(argon2), bytes(tag)?))
}

/// Writes a hash made by [`Argon2::id`].
pub(super) fn write(argon2: &Argon2, tag: &[u8]) -> String {
    let Argon2 { memory_kib, iterations, parallelism, .. } = argon2;
    let key_id = match &argon2.pepper {
        Some(pepper) => format!(",keyid={}", text::to_base64(pepper.id.as_bytes())),
        None => String::new(),
    };
    let (salt, tag) = (text::to_base64(&argon2.salt), text::to_base64(tag));
    format!("$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}{key_id}${salt}${tag}")
}
