//! This crate's own form for a legacy hash inside argon2id: `$wrap$<legacy>$argon2id$…`.
//!
//! The legacy part has the name of the computation, the length of its digest and its parameters, separated by commas.
//! The digest itself is not stored: argon2id has replaced it.

use super::phc;
use super::stored::{Stored, Wrapped};
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::{Bcrypt, Key};
use crate::recipe::crypt::Crypt;
use crate::recipe::digest::Plain;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::recipe::scrypt::Scrypt;
use crate::settings::Settings;
use crate::text;
use crate::treatment::Treatment;

/// Reads the part after `$wrap$`.
pub(super) fn read(rest: &str, settings: &Settings) -> Result<Stored, Error> {
    let (legacy, outer) = rest.split_once('$').ok_or(Error::Unrecognized)?;
    if legacy.starts_with("bcrypt-devise,") && settings.devise_pepper.is_none() {
        return Err(Error::MissingSetting("devise_pepper"));
    }
    let wrapped = legacy_recipe(legacy, settings).ok_or(Error::Unrecognized)?;
    let outer = outer.strip_prefix("argon2id$").ok_or(Error::Unrecognized)?;
    let stored = phc::argon2("argon2id", outer, settings)?;
    Ok(Stored { wrapped: Some(wrapped), ..stored })
}

/// Writes the whole text. `outer` is in the PHC form. Returns `None` for a computation that is never wrapped.
pub(crate) fn write(legacy: &Recipe, length: usize, outer: &str) -> Option<String> {
    let base64 = |bytes: &[u8]| text::to_base64(bytes);
    let legacy = match legacy {
        Recipe::Plain(Plain::Salted { hash, before, after }) => {
            format!("{},{length},{},{}", hash.name(), base64(before), base64(after))
        }
        Recipe::Plain(Plain::Repeated { hash, salt, rounds }) => {
            format!("repeat-{},{length},{rounds},{}", hash.name(), base64(salt))
        }
        Recipe::Plain(Plain::Hmac { hash, key }) => format!("hmac-{},{length},{}", hash.name(), base64(key)),
        Recipe::Pbkdf2(Pbkdf2 { hash, iterations, salt }) => {
            format!("pbkdf2-{},{length},{iterations},{}", hash.name(), base64(salt))
        }
        Recipe::Crypt(crypt) => match crypt {
            Crypt::Sha256 { rounds, salt } => {
                format!("crypt-sha256,{length},{rounds},{}", base64(salt.as_bytes()))
            }
            Crypt::Sha512 { rounds, salt } => {
                format!("crypt-sha512,{length},{rounds},{}", base64(salt.as_bytes()))
            }
            Crypt::Md5 { magic, salt } => {
                format!("crypt-{},{length},{}", magic.trim_matches('$'), base64(salt.as_bytes()))
            }
            Crypt::Phpass { hash, log_rounds, salt, over_md5, treatment } => {
                let kind = match (over_md5, treatment) {
                    (true, _) => "drupal",
                    (false, Treatment::WordPress) => "wordpress",
                    (false, Treatment::PhpBb) => "phpbb",
                    (false, _) => "phpass",
                };
                format!("{kind}-{},{length},{log_rounds},{}", hash.name(), base64(salt.as_bytes()))
            }
            Crypt::Yescrypt { .. } => return None,
        },
        Recipe::Bcrypt(Bcrypt { cost, salt, key }) => {
            format!("bcrypt-{},{length},{cost},{}", key_name(key), base64(salt))
        }
        Recipe::Scrypt(Scrypt { n, r, p, salt, nfkc, signer_key: None }) => {
            let kind = if *nfkc { "scrypt-nfkc" } else { "scrypt-exact" };
            format!("{kind},{length},{n},{r},{p},{}", base64(salt))
        }
        // The signer key does not belong into another text.
        Recipe::Argon2(_) | Recipe::Scrypt(_) => return None,
    };
    Some(format!("$wrap${legacy}{outer}"))
}

/// Returns the name of the key that bcrypt takes.
fn key_name(key: &Key) -> &'static str {
    match key {
        Key::Password => "password",
        Key::SignExtended => "2x",
        Key::Peppered(_) => "devise",
        Key::Sha256Hex => "hex",
        Key::Sha256Base64 => "base64",
        Key::HmacSha256Base64 => "hmac",
        Key::WordPress => "wordpress",
    }
}

fn key(name: &str, settings: &Settings) -> Option<Key> {
    Some(match name {
        "password" => Key::Password,
        "2x" => Key::SignExtended,
        "devise" => Key::Peppered(settings.devise_pepper.clone()?),
        "hex" => Key::Sha256Hex,
        "base64" => Key::Sha256Base64,
        "hmac" => Key::HmacSha256Base64,
        "wordpress" => Key::WordPress,
        _ => return None,
    })
}

fn legacy_recipe(legacy: &str, settings: &Settings) -> Option<Wrapped> {
    let mut fields = legacy.split(',');
    let name = fields.next()?;
    let length = text::number(fields.next()?)? as usize;
    let mut field = || fields.next();
    let recipe = match name.split_once('-').unwrap_or(("", name)) {
        ("", hash) => {
            let (before, after) = (text::base64(field()?)?, text::base64(field()?)?);
            Recipe::Plain(Plain::Salted { hash: Hash::named(hash)?, before, after })
        }
        ("hmac", hash) => {
            Recipe::Plain(Plain::Hmac { hash: Hash::named(hash)?, key: text::base64(field()?)? })
        }
        ("repeat", hash) => {
            let (rounds, salt) = (text::number(field()?)?, text::base64(field()?)?);
            Recipe::Plain(Plain::Repeated { hash: Hash::named(hash)?, salt, rounds })
        }
        ("pbkdf2", hash) => {
            let (iterations, salt) = (text::number(field()?)?, text::base64(field()?)?);
            Recipe::Pbkdf2(Pbkdf2 { hash: Hash::named(hash)?, iterations, salt })
        }
        ("crypt", "sha256") => {
            let (rounds, salt) = (text::number(field()?)?, salt(field()?)?);
            Recipe::Crypt(Crypt::Sha256 { rounds, salt })
        }
        ("crypt", "sha512") => {
            let (rounds, salt) = (text::number(field()?)?, salt(field()?)?);
            Recipe::Crypt(Crypt::Sha512 { rounds, salt })
        }
        ("crypt", "1") => Recipe::Crypt(Crypt::Md5 { magic: "$1$", salt: salt(field()?)? }),
        ("crypt", "apr1") => Recipe::Crypt(Crypt::Md5 { magic: "$apr1$", salt: salt(field()?)? }),
        (kind @ ("phpass" | "drupal" | "wordpress" | "phpbb"), hash) => {
            let (log_rounds, salt) = (text::number(field()?)?, salt(field()?)?);
            let hash = Hash::named(hash)?;
            let treatment = match kind {
                "wordpress" => Treatment::WordPress,
                "phpbb" => Treatment::PhpBb,
                "phpass" if hash == Hash::Md5 => Treatment::Php,
                _ => Treatment::Trimmed,
            };
            Recipe::Crypt(Crypt::Phpass { hash, log_rounds, salt, over_md5: kind == "drupal", treatment })
        }
        ("bcrypt", name) => {
            let (cost, salt) = (text::number(field()?).filter(|cost| *cost >= 4)?, text::base64(field()?)?);
            Recipe::Bcrypt(Bcrypt { cost, salt: salt.try_into().ok()?, key: key(name, settings)? })
        }
        ("scrypt", kind @ ("nfkc" | "exact")) => {
            let (n, r, p) = (field()?.parse().ok()?, text::number(field()?)?, text::number(field()?)?);
            let salt = text::base64(field()?)?;
            Recipe::Scrypt(Scrypt { n, r, p, salt, nfkc: kind == "nfkc", signer_key: None })
        }
        _ => return None,
    };
    fields.next().is_none().then_some(Wrapped { recipe, length })
}

fn salt(field: &str) -> Option<String> {
    String::from_utf8(text::base64(field)?).ok()
}
