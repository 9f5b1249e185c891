//! Registering: creating an account.

pub(crate) mod flow;
pub(crate) mod page;
pub(crate) mod routes;
