//! Tests of importing users and wrapping their hashes.

mod users;
mod wrap;
