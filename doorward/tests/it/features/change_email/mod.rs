//! Changing the address of an account.

mod flow;
mod page;
mod routes;
