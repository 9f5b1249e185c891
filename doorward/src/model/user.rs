//! A user, without secrets, and their number.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{
    db::{self, FromRow, Row, Value},
    time::Timestamp,
};

/// The number of a user: positive, below 2^53 so that JavaScript keeps it exact. Sorts by the time of registration
/// and does not tell how many users there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64, example = 912_345_678_901_248_i64)]
pub struct UserId(pub(crate) i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for UserId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl From<UserId> for i64 {
    fn from(id: UserId) -> Self {
        id.0
    }
}

impl From<UserId> for Value {
    fn from(id: UserId) -> Self {
        Self::Integer(id.0)
    }
}

/// A user, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct User {
    /// The number of the user, never given to another.
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
}

/// The columns of `users`, in the order in which [`User::of`] reads them.
macro_rules! user_columns {
    () => {
        "users.id, users.email, users.email_verified_at, users.disabled_at, users.created_at, users.updated_at"
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
        })
    }
}

impl FromRow for User {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Self::of(row, 0)
    }
}
