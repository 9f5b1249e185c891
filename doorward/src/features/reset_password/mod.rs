//! A new password for somebody who forgot theirs.

pub(crate) mod flow;
pub(crate) mod page;
pub(crate) mod routes;
