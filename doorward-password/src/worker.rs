//! Hashing and verifying, on a thread that keeps its memory.

use std::fmt;
use std::hint::black_box;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::bounds::MAX_PASSWORD_BYTES;
use crate::context::PasswordContext;
use crate::error::Error;
use crate::form::{self, Stored};
use crate::recipe::argon2::{Memory, TAG_BYTES};
use crate::recipe::bcrypt::KEY_BYTES;
use crate::recipe::{Digest, Recipe};
use crate::settings::Preferred;
use crate::verdict::{Reason, Verdict};

/// Hashes and verifies like its [`PasswordContext`], and keeps the memory block from one call to the next.
///
/// A block that is already there saves about an eighth of the time of a default argon2id hash. Keep one worker on each
/// thread of a hashing pool. The block is wiped after each call. A block that an expensive stored hash has enlarged is
/// given back.
pub struct Worker {
    context: PasswordContext,
    memory: Memory,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("context", &self.context).finish_non_exhaustive()
    }
}

impl PasswordContext {
    /// Hashes a new password with the preferred scheme and a random salt.
    ///
    /// It accepts weak passwords: the empty one is hashed like any other.
    ///
    /// # Errors
    ///
    /// [`Error::PasswordTooLong`] and, with bcrypt preferred, [`Error::PasswordContainsNul`] are caused by the
    /// password; [`Error::OutOfMemory`] and [`Error::NoRandomness`] by the machine.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.worker().hash(password)
    }

    /// Verifies a password against a stored hash, and says whether that hash is due for an upgrade.
    ///
    /// A wrong password is `Ok` with [`Verdict::matches`] false. Some systems treat a text before they hash it, `WordPress`
    /// for example. For their hashes up to four texts are tried.
    ///
    /// # Errors
    ///
    /// An error means that this stored hash cannot be verified at all, or, for [`Error::PasswordTooLong`], that the
    /// password is refused. It comes at once, so its time would tell an attacker that the account is special: call
    /// [`PasswordContext::verify_dummy`] before answering.
    pub fn verify(&self, password: &str, stored: &str) -> Result<Verdict, Error> {
        self.worker().verify(password, stored)
    }

    /// Verifies a password that may have been hashed in one of several spellings, the likeliest first.
    ///
    /// Give the same text in the forms that other systems may have hashed: normalised, as it was typed, and decomposed. At
    /// most four texts are tried, equal ones once. A refusal takes as many computations as [`Verdict::tries`] says, so
    /// the number differs between forms: [`most_tries`](crate::most_tries) says the most for these spellings. An upgrade
    /// stores the hash of the first spelling. The others must be the same password: they are refused afterwards,
    /// unless the caller tries the first one for them too.
    ///
    /// # Errors
    ///
    /// As [`PasswordContext::verify`].
    pub fn verify_any(&self, spellings: &[&str], stored: &str) -> Result<Verdict, Error> {
        self.worker().verify_any(spellings, stored)
    }

    /// Takes the time that verifying against a new hash takes, and forgets the result.
    ///
    /// For a user who does not exist or has no password: the time of the answer does not tell.
    pub fn verify_dummy(&self, password: &str) {
        self.worker().verify_dummy(password);
    }

    /// Puts argon2id over a weak legacy hash, without its password.
    ///
    /// It serves all users of an import at once: a stolen database then holds no hashes that are quick to guess.
    /// Those are plain digests, HMACs, phpass, MD5-crypt, and PBKDF2 and SHA-crypt below 100,000 rounds. The result
    /// verifies like the hash in it, and is due for an upgrade ([`Reason::Wrapped`](crate::Reason::Wrapped)) unless that
    /// hash accepts several texts.
    ///
    /// Returns `None` for a hash that needs no wrapping, and for one whose salt is so long that the result would exceed
    /// [`Bounds::stored_bytes`](crate::Bounds). If bcrypt is preferred, it always returns `None`. It takes as long as
    /// [`PasswordContext::hash`].
    ///
    /// # Errors
    ///
    /// The errors of [`PasswordContext::verify`] and of `hash`.
    pub fn wrap(&self, stored: &str) -> Result<Option<String>, Error> {
        self.worker().wrap(stored)
    }

    /// Puts a new argon2id over the hash of a password that has just matched, and returns it.
    ///
    /// For a hash that accepts several texts ([`Verdict::wrap`]): the result accepts the same ones. A hash that is wrapped
    /// already gets a new argon2id with the present cost and pepper. Returns `None` if no spelling matches a wrapped hash, and
    /// in the cases of [`PasswordContext::wrap`].
    ///
    /// # Errors
    ///
    /// The errors of [`PasswordContext::verify`] and of `hash`.
    pub fn rewrap(&self, spellings: &[&str], stored: &str) -> Result<Option<String>, Error> {
        self.worker().rewrap(spellings, stored)
    }

    /// Returns a handle for one hashing thread, which keeps its memory block between calls.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker { context: self.clone(), memory: Memory::new() }
    }
}

impl Worker {
    /// As [`PasswordContext::hash`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn hash(&mut self, password: &str) -> Result<String, Error> {
        refuse_too_long(password)?;
        let settings = self.context.settings();
        if let Preferred::Bcrypt { .. } = settings.preferred {
            if password.len() > KEY_BYTES {
                return Err(Error::PasswordTooLong);
            }
            if password.contains('\0') {
                return Err(Error::PasswordContainsNul);
            }
        }
        let (recipe, digest) = self.fresh(password.as_bytes())?;
        Ok(form::write(&recipe, &digest).expect("the preferred scheme has a form"))
    }

    /// As [`PasswordContext::wrap`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn wrap(&mut self, stored: &str) -> Result<Option<String>, Error> {
        let legacy = form::read(stored, self.context.settings())?;
        if legacy.wrapped.is_some() || !legacy.recipe.is_weak() {
            return Ok(None);
        }
        self.wrap_digest(&legacy.recipe, &legacy.digest)
    }

    /// As [`PasswordContext::rewrap`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn rewrap(&mut self, spellings: &[&str], stored: &str) -> Result<Option<String>, Error> {
        spellings.iter().try_for_each(|spelling| refuse_too_long(spelling))?;
        let stored = form::read(stored, self.context.settings())?;
        let Some(legacy) = &stored.wrapped else {
            return self.wrap_digest(&stored.recipe, &stored.digest);
        };
        for text in legacy.recipe.treatment().texts(spellings) {
            let inner = legacy.recipe.compute(text.as_bytes(), legacy.length, &mut self.memory)?;
            let outer = stored.recipe.compute(&inner, stored.digest.len(), &mut self.memory)?;
            if outer.ct_eq(&stored.digest).into() {
                return self.wrap_digest(&legacy.recipe, &inner);
            }
        }
        Ok(None)
    }

    /// Puts a new argon2id over the digest of a legacy computation.
    fn wrap_digest(&mut self, legacy: &Recipe, inner: &[u8]) -> Result<Option<String>, Error> {
        if !self.can_wrap(legacy) {
            return Ok(None);
        }
        let (recipe, digest) = self.fresh(inner)?;
        let outer = form::write(&recipe, &digest);
        let wrapped = outer.and_then(|outer| form::write_wrapped(legacy, inner.len(), &outer));
        // The wrapped text is longer. Over the bound, its owner could never log in again.
        Ok(wrapped.filter(|wrapped| form::read(wrapped, self.context.settings()).is_ok()))
    }

    fn can_wrap(&self, legacy: &Recipe) -> bool {
        let preferred_can = matches!(self.context.settings().preferred, Preferred::Argon2id { .. });
        preferred_can && form::write_wrapped(legacy, 0, "").is_some()
    }

    /// As [`PasswordContext::verify`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn verify(&mut self, password: &str, stored: &str) -> Result<Verdict, Error> {
        self.verify_any(&[password], stored)
    }

    /// As [`PasswordContext::verify_any`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn verify_any(&mut self, spellings: &[&str], stored: &str) -> Result<Verdict, Error> {
        spellings.iter().try_for_each(|spelling| refuse_too_long(spelling))?;
        let stored = form::read(stored, self.context.settings())?;
        let texts = stored.checked().treatment().texts(spellings);
        let found = self.first_match(&texts, &stored);
        self.memory.shrink(self.context.settings().preferred.memory_kib());
        let Some(found) = found? else {
            if stored.wrapped.is_none() && stored.recipe.is_weak() {
                // A legacy hash is verified quickly. That time would tell that its owner has not logged in for long.
                texts.iter().for_each(|_| self.verify_dummy(spellings[0]));
            }
            return Ok(Verdict { matches: false, upgrade: None, wrap: None, tries: texts.len(), spared: 0 });
        };
        let text = texts[found].as_str();
        let (mut upgrade, mut wrap) = (None, None);
        if stored.checked().checks_all_of(text.as_bytes()) {
            let other = (Some(&text) != spellings.first()).then_some(Reason::Spelling);
            upgrade = self.context.upgrade(&stored).or(other);
        } else if self.can_wrap(stored.checked()) {
            wrap = self.context.outdated(&stored);
        }
        let tries = found + 1;
        Ok(Verdict { matches: true, upgrade, wrap, tries, spared: texts.len() - tries })
    }

    /// As [`PasswordContext::verify_dummy`].
    pub fn verify_dummy(&mut self, password: &str) {
        if refuse_too_long(password).is_err() {
            return;
        }
        let settings = self.context.settings();
        let recipe = settings.preferred.recipe([0; 16], settings.pepper.clone());
        let digest = recipe.compute(password.as_bytes(), TAG_BYTES, &mut self.memory);
        let _ = black_box(digest.map(|digest| digest.ct_eq(&[0; TAG_BYTES])));
    }

    /// Computes a new hash of the preferred scheme.
    fn fresh(&mut self, password: &[u8]) -> Result<(Recipe, Digest), Error> {
        let settings = self.context.settings();
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| Error::NoRandomness)?;
        let recipe = settings.preferred.recipe(salt, settings.pepper.clone());
        let digest = recipe.compute(password, TAG_BYTES, &mut self.memory)?;
        Ok((recipe, digest))
    }

    /// Returns the position of the first text that matches.
    fn first_match(&mut self, texts: &[Zeroizing<String>], stored: &Stored) -> Result<Option<usize>, Error> {
        for (position, text) in texts.iter().enumerate() {
            if self.matches(text.as_bytes(), stored)? {
                return Ok(Some(position));
            }
        }
        Ok(None)
    }

    fn matches(&mut self, password: &[u8], stored: &Stored) -> Result<bool, Error> {
        let digest = match &stored.wrapped {
            Some(legacy) => {
                let inner = legacy.recipe.compute(password, legacy.length, &mut self.memory)?;
                stored.recipe.compute(&inner, stored.digest.len(), &mut self.memory)?
            }
            None => stored.recipe.compute(password, stored.digest.len(), &mut self.memory)?,
        };
        Ok(digest.ct_eq(&stored.digest).into())
    }
}

fn refuse_too_long(password: &str) -> Result<(), Error> {
    if password.len() > MAX_PASSWORD_BYTES { Err(Error::PasswordTooLong) } else { Ok(()) }
}
