//! Values on their way to PostgreSQL.

use std::error::Error as StdError;

use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut};

use crate::base::db::value::Value;

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
