//! A mail to one recipient, before it has the form of a protocol.

use crate::base::email::Email;

/// A mail to one recipient.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) to: Email,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The link in the mail, for the developer's log.
    pub(crate) link: Option<String>,
    /// The time of sending, in unix seconds.
    pub(crate) at: i64,
}
