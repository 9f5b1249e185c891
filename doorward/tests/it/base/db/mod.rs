//! The database.

mod postgres;
mod sqlite;
mod writes;
