//! Changing the address of an account, and taking that back.

pub(crate) mod flow;
pub(crate) mod page;
pub(crate) mod routes;
