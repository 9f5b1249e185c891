//! Tests of importing users and wrapping their hashes.

mod second_factors;
mod users;
mod wrap;
