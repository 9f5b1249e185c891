//! Keycloak's credentials: a JSON object with `secretData` and `credentialData`, as a realm export writes them.
//!
//! Both may be objects, or the texts of objects, as in exports and in the database.

use argon2_rust::{Algorithm, Version};
use serde_json::Value;

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::argon2::Argon2;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::scheme::Scheme;
use crate::text;

pub(super) fn read(json: &Value) -> Result<Stored, Error> {
    let credential = part(json, "credentialData").ok_or(Error::Unrecognized)?;
    let secret = part(json, "secretData").ok_or(Error::Unrecognized)?;
    let iterations = credential.get("hashIterations").and_then(Value::as_u64).ok_or(Error::Unrecognized)?;
    let iterations = u32::try_from(iterations).unwrap_or(u32::MAX);
    let field = |name| secret.get(name).and_then(Value::as_str).and_then(text::base64);
    let (Some(salt), Some(digest)) = (field("salt"), field("value")) else { return Err(Error::Unrecognized) };
    let hash = match credential.get("algorithm").and_then(Value::as_str) {
        Some("pbkdf2") => Hash::Sha1,
        Some("pbkdf2-sha256") => Hash::Sha256,
        Some("pbkdf2-sha512") => Hash::Sha512,
        Some("argon2") => {
            let argon2 = argon2(&credential, iterations, salt).ok_or(Error::Malformed(Scheme::Argon2id))?;
            return Ok(Stored::new(Recipe::Argon2(argon2), digest));
        }
        _ => return Err(Error::Unrecognized),
    };
    Ok(Stored::new(Recipe::Pbkdf2(Pbkdf2 { hash, iterations, salt }), digest))
}

fn part(json: &Value, name: &str) -> Option<Value> {
    match json.get(name)? {
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}

/// Reads the parameters in `additionalParameters`. Each is a list of one text.
fn argon2(credential: &Value, iterations: u32, salt: Vec<u8>) -> Option<Argon2> {
    let parameter = |name| credential.get("additionalParameters")?.get(name)?.get(0)?.as_str();
    let algorithm = match parameter("type")? {
        "id" => Algorithm::Argon2id,
        "i" => Algorithm::Argon2i,
        "d" => Algorithm::Argon2d,
        _ => return None,
    };
    let version = match parameter("version")? {
        "1.3" => Version::V0x13,
        "1.0" => Version::V0x10,
        _ => return None,
    };
    let memory_kib = text::number(parameter("memory")?)?;
    let parallelism = text::number(parameter("parallelism")?)?;
    Some(Argon2 {
        algorithm,
        version,
        memory_kib,
        iterations,
        parallelism,
        salt,
        pepper: None,
        data: Vec::new(),
    })
}
