//! The fields that the settings declare for a user, as pages show them.

use std::collections::HashMap;

use minijinja::{Value, context};
use serde_json::Value as Json;

use crate::{
    base::config::{ProfileField, ProfileKind},
    model::details::JsonObject,
    web::pages::{form::PROFILE, page::Pages, visit::Visit},
};

/// Returns what `pages/profile_field.html` needs for each field. `typed` has what stands in them, by their names.
pub(crate) fn form(pages: &Pages, visit: &Visit, typed: &HashMap<String, String>) -> Vec<Value> {
    let field = |field: &ProfileField| {
        context! {
            name => form_name(field),
            label => field.label(visit.words.language.tag()),
            kind => field.kind.name(),
            required => field.required,
            greatest => field.greatest(),
            typed => typed.get(&field.name),
        }
    };
    pages.auth.config().profile.iter().map(field).collect()
}

/// Returns the names that the fields have in a form, in their order.
pub(crate) fn names(pages: &Pages) -> Vec<String> {
    pages.auth.config().profile.iter().map(form_name).collect()
}

fn form_name(field: &ProfileField) -> String {
    format!("{PROFILE}{}", field.name)
}

/// Returns a stored profile as a form would send it.
pub(crate) fn as_typed(profile: &JsonObject) -> HashMap<String, String> {
    let typed = |value| match value {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(true) => Some("on".to_owned()),
        _ => None,
    };
    let members = profile.members().into_iter();
    members.filter_map(|(name, value)| Some((name, typed(value)?))).collect()
}

/// Returns the label and the value of each field, to read.
pub(crate) fn read_only(pages: &Pages, visit: &Visit, profile: &JsonObject) -> Vec<Value> {
    let typed = as_typed(profile);
    let field = |field: &ProfileField| {
        let value = match (field.kind, typed.get(&field.name)) {
            (ProfileKind::Boolean, ticked) => {
                Some(visit.words.text(if ticked.is_some() { "yes" } else { "no" }, &[]))
            }
            (_, text) => text.cloned(),
        };
        context! { label => field.label(visit.words.language.tag()), value }
    };
    pages.auth.config().profile.iter().map(field).collect()
}
