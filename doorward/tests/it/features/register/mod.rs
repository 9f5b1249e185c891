//! Tests of creating an account.

mod flow;
mod page;
mod routes;
