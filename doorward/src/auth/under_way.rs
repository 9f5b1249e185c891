//! The attempts to guess a secret that this process is checking at this moment.
//!
//! An attempt is counted as wrong before it is checked. So a second attempt at the same moment could be refused
//! although the first one is correct. Instead the second one waits here for the outcome of the first: a page that logs
//! in six times at once has done nothing wrong.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::base::secret::Hash;

/// The attempts, by the key that they count for.
#[derive(Default)]
pub(crate) struct UnderWay(Mutex<State>);

#[derive(Default)]
struct State {
    attempts: HashMap<Hash, Attempts>,
    /// The number of attempts that have ended, of all keys.
    ended: u64,
}

#[derive(Default)]
struct Attempts {
    count: usize,
    ending: Arc<Notify>,
}

impl UnderWay {
    /// Begins an attempt for a key. The caller must call [`UnderWay::end`].
    pub(crate) fn begin(&self, key: Hash) {
        self.state().attempts.entry(key).or_default().count += 1;
    }

    /// Ends an attempt. `counts` is `false` if its count was taken back: then one waiting attempt goes on in its place.
    /// After the last attempt, all waiting ones go on.
    pub(crate) fn end(&self, key: Hash, counts: bool) {
        let mut state = self.state();
        state.ended += 1;
        let Some(attempts) = state.attempts.get_mut(&key) else { return };
        attempts.count -= 1;
        if attempts.count == 0 {
            attempts.ending.notify_waiters();
            state.attempts.remove(&key);
        } else if !counts {
            attempts.ending.notify_one();
        }
    }

    /// Returns the signal for the end of an attempt for this key, if one is being checked.
    pub(crate) fn ending(&self, key: Hash) -> Option<Arc<Notify>> {
        self.state().attempts.get(&key).map(|attempts| Arc::clone(&attempts.ending))
    }

    /// Returns the number of attempts that have ended. If it has grown since a count was read, that count may be
    /// outdated.
    pub(crate) fn ended(&self) -> u64 {
        self.state().ended
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.state().attempts.is_empty()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
