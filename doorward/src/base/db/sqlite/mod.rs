//! SQLite: reads run on the calling thread. One thread makes all writes, and lends its connection to transactions.

mod answer;
mod connection;
mod database;
mod error;
mod file;
mod migrate;
mod names;
mod open;
mod shared;
#[cfg(feature = "test-util")]
mod temporary;
mod tx;
mod value;
mod watch;
mod writer;

pub(super) use connection::{Connection, all, execute, optional};
pub(crate) use database::Sqlite;
pub(super) use open::open;
#[cfg(feature = "test-util")]
pub(super) use temporary::open as open_temporary;
pub(crate) use tx::Tx;
