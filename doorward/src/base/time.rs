//! Moments as the API writes them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::base::{
    db::{self, Row, Value},
    parse_error::ParseError,
};

/// A moment, to the second. Displays and serializes as RFC 3339 in UTC: `2026-11-21T08:30:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub(crate) i64);

impl Timestamp {
    /// Returns the moment `second` seconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_second(second: i64) -> Self {
        Self(second)
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_second(self) -> i64 {
        self.0
    }

    /// Reads the column at `index`.
    pub(crate) fn of(row: Row<'_>, index: usize) -> db::Result<Self> {
        row.get(index).map(Self)
    }

    /// Reads the column at `index`, which may be null.
    pub(crate) fn optional(row: Row<'_>, index: usize) -> db::Result<Option<Self>> {
        Ok(row.get::<Option<i64>>(index)?.map(Self))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // This program writes the rows. A moment out of range is shown as the last possible one.
        jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::MAX).fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;

    /// Reads a moment in RFC 3339. Fractions of a second are cut off.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse()
            .map(|moment: jiff::Timestamp| Self(moment.as_second()))
            .map_err(|_| ParseError::expected("a moment such as 2026-11-21T08:30:00Z"))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.0)
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-11-21T08:30:00Z"])
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}
