//! What is computed from a password, apart from how a system writes it down.

pub(crate) mod argon2;
pub(crate) mod bcrypt;

use zeroize::Zeroizing;

use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;
use crate::verdict::Cost;

/// A computed digest, wiped when it is dropped.
pub(crate) type Digest = Zeroizing<Vec<u8>>;

/// A computation with all its parameters except the password.
pub(crate) enum Recipe {
    Argon2(argon2::Argon2),
    Bcrypt(bcrypt::Bcrypt),
}

impl Recipe {
    /// The scheme that reports name.
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Recipe::Argon2(argon2) => argon2.scheme(),
            Recipe::Bcrypt(_) => Scheme::Bcrypt,
        }
    }

    /// The cost that reports name.
    pub(crate) fn cost(&self) -> Cost {
        match self {
            Recipe::Argon2(argon2) => Cost::Argon2 {
                memory_kib: argon2.memory_kib,
                iterations: argon2.iterations,
                parallelism: argon2.parallelism,
            },
            Recipe::Bcrypt(bcrypt) => Cost::LogRounds(bcrypt.cost),
        }
    }

    /// Refuse parameters beyond the bounds, before any work.
    pub(crate) fn check(&self, bounds: &Bounds) -> Result<(), Error> {
        match self {
            Recipe::Argon2(argon2) => argon2.check(bounds),
            Recipe::Bcrypt(bcrypt) => bcrypt.check(bounds),
        }
    }

    /// Compute `length` bytes from the password. Call [`Recipe::check`] first.
    ///
    /// Schemes with an output of fixed length ignore `length`.
    pub(crate) fn compute(
        &self,
        password: &[u8],
        length: usize,
        memory: &mut argon2::Memory,
    ) -> Result<Digest, Error> {
        match self {
            Recipe::Argon2(argon2) => argon2.compute(password, length, memory),
            Recipe::Bcrypt(bcrypt) => Ok(bcrypt.compute(password)),
        }
    }
}
