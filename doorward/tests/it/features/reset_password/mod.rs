//! Tests of replacing a forgotten password.

mod page;
mod routes;
