//! Tests of changing the address of an account.

mod again;
mod clash;
mod flow;
mod page;
mod prepared;
mod routes;
mod undo;
