//! Whether a table that strangers can fill has room. Its rows are counted rarely, because that takes milliseconds.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};

/// The seconds after which the rows are counted again.
const LOOK: i64 = 60;
/// The number of new rows after which they are counted again.
const NEW: i64 = 1000;

/// What this process knows of the table.
#[derive(Debug, Default)]
pub(crate) struct TableRoom {
    full: AtomicBool,
    /// The time of the last count.
    looked_at: AtomicI64,
    /// The rows that this process has added since then.
    added: AtomicI64,
}

impl TableRoom {
    /// Returns `true` if the caller must count the rows. Of several callers only one must.
    pub(crate) fn must_look(&self, now: i64) -> bool {
        let looked_at = self.looked_at.load(Relaxed);
        // A clock that was set back makes the difference negative.
        let due = !(0..LOOK).contains(&(now - looked_at)) || self.added.load(Relaxed) >= NEW;
        if !due || self.looked_at.compare_exchange(looked_at, now, Relaxed, Relaxed).is_err() {
            return false;
        }
        self.added.swap(0, Relaxed) >= NEW || now != looked_at
    }

    pub(crate) fn is_full(&self) -> bool {
        self.full.load(Relaxed)
    }

    /// Notes the outcome of a count.
    pub(crate) fn set_full(&self, full: bool) {
        self.full.store(full, Relaxed);
    }

    /// Notes a new row.
    pub(crate) fn add(&self) {
        self.added.fetch_add(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_counted_each_minute_and_after_many_new_ones() {
        let room = TableRoom::default();
        assert!(room.must_look(1000) && !room.must_look(1000) && !room.must_look(1059));
        assert!(room.must_look(1060) && !room.must_look(1060));
        (0..NEW).for_each(|_| room.add());
        assert!(room.must_look(1060) && !room.must_look(1060));
        assert!(room.must_look(500), "the clock was set back");
        assert!(!room.must_look(501));
    }
}
