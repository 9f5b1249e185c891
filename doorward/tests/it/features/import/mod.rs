//! Users of another system, and the hashes of their passwords.

mod users;
mod wrap;
