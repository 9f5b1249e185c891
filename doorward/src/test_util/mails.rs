//! The mails of a test, in memory.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::base::mail::sender::{Delivery, MailSender, OutgoingMail, Sending};

/// A mail that was sent in a test. Its `Debug` output leaves the HTML out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentMail {
    /// The address of the recipient.
    pub to: String,
    /// The subject: one line.
    pub subject: String,
    /// The mail as text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The link in a letter of the accounts.
    pub link: Option<String>,
    /// The token in that link.
    pub token: Option<String>,
    /// The code beside that link.
    pub code: Option<String>,
}

impl fmt::Debug for SentMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentMail")
            .field("to", &self.to)
            .field("subject", &self.subject)
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

/// The mails that were sent, shared by clones.
#[derive(Clone, Default)]
pub(super) struct Mails(Arc<Mutex<Vec<SentMail>>>);

impl Mails {
    fn lock(&self) -> MutexGuard<'_, Vec<SentMail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the mails, the oldest first.
    pub(super) fn all(&self) -> Vec<SentMail> {
        self.lock().clone()
    }
}

impl MailSender for Mails {
    fn send(&self, mail: OutgoingMail) -> Sending<'_> {
        let OutgoingMail { to, subject, text, html, link, secrets, .. } = mail;
        let shown = |is_wanted: fn(&String, &str) -> bool| {
            secrets.iter().find(|secret| is_wanted(secret, &text)).cloned()
        };
        let token = shown(|secret, _| secret.starts_with("dw_"));
        let code = shown(|secret, text| !secret.starts_with("dw_") && text.contains(&**secret));
        self.lock().push(SentMail { to, subject, text, html, link, token, code });
        Box::pin(async { Delivery::Delivered })
    }
}

impl fmt::Debug for Mails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lock().iter().map(|mail| (&mail.to, &mail.subject))).finish()
    }
}
