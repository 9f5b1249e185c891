//! Tests of the outbox, the sender and the letters.

mod letter;
pub(crate) mod outbox;
mod recipient;
mod sender;
