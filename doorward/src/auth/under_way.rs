//! Attempts that are under way in this process.
//!
//! An attempt counts before its outcome is known. A second attempt at the same moment that would be refused for it
//! waits here for the outcome: a page that logs in six times at once has done nothing wrong.

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

    /// Ends an attempt. If it no longer counts, one waiting attempt takes its place. If it was the last, all waiting
    /// attempts go on.
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

    /// Returns the signal that an attempt for this key has ended, if one is under way.
    pub(crate) fn ending(&self, key: Hash) -> Option<Arc<Notify>> {
        self.state().attempts.get(&key).map(|attempts| Arc::clone(&attempts.ending))
    }

    /// Returns the number of attempts that have ended. Counts that were read before it grew may be outdated.
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
