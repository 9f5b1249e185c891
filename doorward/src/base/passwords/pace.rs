//! Makes every refusal of a password take as long as one with the slowest kind of stored hash.
//!
//! A hash of another system may take ten times as long to compare as one of ours, and one of ours with an older cost
//! may take less. The time of a refusal could then tell an attacker that an account exists. So the time of each kind
//! of hash is measured. A caller who is refused sooner than with the slowest kind waits for the rest. Waiting keeps
//! no core busy. While there are only hashes of the current kind, nobody waits: for an unknown user, one of those is
//! computed.
//!
//! Some texts are tried in several spellings (`password.rs`), and for hashes of some systems in several treatments, such as
//! trimmed. So the time of one try is measured. How many tries a text takes at most, with any kind of hash, depends on the
//! text alone: every refusal of that text takes as long as that many tries with the slowest kind. For an unknown user,
//! as many are computed as with the current kind.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The most kinds that are measured.
const KINDS: usize = 64;

/// The time of one try, by the scheme and the cost of the stored hash. `None` stands for the current kind, which
/// is also computed if there is no stored hash.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<Option<String>, Duration>>);

impl Pace {
    /// Records the time of a comparison with `tries` tries. A longer time counts at once, a shorter one only slowly, so that
    /// few comparisons take longer than the recorded time.
    pub(crate) fn note(&self, kind: Option<String>, took: Duration, tries: usize) {
        let took = took / u32::try_from(tries.max(1)).unwrap_or(u32::MAX);
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.len() >= KINDS && !kinds.contains_key(&kind) {
            return;
        }
        let kept = kinds.entry(kind).or_insert(took);
        *kept = if took > *kept { took } else { *kept - (*kept - took) / 32 };
    }

    /// Returns how much longer a caller has to wait who is refused after a comparison that took `took`. `most` is the most
    /// tries that the text takes.
    pub(crate) fn rest(&self, took: Duration, most: usize) -> Duration {
        let kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.keys().flatten().next().is_none() {
            return Duration::ZERO;
        }
        let slowest = kinds.values().max().copied().unwrap_or_default();
        // A quarter more, for comparisons that take longer than usual.
        let all = (slowest + slowest / 4).saturating_mul(u32::try_from(most).unwrap_or(u32::MAX));
        all.saturating_sub(took)
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
    fn nobody_waits_while_all_hashes_are_of_the_current_kind() {
        let pace = Pace::default();
        assert_eq!(pace.rest(ms(20), 1), ms(0));
        pace.note(None, ms(20), 1);
        assert_eq!(pace.rest(ms(10), 1), ms(0));
    }

    #[test]
    fn every_refusal_takes_as_long_as_the_slowest_kind() {
        let pace = Pace::default();
        pace.note(None, ms(20), 1);
        pace.note(kind("bcrypt cost=12"), ms(240), 1);
        pace.note(kind("argon2id m=4096,t=1,p=1"), ms(4), 1);
        for took in [4, 20, 240, 260] {
            assert_eq!(pace.rest(ms(took), 1), ms(300 - took));
        }
        assert_eq!(pace.rest(ms(400), 1), ms(0));
    }

    #[test]
    fn a_text_with_several_spellings_takes_as_long_with_every_kind() {
        let pace = Pace::default();
        // Two spellings of an unknown user, and three texts that WordPress may have hashed.
        pace.note(None, ms(40), 2);
        pace.note(kind("bcrypt-sha2 cost=10"), ms(180), 3);
        for took in [40, 60, 180] {
            assert_eq!(pace.rest(ms(took), 3), ms(3 * 75 - took));
        }
        // Another text has only one.
        for took in [20, 60] {
            assert_eq!(pace.rest(ms(took), 1), ms(75 - took));
        }
    }

    #[test]
    fn a_quicker_kind_takes_as_long_as_the_current_one() {
        let pace = Pace::default();
        pace.note(None, ms(20), 1);
        pace.note(kind("argon2id m=4096,t=1,p=1"), ms(4), 1);
        assert_eq!((pace.rest(ms(4), 1), pace.rest(ms(20), 1)), (ms(21), ms(5)));
    }

    #[test]
    fn one_slow_comparison_is_forgotten_in_time() {
        let pace = Pace::default();
        pace.note(kind("bcrypt cost=12"), ms(1000), 1);
        for _ in 0..200 {
            pace.note(kind("bcrypt cost=12"), ms(240), 1);
            // Other kinds do not change it.
            pace.note(kind("md5"), ms(20), 1);
        }
        let rest = pace.rest(ms(0), 1);
        assert!((ms(300)..ms(310)).contains(&rest), "{rest:?}");
    }

    #[test]
    fn the_number_of_kinds_is_bounded() {
        let pace = Pace::default();
        for rounds in 0..10_000 {
            pace.note(kind(&format!("pbkdf2 rounds={rounds}")), ms(1), 1);
        }
        assert_eq!(pace.0.lock().unwrap().len(), KINDS);
    }
}
