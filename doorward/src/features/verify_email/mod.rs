//! Verifying the address of an account.

pub(crate) mod flow;
pub(crate) mod routes;
