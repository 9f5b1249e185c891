//! The users of `FusionAuth`: a JSON object with `encryptionScheme`, `factor`, `salt` and `password`.
//!
//! PBKDF2 and bcrypt, whose computation `FusionAuth` documents, are read; its `salted-md5`, `salted-sha256` and
//! `salted-hmac-sha256` are not.

use serde_json::Value;

use super::{Stored, bcrypt};
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Key;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::scheme::Scheme;
use crate::text;

pub(super) fn read(json: &Value) -> Result<Stored, Error> {
    let field = |name| json.get(name).and_then(Value::as_str);
    let (Some(salt), Some(password)) = (field("salt"), field("password")) else {
        return Err(Error::Unrecognized);
    };
    let factor = json.get("factor").and_then(Value::as_u64).ok_or(Error::Unrecognized)?;
    let iterations = u32::try_from(factor).unwrap_or(u32::MAX);
    let (hash, length) = match field("encryptionScheme") {
        Some("salted-pbkdf2-hmac-sha256") => (Hash::Sha256, 32),
        Some("salted-pbkdf2-hmac-sha256-512") => (Hash::Sha256, 64),
        Some("salted-pbkdf2-hmac-sha512-512") => (Hash::Sha512, 64),
        // FusionAuth keeps bcrypt's salt and digest apart.
        Some("bcrypt") => {
            let stored = bcrypt::parts(&factor.to_string(), salt, password, Key::Password);
            return stored.ok_or(Error::Malformed(Scheme::Bcrypt));
        }
        _ => return Err(Error::Unrecognized),
    };
    let malformed = Error::Malformed(Pbkdf2 { hash, iterations, salt: Vec::new() }.scheme());
    let salt = text::base64(salt).ok_or(malformed.clone())?;
    let digest = text::base64(password).filter(|digest| digest.len() == length).ok_or(malformed)?;
    Ok(Stored::new(Recipe::Pbkdf2(Pbkdf2 { hash, iterations, salt }), digest))
}
