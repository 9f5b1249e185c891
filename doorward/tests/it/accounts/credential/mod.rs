//! Stored hashes of passwords.

pub(crate) mod prove;
