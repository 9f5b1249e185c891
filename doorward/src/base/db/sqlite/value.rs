//! Values on their way to SQLite, and the columns of its rows.

use rusqlite::{
    Row,
    types::{FromSql, ToSqlOutput, ValueRef},
};

use crate::base::db::{
    error::{Error, Result},
    value::Value,
};

/// A type that SQLite can give a column as.
pub(crate) trait Column: FromSql {}

impl<T: FromSql> Column for T {}

/// Returns the column at `index`, counted from 0.
pub(in crate::base::db) fn column<T: Column>(row: &Row<'_>, index: usize) -> Result<T> {
    row.get(index).map_err(|error| Error::Bug(error.to_string()))
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Boolean(value) => ValueRef::Integer(i64::from(*value)),
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}
