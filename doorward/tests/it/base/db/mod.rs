//! The database.

pub(crate) mod postgres;
mod sqlite;
mod writes;
