//! Tests of the database layer.

mod apart;
mod migrate;
mod postgres;
mod sqlite;
mod writes;
