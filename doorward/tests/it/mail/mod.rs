//! A mail server for tests, and the mails that it got.

pub(crate) mod mailbox;
pub(crate) mod smtp;
