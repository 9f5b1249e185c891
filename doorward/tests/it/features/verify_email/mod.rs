//! Tests of verifying the address of an account.

mod page;
mod routes;
