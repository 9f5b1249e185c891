//! The forms of `crypt(3)`, phpass and Drupal 7.

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::crypt::Crypt;
use crate::recipe::hash::Hash;
use crate::scheme::Scheme;
use crate::text;
use crate::treatment::Treatment;

/// The rounds of SHA-crypt if the text does not name them.
const SHA_ROUNDS: u32 = 5000;
/// The length of the salt in MD5-crypt. It ignores the rest of a longer salt.
const MD5_SALT: usize = 8;
/// The same for SHA-crypt.
const SHA_SALT: usize = 16;

/// Reads the part after `$1$` or `$apr1$`: `<salt>$<digest>`.
pub(super) fn md5(magic: &'static str, rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (salt, digest) = rest.split_once('$')?;
        let salt = salt.get(..salt.len().min(MD5_SALT))?.to_owned();
        stored(Crypt::Md5 { magic, salt }, digest, 22)
    };
    read().ok_or(Error::Malformed(Scheme::Md5Crypt))
}

/// Reads the part after `$5$`.
pub(super) fn sha256(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (rounds, salt, digest) = sha_fields(rest)?;
        stored(Crypt::Sha256 { rounds, salt }, digest, 43)
    };
    read().ok_or(Error::Malformed(Scheme::Sha256Crypt))
}

/// Reads the part after `$6$`.
pub(super) fn sha512(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (rounds, salt, digest) = sha_fields(rest)?;
        stored(Crypt::Sha512 { rounds, salt }, digest, 86)
    };
    read().ok_or(Error::Malformed(Scheme::Sha512Crypt))
}

/// Reads `rounds=5000$<salt>$<digest>`, with or without the rounds.
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

/// Reads the part after `$y$`: `j9T$<salt>$<digest>`.
///
/// The parameters must be those of the default mode, which libxcrypt writes, and set only N and r.
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

/// Reads the part after `$P$`, `$H$` or `$S$`: a character for the rounds, eight of salt, the digest.
pub(super) fn phpass(id: &str, rest: &str) -> Result<Stored, Error> {
    let read = || {
        let hash = if id == "S" { Hash::Sha512 } else { Hash::Md5 };
        let (rounds, rest) = rest.split_at_checked(1)?;
        let (salt, digest) = rest.split_at_checked(8)?;
        let log_rounds = text::crypt64_digit(*rounds.as_bytes().first()?)?;
        // phpBB and Drupal have a letter of their own. The P is phpass's own, which WordPress writes.
        let treatment = match id {
            "S" => Treatment::Trimmed,
            "H" => Treatment::PhpBb,
            _ => Treatment::WordPress,
        };
        phpass_parts((hash, treatment), log_rounds, salt, digest)
    };
    read().ok_or(Error::Malformed(Scheme::Phpass))
}

/// Puts the parts together. An MD5 digest must be whole; a SHA-512 digest has the length to which Drupal cuts it.
pub(super) fn phpass_parts(
    (hash, treatment): (Hash, Treatment),
    log_rounds: u32,
    salt: &str,
    digest: &str,
) -> Option<Stored> {
    let length = if hash == Hash::Md5 { 22 } else { 43 };
    let salt = salt.to_owned();
    stored(Crypt::Phpass { hash, log_rounds, salt, over_md5: false, treatment }, digest, length)
}

/// Reads `U$S$…` and `U$P$…`, which Drupal 7 made from the MD5 hashes of Drupal 6.
pub(super) fn drupal_update(text: &str) -> Result<Stored, Error> {
    let (id, rest) =
        text.strip_prefix("U$").and_then(|rest| rest.split_once('$')).ok_or(Error::Unrecognized)?;
    if !matches!(id, "S" | "P") {
        return Err(Error::Unrecognized);
    }
    let mut stored = phpass(id, rest)?;
    if let Recipe::Crypt(Crypt::Phpass { over_md5, treatment, .. }) = &mut stored.recipe {
        (*over_md5, *treatment) = (true, Treatment::Trimmed);
    }
    Ok(stored)
}

/// Checks the digest, which stays in characters.
fn stored(crypt: Crypt, digest: &str, length: usize) -> Option<Stored> {
    let complete = digest.len() == length && text::is_crypt64(digest);
    complete.then(|| Stored::new(Recipe::Crypt(crypt), digest.as_bytes().to_vec()))
}
