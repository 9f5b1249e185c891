//! SQLite: reads run on the calling thread. One thread makes all writes, and lends its connection to transactions.

mod answer;
mod connection;
mod database;
mod error;
mod file;
mod migrate;
mod open;
mod shared;
mod tx;
mod value;
mod watch;
mod writer;

pub(super) use connection::{all, execute, optional};
pub(crate) use database::Sqlite;
pub(super) use open::open;
pub(crate) use rusqlite::Connection;
pub(crate) use tx::Tx;
