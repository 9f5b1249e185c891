//! Creating an account.

mod flow;
mod routes;
