//! Tests of the authenticator app and the recovery codes of a user.

mod keys;
mod page;
mod routes;
