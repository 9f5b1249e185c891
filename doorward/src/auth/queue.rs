//! The mails that wait in memory to be written to the table, and the signal that wakes the sender.

use std::{
    collections::HashMap,
    mem,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Notify;

use crate::model::post::{Post, To};

/// The most mails that may wait to be written.
const MOST: usize = 1000;

/// The mails in memory and the signal, shared by the clones of a handle.
#[derive(Default)]
pub(crate) struct Queue {
    bell: Arc<Notify>,
    /// The number of mails that this process has given up.
    dead: AtomicU64,
    /// The mails to be written, by the letter and the address.
    later: Mutex<HashMap<(&'static str, String), Post>>,
}

impl Queue {
    /// Returns the signal that wakes the sender, because there is a mail to send.
    pub(crate) fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// Keeps a mail for the owner of an address until the sender takes it. A second mail with the same letter to the
    /// same address changes nothing. The mail is lost if the process ends first, or if too many wait.
    pub(crate) fn add(&self, post: Post) {
        let To::Owner(email) = &post.to else { return };
        let key = (post.letter.name, email.key.clone());
        let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
        if later.len() < MOST {
            later.entry(key).or_insert(post);
        }
    }

    /// Takes all mails out of memory, so that the caller writes them.
    pub(crate) fn take(&self) -> Vec<Post> {
        mem::take(&mut *self.later.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }

    /// Counts a mail that was given up, and returns the number of such mails.
    pub(crate) fn count_dead(&self) -> u64 {
        self.dead.fetch_add(1, Ordering::Relaxed) + 1
    }
}
