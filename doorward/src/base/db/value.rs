//! The values that both databases store, and the rows that they return.

use std::fmt;

use crate::base::db::{
    column::{postgres, sqlite},
    error::Result,
};

/// A value to bind to a placeholder.
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// Shows no text and no bytes. A driver logs the values of each statement, and some of them are hashes.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(_) | Self::Blob(_) => f.write_str("(hidden)"),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A type that a column can be read as, the same in both databases.
pub(crate) trait Column: sqlite::Column + postgres::Column {}

impl<T: sqlite::Column + postgres::Column> Column for T {}

/// A row that a statement returned.
#[derive(Clone, Copy)]
pub(crate) enum Row<'a> {
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "no row comes from there"))]
    Sqlite(&'a sqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// The column at `index`, counted from 0.
    pub(crate) fn get<T: Column>(&self, index: usize) -> Result<T> {
        match self {
            Self::Sqlite(row) => sqlite::column(row, index),
            Self::Postgres(row) => postgres::column(row, index),
        }
    }
}

/// A type that a row is read as.
pub(crate) trait FromRow: Sized + Send + 'static {
    fn from_row(row: Row<'_>) -> Result<Self>;
}

impl FromRow for i64 {
    fn from_row(row: Row<'_>) -> Result<Self> {
        row.get(0)
    }
}

impl FromRow for String {
    fn from_row(row: Row<'_>) -> Result<Self> {
        row.get(0)
    }
}
