//! ASP.NET Core Identity's forms: base64 of a version byte, parameters, salt and subkey.

use super::stored::Stored;
use crate::recipe::Recipe;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::text;

/// The length of the salt in version 2, and the least length in version 3.
const SALT_BYTES: usize = 16;

pub(super) fn read(text: &str) -> Option<Stored> {
    let bytes = text::base64(text)?;
    let (version, rest) = bytes.split_first()?;
    match version {
        0 => version_2(rest),
        1 => version_3(rest),
        _ => None,
    }
}

/// PBKDF2 with SHA-1, 1,000 iterations, 16 bytes of salt, 32 of subkey.
fn version_2(rest: &[u8]) -> Option<Stored> {
    let (salt, subkey) = rest.split_at_checked(SALT_BYTES).filter(|(_, subkey)| subkey.len() == 32)?;
    let pbkdf2 = Pbkdf2 { hash: Hash::Sha1, iterations: 1000, salt: salt.to_vec() };
    Some(Stored::new(Recipe::Pbkdf2(pbkdf2), subkey.to_vec()))
}

/// Three big-endian numbers (hash function, iterations, length of the salt), the salt, the subkey.
fn version_3(rest: &[u8]) -> Option<Stored> {
    let (hash, rest) = big_endian(rest)?;
    let (iterations, rest) = big_endian(rest)?;
    let (length, rest) = big_endian(rest)?;
    let hash = match hash {
        0 => Hash::Sha1,
        1 => Hash::Sha256,
        2 => Hash::Sha512,
        _ => return None,
    };
    let length = usize::try_from(length).ok().filter(|length| *length >= SALT_BYTES)?;
    let (salt, subkey) = rest.split_at_checked(length).filter(|(_, subkey)| subkey.len() >= 16)?;
    Some(Stored::new(Recipe::Pbkdf2(Pbkdf2 { hash, iterations, salt: salt.to_vec() }), subkey.to_vec()))
}

fn big_endian(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}
