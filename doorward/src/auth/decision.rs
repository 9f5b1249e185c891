//! [`Decision`]: what the function of a host decides about an attempt, and the values that it sets.

use std::fmt::Display;

use serde::Serialize;

use crate::model::details::JsonObject;

/// The decision about an attempt. A `Result` turns into one: an error means [`Decision::Later`], and is logged.
///
/// For a registration, your function can set values that the client cannot set. For example, an invite code can bring a
/// role:
///
/// ```
/// # use doorward::attempt::{Attempt, Decision};
/// # use serde_json::json;
/// fn decide(attempt: &Attempt) -> Decision {
///     match attempt.fields.get("invite_code").map(String::as_str) {
///         Some("K7WM") => Decision::Allow.with_roles(["editor"]).with_attributes(json!({"invited_by": 17})),
///         _ => Decision::refuse("invite_needed", "You need an invitation"),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The attempt goes on.
    Allow,
    /// The attempt goes on, with values that your function sets. The functions `with_…` of [`Decision::Allow`] make it.
    AllowAs(AllowedAs),
    /// It is refused: 403 `attempt_refused`.
    Refuse,
    /// It is refused with 403. [`Decision::refuse`] makes it.
    RefuseWith {
        /// The kind of refusal, for programs: 1 to 64 of `a-z`, `0-9` and `_`, and no code of this library. A wrong one
        /// is logged, and answered as `attempt_refused`.
        code: String,
        /// The reason, for people.
        text: String,
    },
    /// It is refused with 403 `challenge_required`, and this text says what the client must do, such as to solve a
    /// CAPTCHA. The client tries again, with its answer in [`Attempt::answer`](crate::attempt::Attempt::answer).
    Challenge(String),
    /// It cannot be decided now: 503.
    Later,
}

/// The values with which an attempt goes on. The functions `with_…` of [`Decision`] set them.
///
/// They are checked like those of an operator. If one of them is wrong, the attempt is answered with 503, and the log
/// names the field. All but the address are for a registration alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedAs {
    pub(super) email: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) roles: Option<Vec<String>>,
    /// `Some(None)` if it was no object.
    pub(super) attributes: Option<Option<JsonObject>>,
    /// `Some(None)` if it was no object.
    pub(super) profile: Option<Option<JsonObject>>,
}

impl AllowedAs {
    /// Returns the name of a value that only a new user can get, if there is one.
    pub(super) fn of_new_user(&self) -> Option<&'static str> {
        [
            ("display_name", self.display_name.is_some()),
            ("roles", self.roles.is_some()),
            ("attributes", self.attributes.is_some()),
            ("profile", self.profile.is_some()),
        ]
        .into_iter()
        .find_map(|(name, is_set)| is_set.then_some(name))
    }
}

/// The functions `with_…` add a value to an attempt that is allowed. On any other decision they do nothing.
impl Decision {
    /// Refuses with a code for programs and a text for people, see [`Decision::RefuseWith`].
    #[must_use]
    pub fn refuse(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self::RefuseWith { code: code.into(), text: text.into() }
    }

    /// The attempt goes on with this e-mail address in place of the one that the client sent.
    ///
    /// The account of a registration gets this address. A user logs in with it, unless you change their log-ins too.
    #[must_use]
    pub fn with_email(self, email: impl Into<String>) -> Self {
        self.with(|values| values.email = Some(email.into()))
    }

    /// The new user has this display name: 1 to 64 characters. They may change it later.
    #[must_use]
    pub fn with_display_name(self, name: impl Into<String>) -> Self {
        self.with(|values| values.display_name = Some(name.into()))
    }

    /// The new user has these roles, of those that [`Config::roles`](crate::Config::roles) declares.
    ///
    /// The address of a registration is not proved yet. Do not give a role because of the address alone, unless users
    /// verify it before they log in ([`Config::require_verified_email`](crate::Config::require_verified_email)).
    #[must_use]
    pub fn with_roles<R: Into<String>>(self, roles: impl IntoIterator<Item = R>) -> Self {
        self.with(|values| values.roles = Some(roles.into_iter().map(Into::into).collect()))
    }

    /// The new user has these attributes: one JSON object of at most 2 KiB. Anything that serializes as an object will
    /// do: a struct, a map, or `serde_json::json!({…})`.
    #[must_use]
    pub fn with_attributes(self, attributes: impl Serialize) -> Self {
        self.with(|values| values.attributes = Some(JsonObject::of(attributes)))
    }

    /// The profile of the new user has these fields, of those that [`Config::profile`](crate::Config::profile) declares.
    /// They replace the values of the client, and `null` removes a value. The other fields stay as they were sent.
    #[must_use]
    pub fn with_profile(self, profile: impl Serialize) -> Self {
        self.with(|values| values.profile = Some(JsonObject::of(profile)))
    }

    fn with(self, set: impl FnOnce(&mut AllowedAs)) -> Self {
        let mut values = match self {
            Self::Allow => AllowedAs::default(),
            Self::AllowAs(values) => values,
            refusal => return refusal,
        };
        set(&mut values);
        Self::AllowAs(values)
    }
}

impl<E: Display> From<Result<Decision, E>> for Decision {
    fn from(result: Result<Decision, E>) -> Self {
        result.unwrap_or_else(|error| {
            tracing::error!(cause = %error, "the function that decides about attempts failed");
            Self::Later
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_added_to_an_attempt_that_is_allowed() {
        let decision =
            Decision::Allow.with_email("a@example.org").with_roles(["editor"]).with_profile(json!(7));
        let values = AllowedAs {
            email: Some("a@example.org".into()),
            roles: Some(vec!["editor".into()]),
            profile: Some(None),
            ..AllowedAs::default()
        };
        assert_eq!(values.of_new_user(), Some("roles"));
        assert_eq!(decision, Decision::AllowAs(values));
        for refusal in [Decision::Refuse, Decision::Later, Decision::refuse("a", "b")] {
            assert_eq!(refusal.clone().with_roles(["editor"]).with_email("a@example.org"), refusal);
        }
    }
}
