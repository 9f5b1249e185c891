//! Tests of a user's own account: reading it, downloading its data, deleting it.

mod page;
mod routes;
