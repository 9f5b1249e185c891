//! Builds a context from its settings.

use std::collections::HashSet;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::bounds::Bounds;
use crate::context::PasswordContext;
use crate::error::Error;
use crate::pepper::Pepper;
use crate::recipe::argon2::TAG_BYTES;
use crate::scheme::Scheme;
use crate::settings::{Preferred, Project, Settings};
use crate::text;

/// The settings of a new [`PasswordContext`]. Made by [`PasswordContext::builder`].
///
/// Without any call it hashes with argon2id at 19,456 KiB, two iterations and one lane (the OWASP recommendation),
/// accepts every scheme, and uses no pepper.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct Builder {
    settings: Settings,
    /// [`Builder::build`] reports the error, so that the calls before it can be chained.
    firebase_is_valid: bool,
}

/// The reason that a context cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The cost of the preferred scheme is impossible. argon2 needs an iteration, a lane and 8 KiB for each lane;
    /// bcrypt's cost is 4 to 31.
    #[error("the scheme does not allow the preferred cost")]
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
    /// Firebase's signer key or salt separator is not base64.
    #[error("Firebase's signer key and salt separator must be base64")]
    InvalidFirebase,
    /// Firebase's rounds are not 1 to 8, or its memory cost is not 1 to 14 (the limits of its Admin SDK), or they take
    /// more memory than [`Bounds`] allow.
    #[error("Firebase's rounds must be 1 to 8 and its memory cost 1 to 14, within the bounds")]
    InvalidFirebaseCost,
}

impl PasswordContext {
    /// Returns a builder with the safe defaults that [`Builder`] names.
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl Builder {
    fn new() -> Builder {
        Builder {
            firebase_is_valid: true,
            settings: Settings {
                preferred: Preferred::Argon2id { memory_kib: 19_456, iterations: 2, parallelism: 1 },
                accepted: None,
                bounds: Bounds::default(),
                pepper: None,
                retired_peppers: Vec::new(),
                devise_pepper: None,
                firebase: None,
            },
        }
    }

    /// Hashes new passwords with argon2id at this cost.
    ///
    /// Every thread that hashes takes that memory. Hashes of another cost still verify. Hashes of a lower cost are
    /// due for an upgrade. [`Builder::build`] refuses a cost beyond the [`Bounds`].
    pub fn argon2id(mut self, memory_kib: u32, iterations: u32, parallelism: u32) -> Builder {
        self.settings.preferred = Preferred::Argon2id { memory_kib, iterations, parallelism };
        self
    }

    /// Hashes new passwords with bcrypt (`$2b$`) at this cost, for a system that shares its hashes with others.
    ///
    /// New passwords of more than 72 bytes are then refused, because bcrypt would ignore the rest.
    /// [`PasswordContext::wrap`] does nothing.
    pub fn bcrypt(mut self, cost: u32) -> Builder {
        self.settings.preferred = Preferred::Bcrypt { cost };
        self
    }

    /// Accepts only these schemes, and the preferred one, when verifying. The default is all of them.
    ///
    /// A user whose hash is of another scheme can then no longer log in. Leave a scheme out only when no such hash is
    /// stored. A wrapped hash needs its inner scheme as well.
    pub fn accept(mut self, schemes: impl IntoIterator<Item = Scheme>) -> Builder {
        self.settings.accepted = Some(schemes.into_iter().collect());
        self
    }

    /// Mixes this key into every new hash.
    ///
    /// It becomes argon2's secret value (RFC 9106 §3.1), and the hash names it by `key_id`. If the key is lost, such
    /// a hash can never be verified again: back it up, apart from the database. To rotate it, pass the new key here
    /// and the old one to [`Builder::retired_pepper`]. Hashes move to the new key when their owners log in.
    pub fn pepper(mut self, key_id: &str, key: &[u8]) -> Builder {
        self.settings.pepper = Some(Arc::new(Pepper::new(key_id, key)));
        self
    }

    /// Still verifies hashes that were made with this pepper. They are due for an upgrade.
    pub fn retired_pepper(mut self, key_id: &str, key: &[u8]) -> Builder {
        self.settings.retired_peppers.push(Arc::new(Pepper::new(key_id, key)));
        self
    }

    /// Verifies `$2a$` hashes as Ruby's Devise computes them, with this `config.pepper` appended to the password.
    ///
    /// Every `$2a$` hash is then read as Devise's; `$2b$` and the others are not. As in Devise, only the first 72
    /// bytes of password and pepper together count.
    pub fn devise_pepper(mut self, pepper: &str) -> Builder {
        self.settings.devise_pepper = Some(Zeroizing::new(pepper.as_bytes().to_vec()));
        self
    }

    /// Verifies the users that `firebase auth:export` wrote, with the project's hash parameters.
    ///
    /// The console shows the parameters under "Password hash parameters": `base64_signer_key`,
    /// `base64_salt_separator`, `rounds` and `mem_cost`. The stored text of a user is the JSON object with
    /// `passwordHash` and `salt`. Hashes that carry their own parameters (Ory Kratos, Supabase) do not need this.
    pub fn firebase(
        mut self,
        signer_key: &str,
        salt_separator: &str,
        rounds: u32,
        memory_cost: u32,
    ) -> Builder {
        let decoded = text::base64_any(signer_key).zip(text::base64_any(salt_separator));
        self.firebase_is_valid = decoded.is_some();
        self.settings.firebase = decoded.map(|(key, salt_separator)| Project {
            signer_key: Zeroizing::new(key),
            salt_separator,
            rounds,
            memory_cost,
        });
        self
    }

    /// Replaces the default [`Bounds`].
    pub fn bounds(mut self, bounds: Bounds) -> Builder {
        self.settings.bounds = bounds;
        self
    }

    /// Checks the settings and makes the context.
    ///
    /// # Errors
    ///
    /// Every [`BuildError`] is a mistake in the configuration; none depends on the machine.
    pub fn build(self) -> Result<PasswordContext, BuildError> {
        if !self.firebase_is_valid {
            return Err(BuildError::InvalidFirebase);
        }
        let settings = self.settings;
        if settings.firebase.as_ref().is_some_and(|project| !project.is_possible(&settings.bounds)) {
            return Err(BuildError::InvalidFirebaseCost);
        }
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
        match settings.preferred.recipe([0; 16], None).check(TAG_BYTES, &settings.bounds) {
            Ok(()) => Ok(PasswordContext::new(settings)),
            Err(Error::OutOfBounds(_)) => Err(BuildError::CostOutOfBounds),
            Err(_) => Err(BuildError::InvalidCost),
        }
    }
}
