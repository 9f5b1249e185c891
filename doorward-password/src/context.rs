//! The password context: one object for every hash that a system has ever stored.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::form::{self, Stored};
use crate::pepper::Pepper;
use crate::recipe::Recipe;
use crate::recipe::bcrypt::Key;
use crate::settings::{Preferred, Settings};
use crate::treatment::Treatment;
use crate::verdict::{Identified, Reason};

/// Hashes with the preferred scheme, verifies all accepted ones, and says which hashes are due for an upgrade.
///
/// A clone shares the settings and costs nothing. The methods that hash or verify keep a core busy, by default for some
/// ten milliseconds. Call them on threads of their own, never on those of an async runtime. A
/// [`PasswordContext::worker`] makes them faster there.
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
    pub(crate) fn new(settings: Settings) -> PasswordContext {
        PasswordContext { settings: Arc::new(settings) }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads a stored hash without computing anything.
    ///
    /// `Ok` means that [`PasswordContext::verify`] can verify it.
    ///
    /// # Errors
    ///
    /// The errors of `verify` about the stored hash.
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

    /// Returns the reason to replace this hash at the next login, if there is one.
    ///
    /// The login may keep the hash all the same, or wrap it: see [`Verdict`](crate::Verdict). `None` also for a text that
    /// cannot be read: a hash that cannot be verified cannot be upgraded.
    #[must_use]
    pub fn needs_upgrade(&self, stored: &str) -> Option<Reason> {
        let stored = form::read(stored, &self.settings).ok()?;
        // Such a hash stays wrapped until its owner chooses a password.
        let cuts = matches!(stored.checked(), Recipe::Bcrypt(_));
        let stays = cuts || stored.checked().treatment() != Treatment::Exact;
        if stays { self.outdated(&stored) } else { self.upgrade(&stored) }
    }

    /// Compares a stored hash with a new one of the preferred scheme.
    ///
    /// An argon2id hash is good enough if it takes at least the preferred memory, and at least the preferred product of
    /// memory and iterations.
    pub(crate) fn upgrade(&self, stored: &Stored) -> Option<Reason> {
        if stored.wrapped.is_some() { Some(Reason::Wrapped) } else { self.outdated(stored) }
    }

    /// As [`PasswordContext::upgrade`], but a wrapped hash may stay one: only its outer hash is looked at.
    pub(crate) fn outdated(&self, stored: &Stored) -> Option<Reason> {
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
