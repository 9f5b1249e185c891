//! The settings of a context, as the builder has set them.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::bounds::Bounds;
use crate::pepper::Pepper;
use crate::recipe::Recipe;
use crate::recipe::argon2::Argon2;
use crate::recipe::bcrypt::{Bcrypt, Key};
use crate::scheme::Scheme;

/// The settings of a context. Its secrets are wiped when the last context is dropped.
pub(crate) struct Settings {
    pub(crate) preferred: Preferred,
    /// `None` accepts every scheme.
    pub(crate) accepted: Option<Vec<Scheme>>,
    pub(crate) bounds: Bounds,
    /// The current pepper, which new hashes take.
    pub(crate) pepper: Option<Arc<Pepper>>,
    /// Earlier peppers, which stored hashes may still name.
    pub(crate) retired_peppers: Vec<Arc<Pepper>>,
    /// Devise's `config.pepper`.
    pub(crate) devise_pepper: Option<Zeroizing<Vec<u8>>>,
    /// The project whose exported users are read.
    pub(crate) firebase: Option<Project>,
}

/// The hash parameters of a Firebase project. Its users' hashes do not carry them.
#[derive(Clone)]
pub(crate) struct Project {
    pub(crate) signer_key: Zeroizing<Vec<u8>>,
    pub(crate) salt_separator: Vec<u8>,
    /// scrypt's r.
    pub(crate) rounds: u32,
    /// The binary logarithm of scrypt's N.
    pub(crate) memory_cost: u32,
}

impl Project {
    /// Returns `true` if Firebase could have such parameters and the bounds allow them. Its Admin SDK takes rounds of
    /// 1 to 8 and a memory cost of 1 to 14.
    pub(crate) fn is_possible(&self, bounds: &Bounds) -> bool {
        (1..=8).contains(&self.rounds)
            && (1..=14).contains(&self.memory_cost)
            && bounds.check_scrypt(1 << self.memory_cost, self.rounds, 1).is_ok()
    }
}

/// How new hashes are made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Preferred {
    Argon2id { memory_kib: u32, iterations: u32, parallelism: u32 },
    Bcrypt { cost: u32 },
}

impl Preferred {
    pub(crate) fn scheme(self) -> Scheme {
        match self {
            Preferred::Argon2id { .. } => Scheme::Argon2id,
            Preferred::Bcrypt { .. } => Scheme::Bcrypt,
        }
    }

    /// Returns the computation of a new hash. Only argon2id takes the pepper.
    pub(crate) fn recipe(self, salt: [u8; 16], pepper: Option<Arc<Pepper>>) -> Recipe {
        match self {
            Preferred::Argon2id { memory_kib, iterations, parallelism } => {
                Recipe::Argon2(Argon2::id(memory_kib, iterations, parallelism, salt.to_vec(), pepper))
            }
            Preferred::Bcrypt { cost } => Recipe::Bcrypt(Bcrypt { cost, salt, key: Key::Password }),
        }
    }

    /// Returns the memory that one hash takes, and that a worker keeps.
    pub(crate) fn memory_kib(self) -> u32 {
        match self {
            Preferred::Argon2id { memory_kib, .. } => memory_kib,
            Preferred::Bcrypt { .. } => 0,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("preferred", &self.preferred)
            .field("accepted", &self.accepted)
            .field("bounds", &self.bounds)
            .field("pepper", &self.pepper)
            .field("retired_peppers", &self.retired_peppers)
            .field("devise_pepper", &self.devise_pepper.is_some())
            .field("firebase", &self.firebase.is_some())
            .finish()
    }
}

impl Settings {
    pub(crate) fn accepts(&self, scheme: Scheme) -> bool {
        scheme == self.preferred.scheme() || self.accepted.as_ref().is_none_or(|all| all.contains(&scheme))
    }

    /// Finds the pepper with this id, current or retired.
    pub(crate) fn pepper_by_id(&self, id: &str) -> Option<Arc<Pepper>> {
        self.pepper.iter().chain(&self.retired_peppers).find(|pepper| pepper.id == id).cloned()
    }
}
