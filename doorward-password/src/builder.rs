//! Building a context.

use std::collections::HashSet;
use std::sync::Arc;

use crate::bounds::Bounds;
use crate::context::PasswordContext;
use crate::error::Error;
use crate::pepper::Pepper;
use crate::scheme::Scheme;
use crate::settings::{Preferred, Settings};

/// Settles what a [`PasswordContext`] does. Made by [`PasswordContext::builder`].
///
/// Without any call it hashes with argon2id at 19,456 KiB, two iterations and one lane (the OWASP recommendation),
/// accepts every scheme, and uses no pepper.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct Builder {
    settings: Settings,
}

/// Why a context cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The cost of the preferred scheme is impossible: argon2 needs an iteration, a lane and 8 KiB for each lane;
    /// bcrypt's cost is 4 to 31.
    #[error("the preferred cost is not one that the scheme allows")]
    InvalidCost,
    /// The context would refuse to verify its own hashes.
    #[error("the preferred cost is beyond the bounds")]
    CostOutOfBounds,
    /// A pepper's key id is empty or longer than eight bytes.
    #[error("a pepper's key id must have one to eight bytes")]
    InvalidPepperId,
    /// Two peppers have the same key id.
    #[error("two peppers have the same key id")]
    DuplicatePepperId,
    /// A pepper's key has fewer than 16 bytes.
    #[error("a pepper's key must have at least 16 bytes")]
    PepperTooShort,
    /// Only argon2id hashes can carry a pepper.
    #[error("a pepper needs argon2id as the preferred scheme")]
    PepperNeedsArgon2id,
}

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder {
            settings: Settings {
                preferred: Preferred::Argon2id { memory_kib: 19_456, iterations: 2, parallelism: 1 },
                accepted: None,
                bounds: Bounds::default(),
                pepper: None,
                retired_peppers: Vec::new(),
            },
        }
    }

    /// Hash new passwords with argon2id at this cost.
    ///
    /// Hashes of another cost still verify; those of a lower cost are due for an upgrade.
    pub fn argon2id(mut self, memory_kib: u32, iterations: u32, parallelism: u32) -> Builder {
        self.settings.preferred = Preferred::Argon2id { memory_kib, iterations, parallelism };
        self
    }

    /// Hash new passwords with bcrypt (`$2b$`) at this cost, for a system that shares its hashes with others.
    ///
    /// New passwords of more than 72 bytes are then refused, because bcrypt would ignore the rest.
    pub fn bcrypt(mut self, cost: u32) -> Builder {
        self.settings.preferred = Preferred::Bcrypt { cost };
        self
    }

    /// Accept only these schemes, and the preferred one, when verifying. The default is all of them.
    pub fn accept(mut self, schemes: impl IntoIterator<Item = Scheme>) -> Builder {
        self.settings.accepted = Some(schemes.into_iter().collect());
        self
    }

    /// Mix this key into every new hash.
    ///
    /// It becomes argon2's secret value (RFC 9106 §3.1), and the hash names it by `key_id`. Without the key no such
    /// hash can be verified ever again: back it up, apart from the database. To rotate it, give the new key here
    /// and the old one to [`Builder::retired_pepper`]; hashes move over when their owners log in.
    pub fn pepper(mut self, key_id: &str, key: &[u8]) -> Builder {
        self.settings.pepper = Some(Arc::new(Pepper::new(key_id, key)));
        self
    }

    /// Still verify hashes that were made with this pepper; they are due for an upgrade.
    pub fn retired_pepper(mut self, key_id: &str, key: &[u8]) -> Builder {
        self.settings.retired_peppers.push(Arc::new(Pepper::new(key_id, key)));
        self
    }

    /// Replace the default [`Bounds`].
    pub fn bounds(mut self, bounds: Bounds) -> Builder {
        self.settings.bounds = bounds;
        self
    }

    /// Check the settings and make the context.
    ///
    /// # Errors
    ///
    /// Every [`BuildError`] is a mistake in the configuration; none depends on the machine.
    pub fn build(self) -> Result<PasswordContext, BuildError> {
        let settings = self.settings;
        let mut ids = HashSet::new();
        for pepper in settings.pepper.iter().chain(&settings.retired_peppers) {
            if !pepper.has_valid_id() {
                return Err(BuildError::InvalidPepperId);
            }
            if !pepper.has_long_key() {
                return Err(BuildError::PepperTooShort);
            }
            if !ids.insert(pepper.id.as_str()) {
                return Err(BuildError::DuplicatePepperId);
            }
        }
        if let Preferred::Bcrypt { cost } = settings.preferred {
            if settings.pepper.is_some() {
                return Err(BuildError::PepperNeedsArgon2id);
            }
            if !(4..=31).contains(&cost) {
                return Err(BuildError::InvalidCost);
            }
        }
        match settings.preferred.recipe([0; 16], None).check(&settings.bounds) {
            Ok(()) => Ok(PasswordContext::new(settings)),
            Err(Error::OutOfBounds(_)) => Err(BuildError::CostOutOfBounds),
            Err(_) => Err(BuildError::InvalidCost),
        }
    }
}
