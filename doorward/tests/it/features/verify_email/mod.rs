//! Verifying the address of an account.

mod routes;
