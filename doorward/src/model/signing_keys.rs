//! The keys that sign ID tokens, as this process remembers them.

use std::sync::Arc;

use serde::Serialize;

use crate::base::{
    db::Mark,
    jose::{Algorithm, SigningKey},
    time::Timestamp,
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

/// A key that signs or verifies ID tokens, as an operator sees it. The private key is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ListedSigningKey {
    /// Its id: `kid` in the header of the tokens that it signs.
    pub id: String,
    /// `RS256`, `ES256` or `EdDSA`.
    pub algorithm: String,
    /// What it does now.
    pub state: SigningKeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// The moment from which it signs. For a key that signed as soon as it was made, this is a day before that: the
    /// clock of another node may be behind.
    pub signs_from: Timestamp,
    /// The moment from which it signs no more.
    pub signs_until: Timestamp,
    /// The moment from which it is not published any more.
    pub gone_at: Timestamp,
    /// The id of the key of the settings that seals its private key ([`Config::secret_key_id`](crate::Config)).
    pub sealed_with: String,
}

/// What a signing key does now. Serializes in snake case: `waits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SigningKeyState {
    /// It is published, and will sign.
    Waits,
    /// It signs.
    Signs,
    /// It signs no more. The tokens that it has signed are still accepted.
    Verifies,
}
