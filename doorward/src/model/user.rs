//! A user, without secrets, and their number.

use std::io::Write as _;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    base::{
        db::{self, FromRow, Row},
        time::Timestamp,
    },
    model::{
        details::{JsonObject, Roles},
        id::id,
    },
};

id! {
    /// The number of a user: positive, below 2^53 so that JavaScript keeps it exact.
    ///
    /// Those of users who registered sort by time, and do not tell how many users there are. Imported users may keep numbers
    /// of their own.
    UserId
}

impl From<&User> for UserId {
    fn from(user: &User) -> Self {
        user.id
    }
}

/// A user, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[non_exhaustive]
pub struct User {
    /// The number of the user. No other user gets it, unless an import names it after the user was deleted.
    pub id: UserId,
    /// The e-mail address as it was typed. It may belong to somebody else as long as it is not verified.
    #[schema(example = "ann@example.org")]
    pub email: String,
    /// When it was shown that mail to this address reaches the user.
    pub email_verified_at: Option<Timestamp>,
    /// When the user was disabled; such a user cannot log in and has no sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
    /// When the user registered.
    pub created_at: Timestamp,
    /// When the user last changed.
    pub updated_at: Timestamp,
    /// The name that the user chose for others to see. It proves nothing: two users may have the same.
    #[schema(example = "Ann")]
    pub display_name: Option<String>,
    /// The roles that an operator or the host gave. The user cannot change them.
    #[schema(value_type = Vec<String>, example = json!(["editor"]))]
    pub roles: Roles,
    /// Facts that an operator or the host noted. The user reads them and cannot change them.
    #[schema(value_type = Object)]
    pub attributes: JsonObject,
    /// What the user wrote into the fields that the settings declare. Never read a role or a right from it.
    #[schema(value_type = Object)]
    pub profile: JsonObject,
}

/// The columns of `users`, in the order in which [`User::of`] reads them.
macro_rules! user_columns {
    () => {
        "users.id, users.email, users.email_verified_at, users.disabled_at, users.created_at, users.updated_at,
         users.display_name, users.roles, users.attributes, users.profile"
    };
}
pub(crate) use user_columns;

/// The condition that finds a user by the two keys of an address, `?1` and `?2`. The user with the first key wins over
/// the user with the second. It does the same work for every address.
macro_rules! has_email {
    () => {
        "users.email_key = COALESCE((SELECT email_key FROM users WHERE email_key = ?1), ?2)"
    };
}
pub(crate) use has_email;

impl User {
    /// Reads `user_columns!()`, which begin at the column `first`.
    pub(crate) fn of(row: Row<'_>, first: usize) -> db::Result<Self> {
        Ok(Self {
            id: UserId(row.get(first)?),
            email: row.get(first + 1)?,
            email_verified_at: Timestamp::optional(row, first + 2)?,
            disabled_at: Timestamp::optional(row, first + 3)?,
            created_at: Timestamp::of(row, first + 4)?,
            updated_at: Timestamp::of(row, first + 5)?,
            display_name: row.get(first + 6)?,
            roles: Roles::stored(&row.get::<String>(first + 7)?),
            attributes: JsonObject::stored(row.get(first + 8)?),
            profile: JsonObject::stored(row.get(first + 9)?),
        })
    }

    /// Forgets the roles that are not declared any more. They open nothing, so nobody is to see them.
    pub(crate) fn keep_roles(&mut self, declared: &[String]) {
        if !self.roles.iter().all(|role| declared.iter().any(|declared| declared == role)) {
            self.roles = self.roles.only(declared);
        }
    }

    /// Returns the user as JSON. The texts of the objects are copied, not read.
    pub(crate) fn json(&self) -> Vec<u8> {
        const EMPTY: &str = r#""attributes":{},"profile":{}}"#;
        let write = |user: &Self| serde_json::to_vec(user).expect("a user is numbers and text");
        if self.attributes.is_empty() && self.profile.is_empty() {
            return write(self);
        }
        let none = JsonObject::default;
        let mut json = write(&Self { attributes: none(), profile: none(), ..self.clone() });
        json.truncate(json.len() - EMPTY.len());
        let (attributes, profile) = (self.attributes.as_str(), self.profile.as_str());
        write!(json, r#""attributes":{attributes},"profile":{profile}}}"#).expect("memory takes it");
        json
    }
}

impl FromRow for User {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Self::of(row, 0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_quick_json_of_a_user_is_the_usual_one() {
        let plain = User {
            id: UserId(7),
            email: "ann@example.org".into(),
            email_verified_at: None,
            disabled_at: None,
            created_at: Timestamp(0),
            updated_at: Timestamp(1),
            display_name: Some("Ann \"}".into()),
            roles: Roles::stored("admin"),
            attributes: JsonObject::default(),
            profile: JsonObject::default(),
        };
        let object = || JsonObject::of(json!({"a": {"b": "}\""}})).unwrap();
        for user in [
            plain.clone(),
            User { attributes: object(), ..plain.clone() },
            User { profile: object(), ..plain.clone() },
            User { attributes: object(), profile: object(), ..plain },
        ] {
            let json: Value = serde_json::from_slice(&user.json()).unwrap();
            assert_eq!(json, serde_json::to_value(&user).unwrap());
        }
    }
}
