//! PostgreSQL: the server, the way to it, and its failures.

mod cluster;
mod connections;
mod settings;
