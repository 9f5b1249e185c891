//! Tests of changing the address of an account.

mod again;
mod flow;
mod page;
mod prepared;
mod routes;
mod undo;
