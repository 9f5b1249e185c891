//! The keys that sign ID tokens, as this process remembers them.

use std::sync::Arc;

use crate::base::{
    db::Mark,
    jose::{Algorithm, SigningKey},
};

/// The number under which changes of the keys are noted. No user and no client has it.
pub(crate) const OWNER: i64 = i64::MIN;

/// A key, and when it is used.
#[derive(Clone, Debug)]
pub(crate) struct DatedKey {
    pub(crate) key: Arc<SigningKey>,
    /// Its number among the keys of its algorithm. A later key has a greater one.
    pub(crate) number: i64,
    pub(crate) signs_from: i64,
    pub(crate) signs_until: i64,
    /// From then on nobody should accept its signatures.
    pub(crate) gone_at: i64,
}

/// All keys that others may still meet.
#[derive(Debug)]
pub(crate) struct SigningKeys {
    pub(crate) mark: Mark,
    pub(crate) looked_up_at: i64,
    pub(crate) keys: Vec<DatedKey>,
}

impl SigningKeys {
    /// Returns the key that signs now.
    pub(crate) fn current(&self, algorithm: Algorithm, now: i64) -> Option<&SigningKey> {
        let of_algorithm = self.keys.iter().filter(|dated| dated.key.algorithm == algorithm);
        let signing = of_algorithm.filter(|dated| (dated.signs_from..dated.signs_until).contains(&now));
        signing.max_by_key(|dated| dated.number).map(|dated| &*dated.key)
    }

    /// Returns the keys that others should know now.
    pub(crate) fn published(&self, now: i64) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter().filter(move |dated| now < dated.gone_at).map(|dated| &*dated.key)
    }
}
