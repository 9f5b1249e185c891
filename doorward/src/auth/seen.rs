//! When sessions were last used, gathered until it is worth a write.
//!
//! A write for each first request of a minute would cost more than all else that the request does, and each commit
//! empties the caches of SQLite's readers. So uses are noted here and written together a moment later. What is lost
//! when the process is killed is a few seconds of "last seen".

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::base::secret::Hash;

/// How long uses are gathered before they are written.
pub(crate) const GATHER: Duration = Duration::from_secs(2);

/// Uses that are not yet written, by token.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<Hash, i64>>);

impl Seen {
    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a use. `true` for the first since the last [`Seen::take`], which is to see to it that all are written.
    pub(crate) fn note(&self, token_hash: Hash, now: i64) -> bool {
        let mut noted = self.lock();
        let first = noted.is_empty();
        noted.insert(token_hash, now);
        first
    }

    /// The use that was noted and not yet written.
    pub(crate) fn last(&self, token_hash: &Hash) -> Option<i64> {
        self.lock().get(token_hash).copied()
    }

    /// All that was noted, in the order of the rows in the table, so that neighbours are written together.
    pub(crate) fn take(&self) -> Vec<(Hash, i64)> {
        let mut noted: Vec<_> = std::mem::take(&mut *self.lock()).into_iter().collect();
        noted.sort_unstable();
        noted
    }
}
