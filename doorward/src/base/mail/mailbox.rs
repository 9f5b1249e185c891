//! The development mailbox: the last mails, in memory, instead of a mail server.

use std::{
    collections::VecDeque,
    io::{IsTerminal, stderr},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::base::mail::message::Message;

/// The number of mails that are kept.
const KEPT: usize = 100;

/// The last mails.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<State>);

#[derive(Default)]
struct State {
    count: u64,
    mails: VecDeque<StoredMail>,
}

/// A mail in the mailbox.
#[derive(Clone)]
pub(crate) struct StoredMail {
    /// Mails are numbered from 1.
    pub(crate) number: u64,
    pub(crate) message: Message,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a mail and logs it.
    pub(super) fn keep(&self, message: Message) {
        // A subject may hold a code.
        let subject = message
            .secrets
            .iter()
            .fold(message.subject.clone(), |subject, secret| subject.replace(secret, "…"));
        let to = &*message.to.typed;
        // The link opens an account. A file of the log outlives the developer's session, and others may read it.
        match message.link.as_deref().filter(|_| stderr().is_terminal()) {
            Some(link) => tracing::info!(to, subject, link, "a mail for the development mailbox"),
            None => tracing::info!(to, subject, "a mail for the development mailbox, see /dev/mailbox"),
        }
        let mut state = self.lock();
        state.count += 1;
        let number = state.count;
        state.mails.push_front(StoredMail { number, message });
        state.mails.truncate(KEPT);
    }

    /// Returns the mails, newest first.
    pub(crate) fn mails(&self) -> Vec<StoredMail> {
        self.lock().mails.iter().cloned().collect()
    }
}
