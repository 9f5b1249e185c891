//! The forms of `crypt(3)`, phpass and Drupal 7.

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::crypt::Crypt;
use crate::recipe::hash::Hash;
use crate::scheme::Scheme;
use crate::text;

/// The rounds of SHA-crypt if the text names none.
const SHA_ROUNDS: u32 = 5000;
/// MD5-crypt ignores what a longer salt has beyond this.
const MD5_SALT: usize = 8;
/// SHA-crypt, the same.
const SHA_SALT: usize = 16;

/// Read what follows `$1$` or `$apr1$`: `<salt>$<digest>`.
pub(super) fn md5(magic: &'static str, rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (salt, digest) = rest.split_once('$')?;
        let salt = salt.get(..salt.len().min(MD5_SALT))?.to_owned();
        stored(Crypt::Md5 { magic, salt }, digest, 22)
    };
    read().ok_or(Error::Malformed(Scheme::Md5Crypt))
}

/// Read what follows `$5$`.
pub(super) fn sha256(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (rounds, salt, digest) = sha_fields(rest)?;
        stored(Crypt::Sha256 { rounds, salt }, digest, 43)
    };
    read().ok_or(Error::Malformed(Scheme::Sha256Crypt))
}

/// Read what follows `$6$`.
pub(super) fn sha512(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (rounds, salt, digest) = sha_fields(rest)?;
        stored(Crypt::Sha512 { rounds, salt }, digest, 86)
    };
    read().ok_or(Error::Malformed(Scheme::Sha512Crypt))
}

/// Read `rounds=5000$<salt>$<digest>`, the rounds being optional.
fn sha_fields(rest: &str) -> Option<(u32, String, &str)> {
    let (rounds, rest) = match rest.strip_prefix("rounds=") {
        Some(rest) => {
            let (rounds, rest) = rest.split_once('$')?;
            (text::number(rounds)?, rest)
        }
        None => (SHA_ROUNDS, rest),
    };
    let (salt, digest) = rest.split_once('$')?;
    Some((rounds, salt.get(..salt.len().min(SHA_SALT))?.to_owned(), digest))
}

/// Read what follows `$y$`: `j9T$<salt>$<digest>`.
///
/// The parameters must be those of the default mode, which libxcrypt writes, with nothing but N and r in them.
pub(super) fn yescrypt(rest: &str) -> Result<Stored, Error> {
    let malformed = Error::Malformed(Scheme::Yescrypt);
    let (parameters, rest) = rest.split_once('$').ok_or(malformed.clone())?;
    let (salt, digest) = rest.split_once('$').ok_or(malformed.clone())?;
    let params: ::yescrypt::Params = parameters.parse().map_err(|_| malformed.clone())?;
    let (n, r) = (params.n(), params.r());
    if ::yescrypt::Params::new(::yescrypt::Mode::default(), n, r, 1) != Ok(params) {
        return Err(malformed);
    }
    let salt = text::crypt64(salt).ok_or(malformed.clone())?;
    stored(Crypt::Yescrypt { n, r, salt }, digest, 43).ok_or(malformed)
}

/// Read what follows `$P$`, `$H$` or `$S$`: a character for the rounds, eight of salt, the digest.
pub(super) fn phpass(id: &str, rest: &str) -> Result<Stored, Error> {
    let read = || {
        let hash = if id == "S" { Hash::Sha512 } else { Hash::Md5 };
        let (rounds, rest) = rest.split_at_checked(1)?;
        let (salt, digest) = rest.split_at_checked(8)?;
        let log_rounds = text::crypt64_digit(*rounds.as_bytes().first()?)?;
        phpass_parts(hash, log_rounds, salt, digest)
    };
    read().ok_or(Error::Malformed(Scheme::Phpass))
}

/// Put the parts together: a whole MD5 digest, or as much of a SHA-512 digest as Drupal keeps.
pub(super) fn phpass_parts(hash: Hash, log_rounds: u32, salt: &str, digest: &str) -> Option<Stored> {
    let length = if hash == Hash::Md5 { 22 } else { 43 };
    stored(Crypt::Phpass { hash, log_rounds, salt: salt.to_owned(), over_md5: false }, digest, length)
}

/// Read `U$S$…` and `U$P$…`, which Drupal 7 made from the MD5 hashes of Drupal 6.
pub(super) fn drupal_update(text: &str) -> Result<Stored, Error> {
    let (id, rest) =
        text.strip_prefix("U$").and_then(|rest| rest.split_once('$')).ok_or(Error::Unrecognized)?;
    if !matches!(id, "S" | "P") {
        return Err(Error::Unrecognized);
    }
    let mut stored = phpass(id, rest)?;
    if let Recipe::Crypt(Crypt::Phpass { over_md5, .. }) = &mut stored.recipe {
        *over_md5 = true;
    }
    Ok(stored)
}

/// The digest stays in characters.
fn stored(crypt: Crypt, digest: &str, length: usize) -> Option<Stored> {
    let complete = digest.len() == length && text::is_crypt64(digest);
    complete.then(|| Stored::new(Recipe::Crypt(crypt), digest.as_bytes().to_vec()))
}
