//! SQLite: reads run on the calling thread. One thread makes all writes, and lends its connection to transactions.

mod answer;
mod connection;
mod database;
mod file;
mod shared;
mod tx;
mod watch;
mod writer;

pub(super) use connection::{all, execute, open_writer, optional};
pub(crate) use database::Sqlite;
pub(super) use file::create;
pub(crate) use tx::Tx;
