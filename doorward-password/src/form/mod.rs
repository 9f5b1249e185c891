//! How systems write a hash down: from a stored text to a recipe and the digest it must give.

pub(crate) mod bcrypt;
pub(crate) mod phc;

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
    pub(crate) wrapped: Option<Recipe>,
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
    for recipe in [Some(&stored.recipe), stored.wrapped.as_ref()].into_iter().flatten() {
        if !settings.accepts(recipe.scheme()) {
            return Err(Error::NotAccepted(recipe.scheme()));
        }
        recipe.check(&settings.bounds)?;
    }
    if stored.digest.len() < MIN_DIGEST_BYTES {
        return Err(Error::Malformed(stored.recipe.scheme()));
    }
    Ok(stored)
}

/// Find the form by its prefix.
fn parse(text: &str, settings: &Settings) -> Result<Stored, Error> {
    let Some(rest) = text.strip_prefix('$') else { return Err(Error::Unrecognized) };
    let (id, rest) = rest.split_once('$').ok_or(Error::Unrecognized)?;
    match id {
        "argon2id" | "argon2i" | "argon2d" => phc::argon2(id, rest, settings),
        "2a" | "2b" | "2x" | "2y" => bcrypt::plain(id, rest),
        _ => Err(Error::Unrecognized),
    }
}

/// Write a new hash of the preferred scheme.
pub(crate) fn write(recipe: &Recipe, digest: &[u8]) -> String {
    match recipe {
        Recipe::Argon2(argon2) => phc::write(argon2, digest),
        Recipe::Bcrypt(plain) => bcrypt::write(plain, digest),
    }
}
