//! SQLite: reads inline on the calling thread, all writes through one thread, or on the connection that it lends.

mod database;
mod file;
mod tx;
mod watch;
mod writer;

pub(crate) use database::Sqlite;
pub(super) use database::{all, execute, open_writer, optional};
pub(super) use file::create;
pub(crate) use tx::Tx;
