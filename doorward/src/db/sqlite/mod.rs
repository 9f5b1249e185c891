//! SQLite: reads inline on the calling thread, all writes through one thread, or on the connection that it lends.

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
