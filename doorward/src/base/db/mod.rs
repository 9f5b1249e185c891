//! The database: SQLite or PostgreSQL, behind one handle, [`Db`]. No other folder uses
//! their drivers or asks which of them runs.
//!
//! This folder opens the database, applies the migrations, runs statements, and tells if rows in
//! memory are still current. It does not know the meaning of any table of accounts. Of the rest of the crate it imports only
//! `base::secret` and `base::open_error`.

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("choose a database: the feature `sqlite`, the feature `postgres`, or both");

mod changes;
mod column;
mod error;
mod handle;
mod migrate;
mod open;
#[cfg_attr(not(feature = "postgres"), path = "no_postgres.rs")]
mod postgres;
#[cfg_attr(not(feature = "sqlite"), path = "no_sqlite.rs")]
mod sqlite;
mod trouble;
mod value;

pub(crate) use changes::Mark;
pub(crate) use error::{Error, Result};
pub(crate) use handle::{Db, Statement, Tx};
pub(crate) use open::{Apart, Life};
pub(crate) use value::{Column, FromRow, Row, Value};
