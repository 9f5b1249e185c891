//! Auth0's `custom_password_hash`, the JSON object of its bulk imports. Its own exports are plain `$2b$` bcrypt.

use serde_json::Value;

use super::stored::Stored;
use super::text as forms;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::recipe::scrypt::Scrypt;
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::text;

pub(super) fn read(json: &Value, settings: &Settings) -> Result<Stored, Error> {
    let algorithm = json.get("algorithm").and_then(Value::as_str).ok_or(Error::Unrecognized)?;
    let hash = json.get("hash").ok_or(Error::Unrecognized)?;
    // This crate does not take passwords in UTF-16 or Latin-1.
    let encoding = json.get("password").and_then(|password| password.get("encoding"));
    if !encoding.is_none_or(|encoding| matches!(encoding.as_str(), Some("utf8" | "ascii"))) {
        return Err(Error::Unrecognized);
    }
    match algorithm {
        // The value has its own form. Another JSON object is not accepted in it.
        "argon2" | "bcrypt" | "pbkdf2" | "ldap" => {
            let value = hash.get("value").and_then(Value::as_str).ok_or(Error::Unrecognized)?;
            forms::read(value, settings)
        }
        "scrypt" => scrypt(json, hash).ok_or(Error::Malformed(Scheme::Scrypt)),
        "hmac" => hmac(hash).ok_or(Error::Malformed(Scheme::Hmac)),
        _ => {
            let function = Hash::named(algorithm).ok_or(Error::Unrecognized)?;
            salted(function, json, hash).ok_or(Error::Unrecognized)
        }
    }
}

/// Decodes `{"value": …, "encoding": …}`. `default` is the encoding if none is given.
fn bytes(value: &Value, default: &str) -> Option<Vec<u8>> {
    let encoded = value.get("value")?.as_str()?;
    match value.get("encoding").map_or(Some(default), Value::as_str)? {
        "base64" => text::base64(encoded),
        "hex" => text::hex(encoded),
        "utf8" => Some(encoded.as_bytes().to_vec()),
        _ => None,
    }
}

fn salted(hash: Hash, json: &Value, value: &Value) -> Option<Stored> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    if let Some(salt) = json.get("salt") {
        let bytes = bytes(salt, "utf8")?;
        match salt.get("position").map_or(Some("prefix"), Value::as_str)? {
            "prefix" => before = bytes,
            "suffix" => after = bytes,
            _ => return None,
        }
    }
    Some(Stored::new(Recipe::Plain(Plain::Salted { hash, before, after }), bytes(value, "hex")?))
}

fn hmac(value: &Value) -> Option<Stored> {
    let hash = Hash::named(value.get("digest")?.as_str()?)?;
    let key = bytes(value.get("key")?, "utf8")?;
    Some(Stored::new(Recipe::Plain(Plain::Hmac { hash, key }), bytes(value, "hex")?))
}

/// `cost`, `blockSize` and `parallelization` have Node's defaults.
fn scrypt(json: &Value, value: &Value) -> Option<Stored> {
    let number = |name, default| match json.get(name) {
        Some(number) => Some(u32::try_from(number.as_u64()?).unwrap_or(u32::MAX)),
        None => Some(default),
    };
    let salt = bytes(json.get("salt")?, "utf8")?;
    let (n, r, p) = (number("cost", 16384)?, number("blockSize", 8)?, number("parallelization", 1)?);
    let scrypt = Scrypt { n: n.into(), r, p, salt, nfkc: false, signer_key: None };
    Some(Stored::new(Recipe::Scrypt(scrypt), bytes(value, "hex")?))
}
