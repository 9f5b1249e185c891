//! Attempts that are under way in this process.
//!
//! An attempt counts before it is known whether it was a right one. Whoever comes at the same moment and would be
//! refused for it waits here for its outcome: a page that logs in six times at once has done nothing wrong.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::accounts::limit::table::Key;

/// The attempts, by what they count for.
#[derive(Default)]
pub(crate) struct UnderWay(Mutex<State>);

#[derive(Default)]
struct State {
    attempts: HashMap<Key, Attempts>,
    /// How many attempts have ended, of whatever key.
    ended: u64,
}

#[derive(Default)]
struct Attempts {
    count: usize,
    ending: Arc<Notify>,
}

impl UnderWay {
    /// Begins an attempt for a key. Whoever began it calls [`UnderWay::end`].
    pub(crate) fn begin(&self, key: Key) {
        self.state().attempts.entry(key).or_default().count += 1;
    }

    /// Ends an attempt. If it no longer counts, one of those who wait takes its place; if it was the last, nobody has
    /// anything to wait for.
    pub(crate) fn end(&self, key: Key, counts: bool) {
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

    /// What tells when to look again, if an attempt for this key is under way.
    pub(crate) fn ending(&self, key: Key) -> Option<Arc<Notify>> {
        self.state().attempts.get(&key).map(|attempts| Arc::clone(&attempts.ending))
    }

    /// How many attempts have ended. What was read before it grew may no longer hold.
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
