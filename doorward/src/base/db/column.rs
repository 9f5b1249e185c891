//! The rows of each driver, and the types that their columns can be read as. Without the feature of a database, there
//! is no row of it.

#[cfg(feature = "sqlite")]
pub(crate) mod sqlite {
    pub(crate) use rusqlite::Row;
    pub(crate) use rusqlite::types::FromSql as Column;

    use crate::base::db::error::{Error, Result};

    /// Returns the column at `index`, counted from 0.
    pub(in crate::base::db) fn column<T: Column>(row: &Row<'_>, index: usize) -> Result<T> {
        row.get(index).map_err(|error| Error::Bug(error.to_string()))
    }
}

#[cfg(not(feature = "sqlite"))]
pub(crate) mod sqlite {
    use std::{convert::Infallible, marker::PhantomData};

    use crate::base::db::error::Result;

    pub(crate) struct Row<'a>(Infallible, PhantomData<&'a ()>);

    pub(crate) trait Column {}

    impl<T> Column for T {}

    pub(in crate::base::db) fn column<T: Column>(row: &Row<'_>, _: usize) -> Result<T> {
        match row.0 {}
    }
}

#[cfg(feature = "postgres")]
pub(crate) mod postgres {
    pub(crate) use tokio_postgres::Row;
    use tokio_postgres::types::FromSql;

    use crate::base::db::error::{Error, Result};

    pub(crate) trait Column: for<'a> FromSql<'a> {}

    impl<T: for<'a> FromSql<'a>> Column for T {}

    /// Returns the column at `index`, counted from 0.
    pub(in crate::base::db) fn column<T: Column>(row: &Row, index: usize) -> Result<T> {
        row.try_get(index).map_err(|error| Error::Bug(error.to_string()))
    }
}

#[cfg(not(feature = "postgres"))]
pub(crate) mod postgres {
    use std::convert::Infallible;

    use crate::base::db::error::Result;

    pub(crate) struct Row(Infallible);

    pub(crate) trait Column {}

    impl<T> Column for T {}

    pub(in crate::base::db) fn column<T: Column>(row: &Row, _: usize) -> Result<T> {
        match row.0 {}
    }
}
