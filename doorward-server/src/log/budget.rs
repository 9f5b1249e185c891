//! Limits the number of requests in a second that get a line in the log. A server that answers a hundred thousand of
//! them would otherwise do little else than write lines.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::Instant,
};

/// The number of counters of requests without a line.
const PLACES: usize = 16;

/// Counts the lines of a second, and the requests without a line.
#[derive(Debug)]
pub(crate) struct Budget {
    /// The number of lines that may be written in a second.
    lines: u64,
    start: Instant,
    /// The second since the start for which lines are counted now.
    second: AtomicU64,
    taken: AtomicU64,
    /// Each thread has its own counter, so that threads do not wait for each other.
    left_out: [Place; PLACES],
}

/// A count that shares no cache line with another.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place(AtomicU64);

impl Budget {
    pub(crate) fn new(lines: u64) -> Self {
        let (second, taken) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { lines, start: Instant::now(), second, taken, left_out: Default::default() }
    }

    /// Takes one line for a request that succeeded at this moment. Returns `false` if none is left.
    pub(crate) fn take(&self, now: Instant) -> bool {
        let second = now.saturating_duration_since(self.start).as_secs();
        if self.second.load(Relaxed) < second && self.second.fetch_max(second, Relaxed) < second {
            self.taken.store(0, Relaxed);
        }
        let granted = self.taken.load(Relaxed) < self.lines && self.taken.fetch_add(1, Relaxed) < self.lines;
        if !granted {
            self.left_out[thread_number() % PLACES].0.fetch_add(1, Relaxed);
        }
        granted
    }

    /// Returns the number of requests without a line since the last call.
    pub(crate) fn left_out(&self) -> u64 {
        let take = |place: &Place| if place.0.load(Relaxed) == 0 { 0 } else { place.0.swap(0, Relaxed) };
        self.left_out.iter().map(take).sum()
    }
}

/// Returns the number of this thread among those that answer requests.
pub(crate) fn thread_number() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static NUMBER: usize = THREADS.fetch_add(1, Relaxed));
    NUMBER.with(|number| *number)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_second_has_its_lines_and_the_others_are_counted() {
        let budget = Budget::new(3);
        let at = |milliseconds| budget.start + Duration::from_millis(milliseconds);
        let granted = |from| (from..from + 5).filter(|moment| budget.take(at(*moment))).count();
        assert_eq!((granted(0), budget.left_out(), budget.left_out()), (3, 2, 0));
        assert_eq!((granted(900), granted(1000), granted(5000)), (0, 3, 3));
        assert_eq!(budget.left_out(), 5 + 2 + 2);
        // A late thread counts for the second that others have begun.
        assert!(!budget.take(at(10)));
    }
}
