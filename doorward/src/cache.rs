//! A bounded memory of what was looked up by the hash of a secret.
//!
//! It knows nothing of whether what it holds is still so: whoever asks it has to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::secret::Hash;

/// Room for 131,072 things. A set has a lock of its own, and gives up its oldest when it is full.
const SETS: usize = 8192;
const PER_SET: usize = 16;

/// Things by the hashes that they were found by. Empty it takes 320 KB.
pub(crate) struct Cache<T>(Box<[Mutex<Set<T>>]>);

/// In the order in which they came, with eight bytes of each hash, so that others need not be looked at.
type Set<T> = Vec<(u64, Entry<T>)>;

type Entry<T> = Arc<(Hash, T)>;

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self((0..SETS).map(|_| Mutex::default()).collect())
    }
}

impl<T> Cache<T> {
    /// What was kept by this hash.
    pub(crate) fn get(&self, hash: &Hash) -> Option<Entry<T>> {
        let set = self.set(hash);
        set.iter()
            .find(|(tag, entry)| *tag == self::tag(hash) && entry.0 == *hash)
            .map(|found| found.1.clone())
    }

    /// Keeps this in place of what was kept by the same hash.
    pub(crate) fn keep(&self, hash: Hash, value: T) -> Entry<T> {
        let entry = Arc::new((hash, value));
        let mut set = self.set(&hash);
        if let Some(same) = set.iter().position(|(_, entry)| entry.0 == hash) {
            set.remove(same);
        } else if set.len() == PER_SET {
            set.remove(0);
        }
        set.push((tag(&hash), entry.clone()));
        entry
    }

    fn set(&self, hash: &Hash) -> MutexGuard<'_, Set<T>> {
        let number = usize::from(u16::from_le_bytes([hash[0], hash[1]]));
        self.0[number % SETS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tag(hash: &Hash) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|place| hash[8 + place]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes share a set, and some of them a tag.
    fn hash(number: u8) -> Hash {
        let mut hash = [0; 32];
        hash[8] = number / 2;
        hash[31] = number;
        hash
    }

    #[test]
    fn what_is_kept_is_found_by_its_own_hash_alone() {
        let cache = Cache::default();
        cache.keep(hash(0), "zero");
        cache.keep(hash(1), "one");
        assert_eq!(cache.get(&hash(0)).unwrap().1, "zero");
        assert_eq!(cache.get(&hash(1)).unwrap().1, "one");
        assert!(cache.get(&hash(2)).is_none());
        cache.keep(hash(1), "another");
        assert_eq!(cache.get(&hash(1)).unwrap().1, "another");
        assert_eq!(cache.0[0].lock().unwrap().len(), 2);
    }

    #[test]
    fn a_full_set_gives_up_its_oldest() {
        let cache = Cache::default();
        for number in 0..20 {
            cache.keep(hash(number), number);
        }
        for number in 0..20 {
            let found = cache.get(&hash(number)).map(|entry| entry.1);
            assert_eq!(found, (number >= 4).then_some(number));
        }
        assert_eq!(cache.0[0].lock().unwrap().len(), PER_SET);
    }
}
