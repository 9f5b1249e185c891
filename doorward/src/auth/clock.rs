//! The clock, the only source of the time of day. Tests can stop it and move it.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The clock of a handle and its clones.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// The seconds by which a test moved the clock.
    moved: AtomicI64,
    /// The second at which a test stopped the clock, or 0.
    stopped_at: AtomicI64,
}

impl Clock {
    /// The time in unix seconds.
    pub(crate) fn now(&self) -> i64 {
        let second = match self.stopped_at.load(Ordering::Relaxed) {
            0 => unix_time().as_secs() as i64,
            stopped_at => stopped_at,
        };
        second + self.moved.load(Ordering::Relaxed)
    }

    /// The time in unix milliseconds. It goes on while the seconds are stopped.
    pub(crate) fn now_millis(&self) -> i64 {
        unix_time().as_millis() as i64 + self.moved.load(Ordering::Relaxed) * 1000
    }

    /// Stops the seconds. Only [`Clock::advance`] moves them from then on.
    #[cfg(feature = "test-util")]
    pub(crate) fn stop(&self) {
        self.stopped_at.store(unix_time().as_secs() as i64, Ordering::Relaxed);
    }

    /// Moves the clock by seconds, which may be negative.
    #[cfg(feature = "test-util")]
    pub(crate) fn advance(&self, seconds: i64) {
        self.moved.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// The time since 1970, by the clock of the machine.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub(crate) fn unix_time() -> Duration {
    // The clock of a machine is before 1970 only if it was never set. Then the time is 0.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
