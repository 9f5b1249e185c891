//! The database: SQLite or PostgreSQL, behind one handle, [`Db`]. Nothing outside this folder knows which of them it
//! is.
//!
//! This folder opens the database, applies the migrations, runs statements, and tells if remembered rows still hold. It
//! does not know the meaning of any table of the program. It imports only `secret` and `open_error`.

mod changes;
mod error;
mod handle;
mod migrate;
mod open;
mod postgres;
mod sqlite;
mod value;

pub(crate) use changes::Mark;
pub(crate) use error::{Error, Result};
pub(crate) use handle::{Db, Statement, Tx};
pub(crate) use value::{FromRow, Row, Value};
