//! The forms that are JSON objects.

use serde_json::Value;

use super::stored::Stored;
use super::{auth0, firebase, fusionauth, keycloak};
use crate::error::Error;
use crate::settings::Settings;

/// Finds the form by the members that the object has.
pub(super) fn read(json: &Value, settings: &Settings) -> Result<Stored, Error> {
    if json.get("credentialData").is_some() {
        keycloak::read(json)
    } else if json.get("encryptionScheme").is_some() {
        fusionauth::read(json)
    } else if json.get("passwordHash").is_some() {
        firebase::export(json, settings)
    } else if json.get("algorithm").is_some() {
        auth0::read(json, settings)
    } else {
        Err(Error::Unrecognized)
    }
}
