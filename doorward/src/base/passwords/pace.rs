//! How long it takes to refuse a password: as long for everyone as it takes with the stored hashes that take longest.
//!
//! A hash of another system may take ten times as long to compare as one of ours, and one of ours with a former cost less:
//! who is refused at another pace than nobody has an account. So the time of each kind of hash is kept, and whoever is
//! refused sooner than with the slowest kind waits for the rest. Waiting keeps no core busy. As long as there are only
//! hashes of the present kind, nobody waits: for an unknown user one of those is computed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// So many kinds are told apart.
const KINDS: usize = 64;

/// How long comparing takes, by the scheme and the cost of the stored hash; `None` for what is computed when there is
/// none.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<Option<String>, Duration>>);

impl Pace {
    /// Notes how long a comparison took. Follows what takes longer at once, and what takes less slowly, so that few take
    /// longer than what is kept.
    pub(crate) fn note(&self, kind: Option<String>, took: Duration) {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.len() >= KINDS && !kinds.contains_key(&kind) {
            return;
        }
        let kept = kinds.entry(kind).or_insert(took);
        *kept = if took > *kept { took } else { *kept - (*kept - took) / 32 };
    }

    /// How long whoever is refused after a comparison that took so long has to wait still.
    pub(crate) fn rest(&self, took: Duration) -> Duration {
        let kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.keys().flatten().next().is_none() {
            return Duration::ZERO;
        }
        let slowest = kinds.values().max().copied().unwrap_or_default();
        // A quarter more, for those that take longer than usual.
        (slowest + slowest / 4).saturating_sub(took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn kind(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    #[test]
    fn nobody_waits_while_all_hashes_are_of_the_present_kind() {
        let pace = Pace::default();
        assert_eq!(pace.rest(ms(20)), ms(0));
        pace.note(None, ms(20));
        assert_eq!(pace.rest(ms(10)), ms(0));
    }

    #[test]
    fn everyone_waits_for_as_long_as_the_slowest_kind_takes() {
        let pace = Pace::default();
        pace.note(None, ms(20));
        pace.note(kind("bcrypt cost=12"), ms(240));
        pace.note(kind("argon2id m=4096,t=1,p=1"), ms(4));
        for took in [4, 20, 240, 260] {
            assert_eq!(pace.rest(ms(took)), ms(300 - took));
        }
        assert_eq!(pace.rest(ms(400)), ms(0));
    }

    #[test]
    fn a_quicker_kind_is_as_slow_as_the_present_one() {
        let pace = Pace::default();
        pace.note(None, ms(20));
        pace.note(kind("argon2id m=4096,t=1,p=1"), ms(4));
        assert_eq!((pace.rest(ms(4)), pace.rest(ms(20))), (ms(21), ms(5)));
    }

    #[test]
    fn a_kind_that_was_slow_once_is_forgiven_in_time() {
        let pace = Pace::default();
        pace.note(kind("bcrypt cost=12"), ms(1000));
        for _ in 0..200 {
            pace.note(kind("bcrypt cost=12"), ms(240));
            // Others have no say.
            pace.note(kind("md5"), ms(20));
        }
        let rest = pace.rest(ms(0));
        assert!((ms(300)..ms(310)).contains(&rest), "{rest:?}");
    }

    #[test]
    fn no_more_kinds_are_kept_than_fit() {
        let pace = Pace::default();
        for rounds in 0..10_000 {
            pace.note(kind(&format!("pbkdf2 rounds={rounds}")), ms(1));
        }
        assert_eq!(pace.0.lock().unwrap().len(), KINDS);
    }
}
