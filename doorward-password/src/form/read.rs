//! Reads a stored text of any form, and checks it.

use serde_json::Value;

use super::stored::Stored;
use super::{object, text};
use crate::error::Error;
use crate::settings::Settings;

/// Shorter digests could match by chance. The PHC string format demands at least 12 bytes.
const MIN_DIGEST_BYTES: usize = 12;

/// Reads a stored text. Checks that its scheme is accepted and its parameters are within the bounds.
pub(crate) fn read(text: &str, settings: &Settings) -> Result<Stored, Error> {
    if text.len() > settings.bounds.stored_bytes {
        return Err(Error::OutOfBounds("stored length"));
    }
    let stored = parse(text, settings)?;
    let outer = Some((&stored.recipe, stored.digest.len()));
    let inner = stored.wrapped.as_ref().map(|wrapped| (&wrapped.recipe, wrapped.length));
    for (recipe, length) in [outer, inner].into_iter().flatten() {
        if !settings.accepts(recipe.scheme()) {
            return Err(Error::NotAccepted(recipe.scheme()));
        }
        if length < MIN_DIGEST_BYTES {
            return Err(Error::Malformed(recipe.scheme()));
        }
        // The inner digest of a wrapped hash is not in the text, but its length is.
        if length > settings.bounds.stored_bytes {
            return Err(Error::OutOfBounds("stored length"));
        }
        recipe.check(length, &settings.bounds)?;
    }
    Ok(stored)
}

/// Reads a JSON object, or a text of another form.
fn parse(text: &str, settings: &Settings) -> Result<Stored, Error> {
    if text.starts_with('{')
        && let Ok(json) = serde_json::from_str::<Value>(text)
    {
        return object::read(&json, settings);
    }
    text::read(text, settings)
}
