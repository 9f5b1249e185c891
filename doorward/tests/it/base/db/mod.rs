//! The database.

mod migrate;
mod postgres;
mod sqlite;
mod writes;
