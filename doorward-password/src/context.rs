//! The password context: one object for every hash that a system has ever stored.

use std::fmt;
use std::sync::Arc;

use crate::builder::Builder;
use crate::error::Error;
use crate::form::{self, Stored};
use crate::pepper::Pepper;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Key;
use crate::settings::{Preferred, Settings};
use crate::verdict::{Identified, Reason, Verdict};
use crate::worker::Worker;

/// Longer passwords are refused before any work.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// Hashes with the preferred scheme, verifies all accepted ones, and says which hashes are due for an upgrade.
///
/// A clone shares the settings and costs nothing. The methods that hash or verify keep a core busy for as long as
/// the cost says, some ten milliseconds by default: call them on threads of their own, never on those of an async
/// runtime. [`PasswordContext::worker`] makes them faster there.
///
/// Passwords are taken as their UTF-8 bytes, **without any Unicode normalisation**: "é" typed as one code point and
/// as two are different passwords here. Normalise (to NFC, say) before calling, in the same way everywhere.
#[derive(Clone)]
pub struct PasswordContext {
    settings: Arc<Settings>,
}

impl fmt::Debug for PasswordContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordContext").field("settings", &self.settings).finish()
    }
}

impl PasswordContext {
    /// Start with the safe defaults that [`Builder`] names.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn new(settings: Settings) -> PasswordContext {
        PasswordContext { settings: Arc::new(settings) }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Hash a new password with the preferred scheme and a random salt.
    ///
    /// This judges no password: the empty one is hashed like any other.
    ///
    /// # Errors
    ///
    /// [`Error::PasswordTooLong`] and, with bcrypt preferred, [`Error::PasswordContainsNul`] are the user's;
    /// [`Error::OutOfMemory`] and [`Error::NoRandomness`] are the machine's.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.worker().hash(password)
    }

    /// Verify a password against a stored hash, and say whether that hash is due for an upgrade.
    ///
    /// A wrong password is `Ok` with [`Verdict::matches`] false.
    ///
    /// # Errors
    ///
    /// An error means that this stored hash cannot be verified at all (or, for [`Error::PasswordTooLong`], that the
    /// password is refused unseen). It comes at once, and so tells a clock that the account is special: call
    /// [`PasswordContext::verify_dummy`] before answering.
    pub fn verify(&self, password: &str, stored: &str) -> Result<Verdict, Error> {
        self.worker().verify(password, stored)
    }

    /// Spend the time that verifying against a fresh hash takes, and forget the result.
    ///
    /// For a user who does not exist or has no password, so that the answer's time does not tell.
    pub fn verify_dummy(&self, password: &str) {
        self.worker().verify_dummy(password);
    }

    /// Read a stored hash without computing anything.
    ///
    /// `Ok` means that [`PasswordContext::verify`] would verify it.
    ///
    /// # Errors
    ///
    /// Those of `verify` that concern the stored hash.
    pub fn identify(&self, stored: &str) -> Result<Identified, Error> {
        let stored = form::read(stored, &self.settings)?;
        let pepper = match &stored.recipe {
            Recipe::Argon2(argon2) => argon2.pepper.as_ref().map(|pepper| pepper.id.clone()),
            _ => None,
        };
        Ok(Identified {
            scheme: stored.recipe.scheme(),
            cost: stored.recipe.cost(),
            wrapped: stored.wrapped.as_ref().map(|wrapped| wrapped.recipe.scheme()),
            weak: stored.recipe.is_weak(),
            pepper,
        })
    }

    /// Why this hash should be replaced at the next login, if at all.
    ///
    /// `None` as well for a text that cannot be read: nothing can be upgraded that cannot be verified.
    #[must_use]
    pub fn needs_upgrade(&self, stored: &str) -> Option<Reason> {
        self.upgrade(&form::read(stored, &self.settings).ok()?)
    }

    /// Put argon2id over a weak legacy hash, without its password.
    ///
    /// For all users of an import at once, so that a stolen database no longer holds hashes that are quick to guess:
    /// plain digests, HMACs, phpass, MD5-crypt, and PBKDF2 and SHA-crypt below 100,000 rounds. The result verifies
    /// like any hash and is due for an upgrade ([`Reason::Wrapped`]). `None` for hashes that need no wrapping, for
    /// one with so long a salt that the result would exceed [`Bounds::stored_bytes`](crate::Bounds), and always if
    /// bcrypt is preferred. It takes as long as [`PasswordContext::hash`].
    ///
    /// # Errors
    ///
    /// Those of [`PasswordContext::verify`] and of `hash`.
    pub fn wrap(&self, stored: &str) -> Result<Option<String>, Error> {
        self.worker().wrap(stored)
    }

    /// A handle for one hashing thread, which keeps its memory block between calls.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker::new(self.clone())
    }

    /// Compare a stored hash with what a fresh one would be.
    ///
    /// An argon2id hash is good enough if it takes at least the preferred memory, and at least the preferred product
    /// of memory and iterations.
    pub(crate) fn upgrade(&self, stored: &Stored) -> Option<Reason> {
        if stored.wrapped.is_some() {
            return Some(Reason::Wrapped);
        }
        match (self.settings.preferred, &stored.recipe) {
            (Preferred::Argon2id { memory_kib, iterations, .. }, Recipe::Argon2(argon2))
                if argon2.is_current_id() =>
            {
                let work = |memory: u32, iterations: u32| u64::from(memory) * u64::from(iterations);
                let weak = argon2.memory_kib < memory_kib
                    || work(argon2.memory_kib, argon2.iterations) < work(memory_kib, iterations)
                    || argon2.salt.len() < 16
                    || stored.digest.len() < 32;
                let id = |pepper: Option<&Arc<Pepper>>| pepper.map(|pepper| pepper.id.clone());
                if weak {
                    Some(Reason::Cost)
                } else {
                    (id(argon2.pepper.as_ref()) != id(self.settings.pepper.as_ref()))
                        .then_some(Reason::Pepper)
                }
            }
            (Preferred::Bcrypt { cost }, Recipe::Bcrypt(bcrypt)) if matches!(bcrypt.key, Key::Password) => {
                (bcrypt.cost < cost).then_some(Reason::Cost)
            }
            _ => Some(Reason::Scheme),
        }
    }
}
