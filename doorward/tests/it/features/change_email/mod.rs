//! Tests of changing the address of an account.

mod flow;
mod page;
mod routes;
