//! Collects the times of the last use of sessions, so that one write stores many.
//!
//! A write for the first request of each minute would cost more than the rest of the request. Each commit also empties
//! the caches of SQLite's readers. So uses are collected here and written together a moment later. If the process is
//! killed, the uses of a few seconds are lost.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::base::secret::Hash;

/// How long uses are collected before they are written.
pub(crate) const GATHER: Duration = Duration::from_secs(2);

/// The uses that are not written yet: the unix second of the last one, by the hash of the token.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<Hash, i64>>);

impl Seen {
    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a use. Returns `true` for the first use since [`Seen::take`]: then the caller must start the write of all
    /// uses.
    pub(crate) fn note(&self, token_hash: Hash, now: i64) -> bool {
        let mut noted = self.lock();
        let first = noted.is_empty();
        noted.insert(token_hash, now);
        first
    }

    /// Returns the last use of this session that is not written yet.
    pub(crate) fn last(&self, token_hash: &Hash) -> Option<i64> {
        self.lock().get(token_hash).copied()
    }

    /// Takes all uses, in the order of the rows in the table, so that neighbouring rows are written together.
    pub(crate) fn take(&self) -> Vec<(Hash, i64)> {
        let mut noted: Vec<_> = std::mem::take(&mut *self.lock()).into_iter().collect();
        noted.sort_unstable();
        noted
    }
}
