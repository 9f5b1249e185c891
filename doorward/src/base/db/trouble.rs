//! Whether the last write failed. A server whose writes fail, as on a full disk, is not ready.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::base::db::error::{Error, Result};

/// The outcome of the last write.
#[derive(Debug, Default)]
pub(super) struct Trouble(AtomicBool);

impl Trouble {
    /// Notes the outcome of a statement or a commit. Only one that is durable shows that writes work.
    pub(super) fn note<T>(&self, outcome: &Result<T>, durable: bool) {
        match outcome {
            Err(Error::Unavailable(_)) => self.set(),
            // Most writes work, so most of them only read.
            Ok(_) if durable && self.is_there() => self.0.store(false, Relaxed),
            _ => {}
        }
    }

    pub(super) fn set(&self) {
        self.0.store(true, Relaxed);
    }

    pub(super) fn is_there(&self) -> bool {
        self.0.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_durable_write_ends_the_trouble() {
        let trouble = Trouble::default();
        let failed = Err::<(), _>(Error::timed_out());
        trouble.note(&Err::<(), _>(Error::Unique), true);
        assert!(!trouble.is_there());
        for (outcome, durable, expected) in
            [(&failed, false, true), (&Ok(()), false, true), (&failed, true, true), (&Ok(()), true, false)]
        {
            trouble.note(outcome, durable);
            assert_eq!(trouble.is_there(), expected);
        }
    }
}
