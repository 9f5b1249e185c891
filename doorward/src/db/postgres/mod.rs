//! PostgreSQL: single statements on a few shared, pipelined connections, transactions on a pool.

mod connections;
mod lease;
mod nodes;
mod settings;
mod tx;

pub(crate) use connections::{Kind, Postgres};
pub(super) use settings::Settings;
pub(crate) use tx::Tx;
