//! A mail to one recipient, before it has the form of a protocol.

use crate::base::email::Email;

/// The most characters of a subject.
const MAX_SUBJECT: usize = 200;

/// A mail to one recipient.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) to: Email,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The link in the mail, for the developer's log.
    pub(crate) link: Option<String>,
    /// The secrets in the mail. No reason for a failure may repeat them.
    pub(crate) secrets: Vec<String>,
    /// The time of sending, in unix seconds.
    pub(crate) at: i64,
}

impl Message {
    /// Returns the address of the recipient, with a domain in ASCII.
    pub(super) fn to_as_text(&self) -> String {
        let domain = self.to.key.rsplit_once('@').map_or("", |(_, domain)| domain);
        format!("{}@{domain}", self.to.local())
    }
}

/// Replaces control characters, which could begin another line. Shortens the text, so that the encoded line is short
/// enough (RFC 5322, section 2.1.1).
pub(super) fn one_line(text: &str) -> String {
    text.chars().take(MAX_SUBJECT).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
