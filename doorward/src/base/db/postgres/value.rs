//! Values on their way to PostgreSQL, and the columns of its rows.

use std::error::Error as StdError;

use tokio_postgres::{
    Row,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};

use crate::base::db::{
    error::{Error, Result},
    value::Value,
};

/// A type that PostgreSQL can give a column as.
pub(crate) trait Column: for<'a> FromSql<'a> {}

impl<T: for<'a> FromSql<'a>> Column for T {}

/// Returns the column at `index`, counted from 0.
pub(in crate::base::db) fn column<T: Column>(row: &Row, index: usize) -> Result<T> {
    row.try_get(index).map_err(|error| Error::Bug(error.to_string()))
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Boolean(value) => value.to_sql_checked(ty, out),
            Self::Integer(value) => value.to_sql_checked(ty, out),
            Self::Text(value) => value.to_sql_checked(ty, out),
            Self::Blob(value) => value.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each value checks the type of its column when it is written.
        true
    }

    tokio_postgres::types::to_sql_checked!();
}
