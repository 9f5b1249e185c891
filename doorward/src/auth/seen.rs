//! Collects the times when sessions were last used, until it is worth a write.
//!
//! A write for the first request of each minute would cost more than the rest of the request, and each commit empties
//! the caches of SQLite's readers. So uses are collected here and written together a moment later. If the process is
//! killed, a few seconds of "last seen" are lost.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::base::secret::Hash;

/// How long uses are collected before they are written.
pub(crate) const GATHER: Duration = Duration::from_secs(2);

/// Uses that are not yet written, by token.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<Hash, i64>>);

impl Seen {
    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a use. Returns `true` for the first since the last [`Seen::take`]: its caller must have all uses
    /// written.
    pub(crate) fn note(&self, token_hash: Hash, now: i64) -> bool {
        let mut noted = self.lock();
        let first = noted.is_empty();
        noted.insert(token_hash, now);
        first
    }

    /// Returns the use that was noted and is not yet written.
    pub(crate) fn last(&self, token_hash: &Hash) -> Option<i64> {
        self.lock().get(token_hash).copied()
    }

    /// Takes all uses, in the order of the rows in the table, so that neighbours are written together.
    pub(crate) fn take(&self) -> Vec<(Hash, i64)> {
        let mut noted: Vec<_> = std::mem::take(&mut *self.lock()).into_iter().collect();
        noted.sort_unstable();
        noted
    }
}
