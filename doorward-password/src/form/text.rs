//! The forms that are not JSON objects.

use super::stored::Stored;
use super::{aspnet, better_auth, crypt, django, dollar, ldap, unsalted, werkzeug};
use crate::error::Error;
use crate::settings::Settings;

/// Finds the form by the beginning or the alphabet of the text.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Stored, Error> {
    if text.starts_with('$') {
        return dollar::read(text, settings);
    }
    if text.starts_with("U$") {
        return crypt::drupal_update(text);
    }
    if let Some(rest) = text.strip_prefix('{') {
        return ldap::read(rest, settings);
    }
    if text.contains('$') {
        let (method, rest) = text.split_once('$').ok_or(Error::Unrecognized)?;
        return match method.split_once(':') {
            Some((scheme, parameters)) => werkzeug::read(scheme, parameters, rest),
            None => django::read(method, rest, settings),
        };
    }
    better_auth::read(text)
        .or_else(|| unsalted::read(text))
        .or_else(|| aspnet::read(text))
        .ok_or(Error::Unrecognized)
}
