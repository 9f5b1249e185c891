//! A computation of any kind, with its parameters.

use super::argon2::{Argon2, Memory};
use super::bcrypt::Bcrypt;
use super::crypt::Crypt;
use super::digest::Plain;
use super::hash::Digest;
use super::pbkdf2::Pbkdf2;
use super::scrypt::Scrypt;
use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;
use crate::treatment::Treatment;
use crate::verdict::Cost;

/// A computation with all its parameters except the password.
pub(crate) enum Recipe {
    Argon2(Argon2),
    Bcrypt(Bcrypt),
    Scrypt(Scrypt),
    Pbkdf2(Pbkdf2),
    Crypt(Crypt),
    Plain(Plain),
}

/// Below this, PBKDF2 and SHA-crypt are quicker than the preferred argon2id.
const WEAK_ITERATIONS: u32 = 100_000;

impl Recipe {
    /// Returns the scheme, as reports name it.
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Recipe::Argon2(argon2) => argon2.scheme(),
            Recipe::Bcrypt(bcrypt) => bcrypt.scheme(),
            Recipe::Scrypt(scrypt) => scrypt.scheme(),
            Recipe::Pbkdf2(pbkdf2) => pbkdf2.scheme(),
            Recipe::Crypt(crypt) => crypt.scheme(),
            Recipe::Plain(plain) => plain.scheme(),
        }
    }

    /// Returns the cost, as reports name it.
    pub(crate) fn cost(&self) -> Cost {
        match self {
            Recipe::Argon2(argon2) => Cost::Argon2 {
                memory_kib: argon2.memory_kib,
                iterations: argon2.iterations,
                parallelism: argon2.parallelism,
            },
            Recipe::Bcrypt(bcrypt) => Cost::LogRounds(bcrypt.cost),
            Recipe::Scrypt(scrypt) => Cost::Scrypt { n: scrypt.n, r: scrypt.r, p: scrypt.p },
            Recipe::Crypt(Crypt::Yescrypt { n, r, .. }) => Cost::Scrypt { n: *n, r: *r, p: 1 },
            Recipe::Pbkdf2(pbkdf2) => Cost::Rounds(pbkdf2.iterations),
            Recipe::Crypt(crypt) => Cost::Rounds(crypt.rounds()),
            Recipe::Plain(Plain::Repeated { rounds, .. }) => Cost::Rounds(*rounds),
            Recipe::Plain(_) => Cost::Single,
        }
    }

    /// Returns `true` if guessing is so quick that the hash should be wrapped before its owner's next login.
    pub(crate) fn is_weak(&self) -> bool {
        match self {
            Recipe::Argon2(_) | Recipe::Bcrypt(_) | Recipe::Scrypt(_) => false,
            Recipe::Pbkdf2(pbkdf2) => pbkdf2.iterations < WEAK_ITERATIONS,
            Recipe::Crypt(crypt) => match crypt {
                Crypt::Sha256 { rounds, .. } | Crypt::Sha512 { rounds, .. } => *rounds < WEAK_ITERATIONS,
                Crypt::Md5 { .. } | Crypt::Phpass { .. } => true,
                Crypt::Yescrypt { .. } => false,
            },
            Recipe::Plain(_) => true,
        }
    }

    /// Returns how the original system treats a text before it hashes it.
    pub(crate) fn treatment(&self) -> Treatment {
        match self {
            Recipe::Bcrypt(bcrypt) => bcrypt.treatment(),
            Recipe::Scrypt(Scrypt { nfkc: true, .. }) => Treatment::Nfkc,
            Recipe::Crypt(Crypt::Phpass { treatment, .. }) => *treatment,
            _ => Treatment::Exact,
        }
    }

    /// Returns `true` if no other text is accepted beside this one, collisions of a hash function aside. Schemes that cut a
    /// text, or fill it up, and systems that treat it accept others. Such a text must not take the place of the password.
    pub(crate) fn checks_all_of(&self, password: &[u8]) -> bool {
        if self.treatment() != Treatment::Exact {
            return false;
        }
        match self {
            Recipe::Argon2(_) => true,
            Recipe::Bcrypt(bcrypt) => bcrypt.checks_all_of(password),
            // HMAC fills its key up with NULs (RFC 2104, section 2), and `crypt(3)` ends a password at the first one.
            Recipe::Scrypt(_) | Recipe::Pbkdf2(_) | Recipe::Crypt(_) | Recipe::Plain(_) => {
                !password.contains(&0)
            }
        }
    }

    /// Refuses parameters beyond the bounds, before any work. `length` is the length of the digest.
    pub(crate) fn check(&self, length: usize, bounds: &Bounds) -> Result<(), Error> {
        match self {
            Recipe::Argon2(argon2) => argon2.check(bounds),
            Recipe::Bcrypt(bcrypt) => bcrypt.check(bounds),
            Recipe::Scrypt(scrypt) => scrypt.check(bounds),
            Recipe::Pbkdf2(pbkdf2) => pbkdf2.check(length, bounds),
            Recipe::Crypt(crypt) => crypt.check(bounds),
            Recipe::Plain(plain) => plain.check(length, bounds),
        }
    }

    /// Computes `length` bytes from the password. Call [`Recipe::check`] first.
    ///
    /// Schemes with an output of fixed length ignore `length`.
    pub(crate) fn compute(
        &self,
        password: &[u8],
        length: usize,
        memory: &mut Memory,
    ) -> Result<Digest, Error> {
        match self {
            Recipe::Argon2(argon2) => argon2.compute(password, length, memory),
            Recipe::Bcrypt(bcrypt) => Ok(bcrypt.compute(password)),
            Recipe::Scrypt(scrypt) => scrypt.compute(password, length),
            Recipe::Pbkdf2(pbkdf2) => Ok(pbkdf2.compute(password, length)),
            Recipe::Crypt(crypt) => crypt.compute(password, length),
            Recipe::Plain(plain) => Ok(plain.compute(password)),
        }
    }
}
