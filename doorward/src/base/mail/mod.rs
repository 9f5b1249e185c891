//! Handing mails over: to an SMTP server, to the sender of a host, or to the mailbox for developers. Who gets a mail is decided elsewhere.
//!
//! An answer of a mail server is never trusted: it is cut, and loses its control characters. Once the server has seen the
//! message, only the numbers of its answers are kept, because the rest may repeat a link.

#[cfg(feature = "mail")]
mod address;
#[cfg(feature = "mail")]
mod format;
pub(crate) mod mailbox;
pub(crate) mod message;
pub(crate) mod sender;
#[cfg(feature = "mail")]
mod smtp;
pub(crate) mod transport;
pub(crate) mod undelivered;
#[cfg(feature = "mail")]
mod url;
