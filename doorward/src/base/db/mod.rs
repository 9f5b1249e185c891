//! The database: SQLite or PostgreSQL, behind one handle, [`Db`]. No other folder uses
//! their drivers or asks which of them runs.
//!
//! This folder opens the database, applies the migrations, runs statements, and tells if rows in
//! memory are still current. It does not know the meaning of any table of accounts. Of the rest of the crate it imports only
//! `base::secret` and `base::open_error`.

mod changes;
mod error;
mod handle;
mod migrate;
mod open;
mod postgres;
mod sqlite;
mod trouble;
mod value;

pub(crate) use changes::Mark;
pub(crate) use error::{Error, Result};
pub(crate) use handle::{Db, Statement, Tx};
pub(crate) use value::{FromRow, Row, Value};
