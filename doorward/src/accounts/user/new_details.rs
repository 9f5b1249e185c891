//! Checks what the host or an operator says of a new user beside the address.

use serde_json::{Map, Value};

use crate::{
    base::{
        config::{Config, roles},
        error::FieldError,
        profile::{self, Faulty},
        text::display_name,
    },
    model::details::{JsonObject, MOST_ATTRIBUTES, NewDetails},
};

/// What is known of a new user beside the address.
#[derive(Default)]
pub(crate) struct Details {
    pub(crate) display_name: Option<String>,
    /// Sorted names, separated by spaces.
    pub(crate) roles: String,
    pub(crate) attributes: JsonObject,
    pub(crate) profile: JsonObject,
}

impl Details {
    /// Checks these details. Their profile goes over `typed`, what the user wrote, which is checked already. A required
    /// field may be missing: another system did not ask for it.
    ///
    /// # Errors
    /// The first field that is wrong, and what was expected.
    pub(crate) fn checked(
        config: &Config,
        new: &NewDetails,
        typed: Map<String, Value>,
    ) -> Result<Self, FieldError> {
        let wrong = |field: String, message: String| FieldError { field: field.into(), message };
        let display_name = new.display_name.as_deref().map(display_name::read).transpose();
        let display_name = display_name.map_err(|text| wrong("display_name".into(), text.into()))?;
        let roles = roles::to_store(&config.roles, new.roles.iter().map(String::as_str));
        let roles = roles.map_err(|expected| wrong("roles".into(), expected))?;
        if new.attributes.as_str().len() > MOST_ATTRIBUTES {
            return Err(wrong("attributes".into(), "expected one JSON object of at most 2 KiB".into()));
        }
        let given = new.profile.parse().unwrap_or_default();
        let changes = profile::read_some(&config.profile, given).map_err(|mut faulty| {
            let Faulty { name, fault } = faulty.swap_remove(0);
            wrong(name.map_or_else(|| "profile".into(), |name| format!("profile.{name}")), fault.expected())
        })?;
        let profile = JsonObject::from_members(&changes.over(typed));
        Ok(Self { display_name, roles, attributes: new.attributes.clone(), profile })
    }
}
