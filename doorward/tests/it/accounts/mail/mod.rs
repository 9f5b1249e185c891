//! Tests of the outbox, the sender and the letters.

mod letter;
pub(crate) mod outbox;
mod own_sender;
mod recipient;
mod sender;
