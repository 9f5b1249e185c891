//! Tests of listing and ending the sessions of an account.

mod page;
mod routes;
