//! Tests of changing a password with the current one.

mod page;
mod routes;
