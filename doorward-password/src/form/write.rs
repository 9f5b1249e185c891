//! The forms of new hashes.

use super::{bcrypt, phc};
use crate::recipe::Recipe;

/// Writes a new hash of the preferred scheme.
pub(crate) fn write(recipe: &Recipe, digest: &[u8]) -> Option<String> {
    match recipe {
        Recipe::Argon2(argon2) => Some(phc::write(argon2, digest)),
        Recipe::Bcrypt(plain) => Some(bcrypt::write(plain, digest)),
        _ => None,
    }
}
