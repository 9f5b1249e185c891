//! Creating an account.

mod flow;
mod page;
mod routes;
