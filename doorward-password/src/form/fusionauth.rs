//! The users of `FusionAuth`: a JSON object with `encryptionScheme`, `factor`, `salt` and `password`.
//!
//! `FusionAuth` documents each computation under "Password-Hashing Algorithms". The schemes of plugins are not read.

use serde_json::Value;

use super::stored::Stored;
use super::{bcrypt, crypt};
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Key;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::scheme::Scheme;
use crate::text;
use crate::treatment::Treatment;

pub(super) fn read(json: &Value) -> Result<Stored, Error> {
    let field = |name| json.get(name).and_then(Value::as_str);
    let (Some(scheme), Some(salt), Some(password)) =
        (field("encryptionScheme"), field("salt"), field("password"))
    else {
        return Err(Error::Unrecognized);
    };
    if scheme == "salted-hmac-sha256" {
        // The factor has no meaning here, and may be missing.
        return hmac(salt, password).ok_or(Error::Malformed(Scheme::Hmac));
    }
    let factor = json.get("factor").and_then(number).ok_or(Error::Unrecognized)?;
    match scheme {
        "salted-md5" => repeated(Hash::Md5, factor, salt, password).ok_or(Error::Malformed(Scheme::Md5)),
        "salted-sha256" => {
            repeated(Hash::Sha256, factor, salt, password).ok_or(Error::Malformed(Scheme::Sha2))
        }
        "salted-pbkdf2-hmac-sha256" => pbkdf2(Hash::Sha256, 32, factor, salt, password),
        "salted-pbkdf2-hmac-sha256-512" => pbkdf2(Hash::Sha256, 64, factor, salt, password),
        "salted-pbkdf2-hmac-sha512-512" => pbkdf2(Hash::Sha512, 64, factor, salt, password),
        "phpass-md5" => phpass((Hash::Md5, Treatment::Php), factor, salt, password),
        "phpass-sha512" => phpass((Hash::Sha512, Treatment::Trimmed), factor, salt, password),
        // FusionAuth keeps bcrypt's salt and digest apart.
        "bcrypt" => bcrypt::parts(&factor.to_string(), salt, password, Key::Password)
            .ok_or(Error::Malformed(Scheme::Bcrypt)),
        _ => Err(Error::Unrecognized),
    }
}

/// Reads the factor, a number or its text. The largest number stands for one that does not fit: both are beyond the
/// bounds.
fn number(factor: &Value) -> Option<u32> {
    match factor {
        Value::String(digits) => text::number(digits),
        _ => Some(u32::try_from(factor.as_u64()?).unwrap_or(u32::MAX)),
    }
}

fn hmac(salt: &str, password: &str) -> Option<Stored> {
    let plain = Plain::Hmac { hash: Hash::Sha256, key: text::base64(salt)? };
    Some(Stored::new(Recipe::Plain(plain), text::base64(password)?))
}

fn repeated(hash: Hash, rounds: u32, salt: &str, password: &str) -> Option<Stored> {
    let plain = Plain::Repeated { hash, salt: text::base64(salt)?, rounds };
    Some(Stored::new(Recipe::Plain(plain), text::base64(password)?))
}

fn pbkdf2(hash: Hash, length: usize, iterations: u32, salt: &str, password: &str) -> Result<Stored, Error> {
    let malformed = Error::Malformed(Pbkdf2 { hash, iterations, salt: Vec::new() }.scheme());
    let salt = text::base64(salt).ok_or(malformed.clone())?;
    let digest = text::base64(password).filter(|digest| digest.len() == length).ok_or(malformed)?;
    Ok(Stored::new(Recipe::Pbkdf2(Pbkdf2 { hash, iterations, salt }), digest))
}

/// Reads phpass in parts: salt and digest in its own alphabet, and the number of rounds. That is a power of two, since
/// phpass writes its logarithm.
fn phpass(hash: (Hash, Treatment), rounds: u32, salt: &str, password: &str) -> Result<Stored, Error> {
    let log_rounds = rounds.is_power_of_two().then(|| rounds.trailing_zeros());
    let stored = log_rounds.and_then(|log_rounds| crypt::phpass_parts(hash, log_rounds, salt, password));
    stored.ok_or(Error::Malformed(Scheme::Phpass))
}
