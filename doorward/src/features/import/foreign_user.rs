//! A user of another system, as read from an export.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

#[cfg(feature = "totp")]
use crate::features::import::foreign_totp::{self, ForeignTotp};
use crate::{base::error::FieldError, model::details::JsonObject};

/// A user of another system, to be imported.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForeignUser {
    /// The e-mail address.
    pub email: String,
    /// The hash of the password as the other system stored it, in any form that the crate `doorward-password`
    /// verifies.
    pub password_hash: String,
    /// The id to keep: positive and below 2^53. Without it the user gets a new one.
    pub id: Option<i64>,
    /// `true` if mail to the address is known to reach the user.
    pub email_verified: bool,
    /// The time of registration in unix seconds. Without it, the time of the import is used.
    pub created_at: Option<i64>,
    /// The name that others see.
    pub display_name: Option<String>,
    /// The roles, which [`Config::roles`](crate::Config::roles) must declare.
    pub roles: Vec<String>,
    /// The attributes, see [`Auth::set_attributes`](crate::Auth::set_attributes).
    pub attributes: JsonObject,
    /// Values for the fields of [`Config::profile`](crate::Config::profile).
    pub profile: JsonObject,
    /// The authenticator app, with which the user goes on. It is sealed with
    /// [`Config::secret_key`](crate::Config::secret_key).
    #[cfg(feature = "totp")]
    pub totp: Option<ForeignTotp>,
    /// The recovery codes in clear, at most 16. They are hashed at import.
    #[cfg(feature = "totp")]
    pub recovery_codes: Vec<String>,
}

/// One line of JSON. Every type of value is accepted here, so that no parse error repeats a value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    email: Option<Value>,
    password_hash: Option<Value>,
    id: Option<Value>,
    email_verified: Option<Value>,
    created_at: Option<Value>,
    display_name: Option<Value>,
    roles: Option<Value>,
    attributes: Option<Value>,
    profile: Option<Value>,
    #[cfg(feature = "totp")]
    totp: Option<Value>,
    #[cfg(feature = "totp")]
    recovery_codes: Option<Value>,
}

impl ForeignUser {
    /// Creates a user with only an address and a hash.
    #[must_use]
    pub fn new(email: impl Into<String>, password_hash: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            password_hash: password_hash.into(),
            id: None,
            email_verified: false,
            created_at: None,
            display_name: None,
            roles: Vec::new(),
            attributes: JsonObject::default(),
            profile: JsonObject::default(),
            #[cfg(feature = "totp")]
            totp: None,
            #[cfg(feature = "totp")]
            recovery_codes: Vec::new(),
        }
    }

    /// Reads a JSON object with the fields of this struct. Only `email` and `password_hash` are required; the others
    /// may be missing or null. Unknown fields are refused. `created_at` is unix seconds or RFC 3339. `password_hash`
    /// is text, or an object as Keycloak or Auth0 export it, which becomes its compact JSON text.
    ///
    /// # Errors
    /// Names the invalid field, or `user` for the whole object. The error repeats nothing of the input.
    pub fn from_json(json: &[u8]) -> Result<Self, FieldError> {
        const OBJECT: &str = "expected an object with email, password_hash and maybe id, email_verified, created_at, display_name, roles, attributes, profile, totp, recovery_codes, each once";
        // serde would also accept a list, as the fields in their order.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err(wrong("user", OBJECT));
        }
        let line: Line = serde_json::from_slice(json).map_err(|error| {
            let expected = if error.is_data() { OBJECT } else { "expected JSON" };
            wrong("user", &format!("{expected} (column {})", error.column()))
        })?;
        let email = match line.email {
            Some(Value::String(email)) => email,
            Some(_) => return Err(wrong("email", "expected text")),
            None => return Err(wrong("email", "this field is required")),
        };
        let password_hash = match line.password_hash {
            Some(Value::String(hash)) => hash,
            Some(object @ Value::Object(_)) => object.to_string(),
            Some(_) => return Err(wrong("password_hash", "expected text or an object")),
            None => return Err(wrong("password_hash", "this field is required")),
        };
        let id = match line.id.map(|id| id.as_i64()) {
            Some(None) => return Err(wrong("id", "expected a positive number below 2^53")),
            id => id.flatten(),
        };
        let email_verified = match line.email_verified {
            Some(Value::Bool(verified)) => verified,
            Some(_) => return Err(wrong("email_verified", "expected true or false")),
            None => false,
        };
        let created_at = line.created_at.map(|moment| moment_of(&moment)).transpose()?;
        let display_name = match line.display_name {
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(wrong("display_name", "expected text")),
            None => None,
        };
        Ok(Self {
            display_name,
            roles: roles_of(line.roles)?,
            attributes: object_of("attributes", line.attributes)?,
            profile: object_of("profile", line.profile)?,
            #[cfg(feature = "totp")]
            totp: line.totp.map(ForeignTotp::of).transpose()?,
            #[cfg(feature = "totp")]
            recovery_codes: foreign_totp::codes_of(line.recovery_codes)?,
            ..Self { id, email_verified, created_at, ..Self::new(email, password_hash) }
        })
    }
}

fn roles_of(list: Option<Value>) -> Result<Vec<String>, FieldError> {
    let text = |role| if let Value::String(role) = role { Some(role) } else { None };
    let roles = match list {
        None => Some(Vec::new()),
        Some(Value::Array(roles)) => roles.into_iter().map(text).collect(),
        Some(_) => None,
    };
    roles.ok_or_else(|| wrong("roles", "expected a list of texts"))
}

fn object_of(field: &'static str, value: Option<Value>) -> Result<JsonObject, FieldError> {
    match value {
        None => Ok(JsonObject::default()),
        Some(Value::Object(members)) => Ok(JsonObject::from_members(&members)),
        Some(_) => Err(wrong(field, "expected an object")),
    }
}

fn moment_of(value: &Value) -> Result<i64, FieldError> {
    let moment = match value {
        Value::String(text) => text.parse().ok().map(jiff::Timestamp::as_second),
        value => value.as_i64(),
    };
    moment
        .ok_or_else(|| wrong("created_at", "expected unix seconds, or RFC 3339 such as 2026-11-21T08:30:00Z"))
}

fn wrong(field: &'static str, message: &str) -> FieldError {
    FieldError { field: field.into(), message: message.to_owned() }
}

impl fmt::Debug for ForeignUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignUser")
            .field("email", &self.email)
            .field("id", &self.id)
            .field("email_verified", &self.email_verified)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<ForeignUser, FieldError> {
        ForeignUser::from_json(json.as_bytes())
    }

    #[test]
    fn all_fields_are_read() {
        let user = read(
            r#"{"email": "ann@example.org", "password_hash": "$2b$", "id": 7, "email_verified": true,
                "created_at": "2020-01-02T03:04:05+01:00", "display_name": "Ann", "roles": ["admin"],
                "attributes": {"plan" : 1}, "profile": {"company": "Acme"}}"#,
        )
        .unwrap();
        assert_eq!(
            user,
            ForeignUser {
                display_name: Some("Ann".into()),
                roles: vec!["admin".into()],
                attributes: JsonObject::of(serde_json::json!({"plan": 1})).unwrap(),
                profile: JsonObject::of(serde_json::json!({"company": "Acme"})).unwrap(),
                id: Some(7),
                email_verified: true,
                created_at: Some(1_577_930_645),
                ..ForeignUser::new("ann@example.org", "$2b$")
            }
        );
        assert_eq!(
            read(r#"{"email": "a", "password_hash": "h", "created_at": 12}"#).unwrap().created_at,
            Some(12)
        );
        let nothing =
            r#"{"email": "a", "password_hash": "h", "id": null, "email_verified": null, "created_at": null}"#;
        assert_eq!(read(nothing).unwrap(), ForeignUser::new("a", "h"));
    }

    #[test]
    fn a_hash_that_is_an_object_becomes_compact_text() {
        let user =
            read(r#"{"email": "a", "password_hash": {"algorithm" : "x", "hash": {"value": "é"}}}"#).unwrap();
        assert_eq!(user.password_hash, r#"{"algorithm":"x","hash":{"value":"é"}}"#);
    }

    #[test]
    fn an_error_names_the_field_and_repeats_no_input() {
        for (json, field) in [
            ("", "user"),
            ("canary", "user"),
            ("\"canary\"", "user"),
            (r#"["canary", "canary", 1, true, 1]"#, "user"),
            (r#"{"email": "a", "password_hash": "canary""#, "user"),
            (r#"{"email": "a", "password_hash": "canary"} {}"#, "user"),
            (r#"{"email": "a", "password_hash": "canary", "canary": 1}"#, "user"),
            (r#"{"email": "a", "password_hash": "canary", "password_hash": "h"}"#, "user"),
            (r#"{"password_hash": "canary"}"#, "email"),
            (r#"{"email": ["canary"], "password_hash": "canary"}"#, "email"),
            (r#"{"email": "a"}"#, "password_hash"),
            (r#"{"email": "a", "password_hash": null}"#, "password_hash"),
            (r#"{"email": "a", "password_hash": ["canary"]}"#, "password_hash"),
            (r#"{"email": "a", "password_hash": "canary", "id": "canary"}"#, "id"),
            (r#"{"email": "a", "password_hash": "canary", "id": 1.5}"#, "id"),
            (r#"{"email": "a", "password_hash": "canary", "id": 9223372036854775808}"#, "id"),
            (r#"{"email": "a", "password_hash": "canary", "email_verified": "canary"}"#, "email_verified"),
            (r#"{"email": "a", "password_hash": "canary", "created_at": "canary"}"#, "created_at"),
            (r#"{"email": "a", "password_hash": "canary", "created_at": "2020-01-02"}"#, "created_at"),
            (r#"{"email": "a", "password_hash": "canary", "created_at": 1.5}"#, "created_at"),
            (r#"{"email": "a", "password_hash": "canary", "display_name": ["canary"]}"#, "display_name"),
            (r#"{"email": "a", "password_hash": "canary", "roles": "canary"}"#, "roles"),
            (r#"{"email": "a", "password_hash": "canary", "roles": ["canary", 1]}"#, "roles"),
            (r#"{"email": "a", "password_hash": "canary", "attributes": "canary"}"#, "attributes"),
            (r#"{"email": "a", "password_hash": "canary", "profile": ["canary"]}"#, "profile"),
            #[cfg(feature = "totp")]
            (r#"{"email": "a", "password_hash": "canary", "totp": "canary"}"#, "totp"),
            #[cfg(feature = "totp")]
            (r#"{"email": "a", "password_hash": "canary", "recovery_codes": "canary"}"#, "recovery_codes"),
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(error.field, field, "{json}");
            assert!(!error.message.contains("canary"), "{json}: {}", error.message);
        }
        assert_eq!(ForeignUser::from_json(b"{\"email\": \"\xff\"}").unwrap_err().field, "user");
    }

    #[test]
    fn a_hash_is_not_shown() {
        let shown = format!("{:?}", ForeignUser::new("ann@example.org", "canary"));
        assert!(shown.contains("ann@example.org") && !shown.contains("canary"), "{shown}");
    }
}
