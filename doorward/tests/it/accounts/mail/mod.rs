//! The mails that accounts bring about.

mod letter;
pub(crate) mod outbox;
mod recipient;
mod sender;
