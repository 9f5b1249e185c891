//! The sessions of an account: listing and ending them.

mod page;
mod routes;
