//! Tests of the database layer.

mod migrate;
mod postgres;
mod sqlite;
mod writes;
