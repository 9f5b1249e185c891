//! One's own account: looking at it, taking the data along, deleting it.

pub(crate) mod data_page;
pub(crate) mod delete_page;
pub(crate) mod flow;
pub(crate) mod page;
pub(crate) mod routes;
