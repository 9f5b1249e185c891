//! The forms that begin with a dollar sign and an identifier.

use super::stored::Stored;
use super::{bcrypt, crypt, firebase, kratos, passlib, phc, wrap};
use crate::error::Error;
use crate::settings::Settings;

/// Reads `$<identifier>$…`.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Stored, Error> {
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
