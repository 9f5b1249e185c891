//! Django's forms: `<hasher>$…`. The salt is text.

use super::stored::Stored;
use super::{bcrypt, dollar, unsalted};
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Key;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::recipe::scrypt::Scrypt;
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::text;

/// Reads the part after the hasher's name and a dollar sign.
pub(super) fn read(hasher: &str, rest: &str, settings: &Settings) -> Result<Stored, Error> {
    match hasher {
        "pbkdf2_sha256" => pbkdf2(Hash::Sha256, rest).ok_or(Error::Malformed(Scheme::Pbkdf2Sha256)),
        "pbkdf2_sha1" => pbkdf2(Hash::Sha1, rest).ok_or(Error::Malformed(Scheme::Pbkdf2Sha1)),
        "scrypt" => scrypt(rest).ok_or(Error::Malformed(Scheme::Scrypt)),
        // The rest is argon2's own form without its first dollar sign, and bcrypt's with it.
        "argon2" => dollar::read(&format!("${rest}"), settings),
        "bcrypt" => match rest.strip_prefix("$2b$").or_else(|| rest.strip_prefix("$2a$")) {
            Some(rest) => bcrypt::keyed(rest, Key::Password).ok_or(Error::Malformed(Scheme::Bcrypt)),
            None => Err(Error::Malformed(Scheme::Bcrypt)),
        },
        "bcrypt_sha256" => match rest.strip_prefix("$2b$").or_else(|| rest.strip_prefix("$2a$")) {
            Some(rest) => bcrypt::keyed(rest, Key::Sha256Hex).ok_or(Error::Malformed(Scheme::BcryptSha2)),
            None => Err(Error::Malformed(Scheme::BcryptSha2)),
        },
        "md5" => salted(Hash::Md5, rest).ok_or(Error::Malformed(Scheme::Md5)),
        "sha1" => salted(Hash::Sha1, rest).ok_or(Error::Malformed(Scheme::Sha1)),
        _ => Err(Error::Unrecognized),
    }
}

/// Reads `<iterations>$<salt>$<base64>`.
fn pbkdf2(hash: Hash, rest: &str) -> Option<Stored> {
    let (iterations, rest) = rest.split_once('$')?;
    let (salt, digest) = rest.split_once('$')?;
    let pbkdf2 = Pbkdf2 { hash, iterations: text::number(iterations)?, salt: salt.as_bytes().to_vec() };
    Some(Stored::new(Recipe::Pbkdf2(pbkdf2), text::base64(digest)?))
}

/// Reads `<N>$<salt>$<r>$<p>$<base64>`.
fn scrypt(rest: &str) -> Option<Stored> {
    let mut fields = rest.split('$');
    let (n, salt) = (text::number(fields.next()?)?, fields.next()?);
    let (r, p) = (text::number(fields.next()?)?, text::number(fields.next()?)?);
    let digest = text::base64(fields.next()?)?;
    let salt = salt.as_bytes().to_vec();
    let scrypt = Scrypt { n: n.into(), r, p, salt, nfkc: false, signer_key: None };
    fields.next().is_none().then(|| Stored::new(Recipe::Scrypt(scrypt), digest))
}

/// Reads `<salt>$<hexadecimal>`. The salt is hashed before the password.
fn salted(hash: Hash, rest: &str) -> Option<Stored> {
    let (salt, digest) = rest.split_once('$')?;
    if salt.is_empty() {
        return unsalted::read(digest);
    }
    let plain = Plain::Salted { hash, before: salt.as_bytes().to_vec(), after: Vec::new() };
    Some(Stored::new(Recipe::Plain(plain), text::hex(digest)?))
}
