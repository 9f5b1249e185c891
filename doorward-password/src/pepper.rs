//! The pepper: a key that is mixed into hashes and kept outside the database.

use std::fmt;

use zeroize::Zeroizing;

/// The PHC string format allows a key id of eight bytes.
const MAX_ID_BYTES: usize = 8;
/// An attacker could guess a pepper of less than 128 bits together with a password.
const MIN_KEY_BYTES: usize = 16;

/// A pepper key, and the id that names it in hashes.
pub(crate) struct Pepper {
    pub(crate) id: String,
    key: Zeroizing<Vec<u8>>,
}

impl Pepper {
    pub(crate) fn new(id: &str, key: &[u8]) -> Pepper {
        Pepper { id: id.to_owned(), key: Zeroizing::new(key.to_vec()) }
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    pub(crate) fn has_valid_id(&self) -> bool {
        !self.id.is_empty() && self.id.len() <= MAX_ID_BYTES
    }

    pub(crate) fn has_long_key(&self) -> bool {
        self.key.len() >= MIN_KEY_BYTES
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pepper").field("id", &self.id).finish_non_exhaustive()
    }
}
