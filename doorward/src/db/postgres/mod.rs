//! PostgreSQL: single statements on a few shared, pipelined connections, transactions on a pool.

mod connections;
mod lease;
mod messages;
mod nodes;
mod server;
mod settings;
mod tx;

pub(super) use connections::{Answer, Kind};
pub(crate) use server::Postgres;
pub(super) use settings::Settings;
pub(crate) use tx::Tx;
