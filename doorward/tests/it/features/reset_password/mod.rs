//! Tests of replacing a forgotten password.

mod others;
mod page;
mod routes;
