//! A mail server for tests, and reading what it got.

pub(crate) mod mailbox;
pub(crate) mod smtp;
