//! Tests of the stored hashes of passwords.

pub(crate) mod prove;
