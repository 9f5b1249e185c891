//! What was read from the database a while ago: does it still hold?
//!
//! Whoever keeps what they read takes a [`Mark`] before they read it. Whoever changes it notes so after the commit and
//! before the change is acknowledged. What was read holds as long as nothing was noted after its mark. No time passes
//! between the two that matters: a mark that is taken after a commit was noted belongs to a read that sees the commit.
//!
//! Changes are noted by the number of their owner, a user for instance, in a table of fixed size. Owners that share
//! a place in it are changed together, which costs one of them a read.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// How many owners are told apart: 32 KiB, and a change makes one of 4096 others be read again.
const PLACES: usize = 4096;

/// A moment before a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark(u64);

/// When which owner changed last, counted in changes.
pub(super) struct Changes {
    count: AtomicU64,
    everything: AtomicU64,
    owners: Box<[AtomicU64]>,
}

impl Default for Changes {
    fn default() -> Self {
        let owners = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Self { count: AtomicU64::new(0), everything: AtomicU64::new(0), owners }
    }
}

impl Changes {
    /// To be taken before what is to be kept is read.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.count.load(SeqCst))
    }

    /// To be called when a change of `owner` can be read by everybody, and before it is acknowledged.
    pub(super) fn note(&self, owner: i64) {
        let number = self.count.fetch_add(1, SeqCst) + 1;
        self.place(owner).fetch_max(number, SeqCst);
    }

    /// The same for owners that are not known: nothing that was read before holds.
    pub(super) fn note_everything(&self) {
        let number = self.count.fetch_add(1, SeqCst) + 1;
        self.everything.fetch_max(number, SeqCst);
    }

    /// Whether no change of `owner` was noted since `mark`.
    pub(super) fn none_since(&self, owner: i64, mark: Mark) -> bool {
        self.place(owner).load(SeqCst) <= mark.0 && self.everything.load(SeqCst) <= mark.0
    }

    fn place(&self, owner: i64) -> &AtomicU64 {
        // The lowest bits of a user's number are random.
        &self.owners[owner as usize % PLACES]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_ends_what_was_read_of_its_owner_before() {
        let changes = Changes::default();
        let before = changes.mark();
        assert!(changes.none_since(7, before));
        changes.note(7);
        assert!(!changes.none_since(7, before));
        assert!(changes.none_since(8, before));
        assert!(changes.none_since(7, changes.mark()));
    }

    #[test]
    fn a_change_of_everything_ends_all_that_was_read_before() {
        let changes = Changes::default();
        let before = changes.mark();
        changes.note_everything();
        assert!((-9..9).all(|owner| !changes.none_since(owner, before)));
        assert!((-9..9).all(|owner| changes.none_since(owner, changes.mark())));
    }
}
