//! Tests of the authenticator app and the recovery codes of a user.

mod enroll;
mod keys;
mod page;
mod routes;
