//! Tests of the second step of a log-in.

mod guesses;
pub(super) mod routes;
mod token;
