//! PostgreSQL: the server, the way to it, and its failures.

pub(crate) mod cluster;
mod connections;
mod settings;
