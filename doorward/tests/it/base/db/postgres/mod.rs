//! Tests of PostgreSQL: its URLs, and a server that fails.

mod cluster;
mod connections;
mod settings;
