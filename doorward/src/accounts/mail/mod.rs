//! Mails on their way: who gets which letter, what it says, and sending it. Owns the table `mails`.

pub(crate) mod letter;
pub(crate) mod outbox;
pub(crate) mod recipient;
pub(crate) mod sender;
