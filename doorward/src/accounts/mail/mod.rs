//! Mails on their way, those of the host too: chooses the recipient and the letter, writes the letter, and sends it. Owns the table `mails`.
//! How often mails may be asked for is decided in `limit`. The SMTP client is in `base`.

pub(crate) mod letter;
pub(crate) mod outbox;
pub(crate) mod own;
mod recipient;
pub(crate) mod sender;
