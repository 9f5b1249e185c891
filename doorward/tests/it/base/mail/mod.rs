//! Handing mails to a mail server.

mod transport;
