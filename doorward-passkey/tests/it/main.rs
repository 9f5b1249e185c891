//! The crate from outside: published vectors, every check, other authenticators, hostile input.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod authentication;
mod authenticator;
mod hostile;
mod keys;
mod options;
mod registration;
mod responses;
mod vectors;
