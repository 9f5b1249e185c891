//! PostgreSQL: single statements run on a few shared, pipelined connections, transactions on connections from a pool.
//! Several nodes may share the database; they agree on how long each may remember rows.

mod connections;
mod error;
mod lease;
mod messages;
mod migrate;
mod nodes;
mod server;
mod settings;
mod tx;
mod value;

#[cfg(feature = "test-util")]
pub(super) use connections::numbered;
pub(super) use connections::{Answer, Kind};
#[cfg(feature = "test-util")]
pub(super) use migrate::delete_schema;
pub(crate) use server::Postgres;
pub(super) use settings::Settings;
pub(crate) use tx::Tx;
