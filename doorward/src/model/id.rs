//! The numbers of users and sessions, which programs keep and send back.

use crate::base::parse_error::ParseError;

/// Defines the number of a thing: positive, and below 2^53 so that JavaScript keeps it exact.
macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        #[serde(into = "i64", try_from = "i64")]
        #[schema(value_type = i64, example = 912_345_678_901_248_i64)]
        pub struct $name(pub(crate) i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::base::parse_error::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse::<i64>().map_err(|_| crate::model::id::not_an_id())?.try_into()
            }
        }

        impl TryFrom<i64> for $name {
            type Error = crate::base::parse_error::ParseError;

            fn try_from(number: i64) -> Result<Self, Self::Error> {
                if (1..1 << 53).contains(&number) { Ok(Self(number)) } else { Err(crate::model::id::not_an_id()) }
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<$name> for crate::base::db::Value {
            fn from(id: $name) -> Self {
                Self::Integer(id.0)
            }
        }
    };
}
pub(crate) use id;

/// The error for a text or a number that is no id.
pub(crate) fn not_an_id() -> ParseError {
    ParseError::expected("a whole number from 1 to 9007199254740991")
}
