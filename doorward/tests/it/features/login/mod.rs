//! Logging in with a password, and logging out.

mod routes;
