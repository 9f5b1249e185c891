//! bcrypt's own form: `$2b$12$` and 53 characters, 22 of salt and 31 of digest.
//!
//! The letter tells the writer: `2a` Ruby, Java and old libraries, `2b` OpenBSD, Python and Node, `2y` PHP and Apache.
//! All three are computed alike. `2x` marks hashes that a buggy PHP or `crypt_blowfish` computed.

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::{Bcrypt, DIGEST_BYTES, Key};
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::text;

const SALT_CHARACTERS: usize = 22;

/// Reads the part after `$2b$`. With a Devise pepper configured, `$2a$` hashes are read as Devise's.
pub(super) fn plain(id: &str, rest: &str, settings: &Settings) -> Result<Stored, Error> {
    let key = match (id, &settings.devise_pepper) {
        ("2x", _) => Key::SignExtended,
        ("2a", Some(pepper)) => Key::Peppered(pepper.clone()),
        _ => Key::Password,
    };
    keyed(rest, key).ok_or(Error::Malformed(Scheme::Bcrypt))
}

/// Reads the part after `$wp$`: PHP's bcrypt without its first dollar sign.
pub(super) fn wordpress(rest: &str) -> Result<Stored, Error> {
    let rest = rest.strip_prefix("2y$").ok_or(Error::Malformed(Scheme::BcryptSha2))?;
    keyed(rest, Key::WordPress).ok_or(Error::Malformed(Scheme::BcryptSha2))
}

/// Reads `12$<salt><digest>`.
pub(super) fn keyed(rest: &str, key: Key) -> Option<Stored> {
    let (cost, encoded) = rest.split_once('$')?;
    let (salt, digest) = encoded.split_at_checked(SALT_CHARACTERS)?;
    parts((cost.len() == 2).then_some(cost)?, salt, digest, key)
}

/// Puts the three parts together.
pub(super) fn parts(cost: &str, salt: &str, digest: &str, key: Key) -> Option<Stored> {
    let cost = text::number(cost).filter(|cost| *cost >= 4)?;
    let salt = text::bcrypt_base64(salt)?.try_into().ok()?;
    let digest = text::bcrypt_base64(digest).filter(|digest| digest.len() == DIGEST_BYTES)?;
    Some(Stored::new(Recipe::Bcrypt(Bcrypt { cost, salt, key }), digest))
}

/// Writes a new hash.
pub(super) fn write(bcrypt: &Bcrypt, digest: &[u8]) -> String {
    let (salt, digest) = (text::to_bcrypt_base64(&bcrypt.salt), text::to_bcrypt_base64(digest));
    format!("$2b${:02}${salt}{digest}", bcrypt.cost)
}
