//! bcrypt's own form: `$2b$12$` and 53 characters, 22 of salt and 31 of digest.
//!
//! The letter tells the writer: `2a` Ruby, Java and old libraries, `2b` OpenBSD, Python and Node, `2y` PHP and
//! Apache; `2x` marks hashes that a buggy PHP or `crypt_blowfish` computed. `a`, `b` and `y` are computed alike.

use super::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Bcrypt;
use crate::scheme::Scheme;
use crate::text;

const SALT_CHARACTERS: usize = 22;
const DIGEST_CHARACTERS: usize = 31;

/// Read what follows `$2b$`.
pub(crate) fn plain(id: &str, rest: &str) -> Result<Stored, Error> {
    let (bcrypt, digest) = parts(rest).ok_or(Error::Malformed(Scheme::Bcrypt))?;
    Ok(Stored::new(Recipe::Bcrypt(Bcrypt { sign_extended: id == "2x", ..bcrypt }), digest))
}

/// Read `12$<salt><digest>`.
fn parts(rest: &str) -> Option<(Bcrypt, Vec<u8>)> {
    let (cost, encoded) = rest.split_once('$')?;
    if cost.len() != 2 || encoded.len() != SALT_CHARACTERS + DIGEST_CHARACTERS {
        return None;
    }
    let cost = text::number(cost).filter(|cost| *cost >= 4)?;
    let (salt, digest) = encoded.split_at_checked(SALT_CHARACTERS)?;
    let salt = text::bcrypt_base64(salt)?.try_into().ok()?;
    Some((Bcrypt { cost, salt, sign_extended: false }, text::bcrypt_base64(digest)?))
}

/// Write a new hash.
pub(crate) fn write(bcrypt: &Bcrypt, digest: &[u8]) -> String {
    let (salt, digest) = (text::to_bcrypt_base64(&bcrypt.salt), text::to_bcrypt_base64(digest));
    format!("$2b${:02}${salt}{digest}", bcrypt.cost)
}
