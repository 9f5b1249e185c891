//! The reason that a mail was not handed over.

/// Why a mail was not handed over.
#[derive(Debug)]
pub(crate) enum Undelivered {
    /// A later attempt may succeed.
    Later(String),
    /// A later attempt will fail too: the server refused this recipient or this message (RFC 5321, section 4.2.1).
    Refused(String),
}
