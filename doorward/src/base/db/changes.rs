//! Tells if rows that were read from the database a while ago still hold.
//!
//! A reader that remembers rows takes a [`Mark`] before it reads them. A writer notes its change after the commit and
//! before it acknowledges the change. The rows hold as long as nothing was noted after their mark. There is no gap: a
//! mark that is taken after a commit was noted belongs to a read that sees the commit.
//!
//! Changes are noted by the number of their owner, for example a user, in a table of fixed size. Some owners share a
//! place in it. A change of one then also ends the memory of the other, which costs one read.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use tokio::sync::Notify;

/// The number of places: 32 KiB. A change of one owner makes one of 4096 others be read again.
const PLACES: usize = 4096;

/// A moment before a read, see [`Changes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark(u64);

/// The last change of each owner, counted in changes.
pub(super) struct Changes {
    count: AtomicU64,
    everything: AtomicU64,
    owners: Box<[AtomicU64]>,
    /// Wakes the task that waits for changes.
    news: Notify,
}

impl Default for Changes {
    fn default() -> Self {
        let owners = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Self { count: AtomicU64::new(0), everything: AtomicU64::new(0), owners, news: Notify::new() }
    }
}

impl Changes {
    /// Takes a mark. It is taken before the read.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.count.load(SeqCst))
    }

    /// Notes a change of `owner`. Call it when every reader sees the change, and before it is acknowledged.
    pub(super) fn note(&self, owner: i64) {
        let number = self.count.fetch_add(1, SeqCst) + 1;
        self.place(owner).fetch_max(number, SeqCst);
        self.news.notify_one();
    }

    /// Notes a change of unknown owners. Then no row that was read before holds.
    pub(super) fn note_everything(&self) {
        let number = self.count.fetch_add(1, SeqCst) + 1;
        self.everything.fetch_max(number, SeqCst);
        self.news.notify_one();
    }

    /// Waits until something was noted since the last call. One task at a time may wait.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    /// Returns `true` if no change of `owner` was noted since `mark`.
    pub(super) fn none_since(&self, owner: i64, mark: Mark) -> bool {
        self.place(owner).load(SeqCst) <= mark.0 && self.everything.load(SeqCst) <= mark.0
    }

    fn place(&self, owner: i64) -> &AtomicU64 {
        // The low bits of a user's number are random.
        &self.owners[owner as usize % PLACES]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_ends_the_memory_of_its_owner() {
        let changes = Changes::default();
        let before = changes.mark();
        assert!(changes.none_since(7, before));
        changes.note(7);
        assert!(!changes.none_since(7, before));
        assert!(changes.none_since(8, before));
        assert!(changes.none_since(7, changes.mark()));
    }

    #[test]
    fn a_change_of_everything_ends_all_memory() {
        let changes = Changes::default();
        let before = changes.mark();
        changes.note_everything();
        assert!((-9..9).all(|owner| !changes.none_since(owner, before)));
        assert!((-9..9).all(|owner| changes.none_since(owner, changes.mark())));
    }
}
