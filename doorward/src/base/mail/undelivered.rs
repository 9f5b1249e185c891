//! Why a mail was not delivered.

/// Why a mail was not taken.
#[derive(Debug)]
pub(crate) enum Undelivered {
    /// It may work later.
    Later(String),
    /// It will not: the server has refused this recipient or this message for good (RFC 5321, section 4.2.1).
    Refused(String),
}
