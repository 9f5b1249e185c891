//! The mails that are written later, and the bell that wakes the sender.

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

/// What the clones of a handle share about mails.
#[derive(Default)]
pub(crate) struct Queue {
    bell: Arc<Notify>,
    /// How many mails this process has given up.
    dead: AtomicU64,
    /// The mails that are written later, by the letter and the address.
    later: Mutex<HashMap<(&'static str, String), Post>>,
}

impl Queue {
    /// The bell that wakes the sender: there is a mail to be sent.
    pub(crate) fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// Keeps a mail for the owner of an address until the sender takes it. A second one of the same letter to the same
    /// address changes nothing. It is lost if the process ends before, or if there are too many.
    pub(crate) fn add(&self, post: Post) {
        let To::Owner(email) = &post.to else { return };
        let key = (post.letter.name, email.key.clone());
        let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
        if later.len() < MOST {
            later.entry(key).or_insert(post);
        }
    }

    /// Takes the mails that are to be written.
    pub(crate) fn take(&self) -> Vec<Post> {
        mem::take(&mut *self.later.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }

    /// Counts a mail that was given up, and returns how many there are.
    pub(crate) fn count_dead(&self) -> u64 {
        self.dead.fetch_add(1, Ordering::Relaxed) + 1
    }
}
