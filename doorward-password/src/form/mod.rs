//! How systems write a hash down: from a stored text to a recipe and the digest it must give.

mod aspnet;
mod auth0;
pub(crate) mod bcrypt;
mod better_auth;
mod crypt;
mod django;
pub(crate) mod firebase;
mod fusionauth;
mod keycloak;
mod kratos;
mod ldap;
mod passlib;
pub(crate) mod phc;
mod unsalted;
mod werkzeug;
pub(crate) mod wrap;

use serde_json::Value;

use crate::error::Error;
use crate::recipe::Recipe;
use crate::settings::Settings;

/// Shorter digests could be met by chance; the PHC string format asks for at least 12 bytes.
const MIN_DIGEST_BYTES: usize = 12;

/// A stored hash, read.
pub(crate) struct Stored {
    /// What decides how hard guessing is.
    pub(crate) recipe: Recipe,
    /// What the recipe must give.
    pub(crate) digest: Vec<u8>,
    /// In a wrapped hash, the legacy computation whose digest takes the password's place.
    pub(crate) wrapped: Option<Wrapped>,
}

/// The inner computation of a wrapped hash, and the length of its digest.
pub(crate) struct Wrapped {
    pub(crate) recipe: Recipe,
    pub(crate) length: usize,
}

impl Stored {
    pub(crate) fn new(recipe: Recipe, digest: Vec<u8>) -> Stored {
        Stored { recipe, digest, wrapped: None }
    }
}

/// Read a stored text, check that its scheme is accepted and its parameters within the bounds.
pub(crate) fn read(text: &str, settings: &Settings) -> Result<Stored, Error> {
    if text.len() > settings.bounds.stored_bytes {
        return Err(Error::OutOfBounds("stored length"));
    }
    let stored = parse(text, settings)?;
    let outer = Some((&stored.recipe, stored.digest.len()));
    let inner = stored.wrapped.as_ref().map(|wrapped| (&wrapped.recipe, wrapped.length));
    for (recipe, length) in [outer, inner].into_iter().flatten() {
        if !settings.accepts(recipe.scheme()) {
            return Err(Error::NotAccepted(recipe.scheme()));
        }
        if length < MIN_DIGEST_BYTES {
            return Err(Error::Malformed(recipe.scheme()));
        }
        // The inner digest of a wrapped hash is not there, and once was.
        if length > settings.bounds.stored_bytes {
            return Err(Error::OutOfBounds("stored length"));
        }
        recipe.check(length, &settings.bounds)?;
    }
    Ok(stored)
}

/// Find the form by what the text begins with or consists of.
fn parse(text: &str, settings: &Settings) -> Result<Stored, Error> {
    if text.starts_with('$') {
        return dollar(text, settings);
    }
    if text.starts_with("U$") {
        return crypt::drupal_update(text);
    }
    if let Some(rest) = text.strip_prefix('{') {
        return match serde_json::from_str::<Value>(text) {
            Ok(json) => object(&json, settings),
            Err(_) => ldap::read(rest, settings),
        };
    }
    if text.contains('$') {
        let (method, rest) = text.split_once('$').ok_or(Error::Unrecognized)?;
        return match method.split_once(':') {
            Some((scheme, parameters)) => werkzeug::read(scheme, parameters, rest),
            None => django::read(method, rest, settings),
        };
    }
    better_auth::read(text)
        .or_else(|| unsalted::read(text))
        .or_else(|| aspnet::read(text))
        .ok_or(Error::Unrecognized)
}

/// The forms that begin with a dollar sign and an identifier.
fn dollar(text: &str, settings: &Settings) -> Result<Stored, Error> {
    let (id, rest) =
        text.strip_prefix('$').and_then(|text| text.split_once('$')).ok_or(Error::Unrecognized)?;
    match id {
        "argon2id" | "argon2i" | "argon2d" => phc::argon2(id, rest, settings),
        "2a" | "2b" | "2x" | "2y" => bcrypt::plain(id, rest, settings),
        "wp" => bcrypt::wordpress(rest),
        "bcrypt-sha256" => passlib::bcrypt_sha256(rest),
        "scrypt" => passlib::scrypt(rest),
        "1" | "md5-crypt" => crypt::md5("$1$", rest),
        "apr1" => crypt::md5("$apr1$", rest),
        "5" | "sha256-crypt" => crypt::sha256(rest),
        "6" | "sha512-crypt" => crypt::sha512(rest),
        "y" => crypt::yescrypt(rest),
        "P" | "H" | "S" => crypt::phpass(id, rest),
        "firescrypt" => firebase::kratos(rest),
        "fbscrypt" => firebase::supabase(rest),
        "wrap" => wrap::read(rest, settings),
        _ => match id.split_once('-').unwrap_or((id, "")) {
            ("pbkdf2", hash) => passlib::pbkdf2(hash, rest),
            ("hmac", hash) => kratos::hmac(hash, rest),
            (hash, "") => kratos::salted(hash, rest),
            _ => Err(Error::Unrecognized),
        },
    }
}

/// The forms that are JSON objects.
fn object(json: &Value, settings: &Settings) -> Result<Stored, Error> {
    if json.get("credentialData").is_some() {
        keycloak::read(json)
    } else if json.get("encryptionScheme").is_some() {
        fusionauth::read(json)
    } else if json.get("passwordHash").is_some() {
        firebase::export(json, settings)
    } else if json.get("algorithm").is_some() {
        auth0::read(json, settings)
    } else {
        Err(Error::Unrecognized)
    }
}

/// Write a new hash of the preferred scheme.
pub(crate) fn write(recipe: &Recipe, digest: &[u8]) -> Option<String> {
    match recipe {
        Recipe::Argon2(argon2) => Some(phc::write(argon2, digest)),
        Recipe::Bcrypt(plain) => Some(bcrypt::write(plain, digest)),
        _ => None,
    }
}
