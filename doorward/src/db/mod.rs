//! The one database that this program uses. Nothing outside this folder knows that there are two kinds.
//!
//! SQL is written once, with `?1` placeholders and in the words that SQLite and PostgreSQL share. [`Db`] runs it.
//! Apart from the secrets that number nodes and the error of opening, this folder knows nothing of the rest.

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
