//! Limits the number of requests in a second that get a line in the log. A server that answers a hundred thousand of
//! them would otherwise do little else than write lines, and strangers could fill the disk.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::Instant,
};

use doorward::serve::client_network;

/// The number of counters of requests without a line.
const PLACES: usize = 16;
/// The number of counters of client networks. Several networks may have the same one.
const NETWORKS: usize = 256;
/// The part of the lines for refused requests that one client network gets.
const PART: u64 = 10;

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
    /// The second since the start in which somebody last asked for the number of requests without a line, plus 1.
    told: AtomicU64,
}

/// A count that shares no cache line with another.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place(AtomicU64);

impl Budget {
    pub(crate) fn new(lines: u64) -> Self {
        Self {
            lines,
            start: Instant::now(),
            second: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            left_out: Default::default(),
            told: AtomicU64::new(0),
        }
    }

    fn second(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.start).as_secs()
    }

    /// Takes one line for a request that was answered at this moment. Returns `false` if none is left.
    pub(crate) fn take(&self, now: Instant) -> bool {
        let second = self.second(now);
        if self.second.load(Relaxed) < second && self.second.fetch_max(second, Relaxed) < second {
            self.taken.store(0, Relaxed);
        }
        let granted = self.taken.load(Relaxed) < self.lines && self.taken.fetch_add(1, Relaxed) < self.lines;
        if !granted {
            self.leave_out();
        }
        granted
    }

    fn leave_out(&self) {
        self.left_out[thread_number() % PLACES].0.fetch_add(1, Relaxed);
    }

    /// Returns the number of requests without a line since the last call.
    pub(crate) fn left_out(&self) -> u64 {
        let take = |place: &Place| if place.0.load(Relaxed) == 0 { 0 } else { place.0.swap(0, Relaxed) };
        self.left_out.iter().map(take).sum()
    }

    /// The same, but 0 if another call already asked in this second: that also is a line.
    pub(crate) fn left_out_until(&self, now: Instant) -> u64 {
        let second = self.second(now) + 1;
        if self.told.load(Relaxed) < second && self.told.fetch_max(second, Relaxed) < second {
            return self.left_out();
        }
        0
    }
}

/// The lines of refused requests. A client network gets a tenth of them, so that the lines of one do not take the place
/// of those of others.
#[derive(Debug)]
pub(crate) struct Shares {
    all: Budget,
    /// The lines that a network may have in a second.
    share: u64,
    keyed: RandomState,
    /// The second since the start, and the lines in it: the upper and the lower 32 bits.
    networks: Box<[AtomicU64]>,
}

impl Shares {
    pub(crate) fn new(lines: u64) -> Self {
        Self {
            all: Budget::new(lines),
            share: lines.div_ceil(PART),
            keyed: RandomState::new(),
            networks: (0..NETWORKS).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Takes one line for a request of this client that was answered at this moment. Returns `false` if none is left.
    pub(crate) fn take(&self, now: Instant, client: IpAddr) -> bool {
        let second = self.all.second(now) << 32;
        let place = self.keyed.hash_one(client_network(client)) as usize % NETWORKS;
        let counted = self.networks[place].fetch_update(Relaxed, Relaxed, |counted| {
            let counted = counted.max(second);
            (counted & u64::from(u32::MAX) < self.share).then_some(counted + 1)
        });
        if counted.is_err() {
            self.all.leave_out();
        }
        counted.is_ok() && self.all.take(now)
    }

    /// See [`Budget::left_out`].
    pub(crate) fn left_out(&self) -> u64 {
        self.all.left_out()
    }

    /// See [`Budget::left_out_until`].
    pub(crate) fn left_out_until(&self, now: Instant) -> u64 {
        self.all.left_out_until(now)
    }
}

/// Returns the number of this thread among those that answer requests.
fn thread_number() -> usize {
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

    #[test]
    fn the_number_left_out_is_told_once_a_second() {
        let budget = Budget::new(0);
        let at = |milliseconds| budget.start + Duration::from_millis(milliseconds);
        budget.take(at(0));
        assert_eq!(budget.left_out_until(at(10)), 1);
        budget.take(at(20));
        assert_eq!((budget.left_out_until(at(30)), budget.left_out_until(at(1000))), (0, 1));
    }

    #[test]
    fn a_client_network_takes_only_its_share() {
        let shares = Shares::new(100);
        let at = |milliseconds| shares.all.start + Duration::from_millis(milliseconds);
        let granted = |client: &str, from| {
            (0..50).filter(|more: &u64| shares.take(at(from + more), client.parse().unwrap())).count()
        };
        assert_eq!((granted("192.0.2.1", 0), granted("::ffff:192.0.2.1", 100)), (10, 0));
        assert_eq!((granted("2001:db8::1", 0), granted("2001:db8::2", 0)), (10, 0));
        assert_eq!(granted("192.0.2.1", 1000), 10);
        // A late thread counts for the second that others have begun.
        assert_eq!(granted("192.0.2.1", 0), 0);
        assert_eq!(shares.left_out(), 40 + 50 + 40 + 50 + 40 + 50);
        // All together have no more than all lines. Some of these networks have the same counter.
        let all: usize = (0..40).map(|n| granted(&format!("198.51.100.{n}"), 5000)).sum();
        assert_eq!(all, 100);
        assert_eq!(Shares::new(0).share, 0);
        assert!(Shares::new(1).take(at(0), "192.0.2.1".parse().unwrap()));
    }
}
