//! Limits on the cost of a stored hash, and on the length of a password.

use crate::error::Error;

/// Longer passwords are refused before any work.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// The most that a stored hash may cost.
///
/// A stored hash carries its own parameters, and a hostile or broken import can carry any. They are compared with
/// these bounds before anything is allocated or computed. Beyond them, verification is refused with
/// [`Error::OutOfBounds`]. The defaults allow the default costs of the systems that the README names, and keep one
/// verification below some seconds. Raise a bound for a system with higher costs:
///
/// ```
/// let mut bounds = doorward_password::Bounds::default();
/// bounds.memory_kib = 1 << 20; // libsodium's "sensitive" profile takes 1 GiB
/// # let _ = bounds;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// Memory of one computation (argon2, scrypt, yescrypt). Default 262,144 KiB (256 MiB).
    pub memory_kib: u32,
    /// Iterations of argon2, its passes over the memory. Default 16.
    pub iterations: u32,
    /// Lanes of argon2, and `p` of scrypt and yescrypt, computed one after the other, without threads. Default 16.
    pub parallelism: u32,
    /// Cost of bcrypt, as a power of two. Default 15, which takes one to two seconds.
    pub bcrypt_cost: u32,
    /// Iterations of PBKDF2, counted once for each block of output. Default 3,000,000.
    pub pbkdf2_iterations: u32,
    /// Rounds of the `crypt` schemes, of phpass, and of digests that are computed in a loop. Default 1,048,576.
    pub rounds: u32,
    /// Length of the stored text. Default 2,048 bytes.
    pub stored_bytes: usize,
}

impl Bounds {
    /// Checks parameters of scrypt, which takes 128 × r × (N + p) bytes (RFC 7914 §6).
    pub(crate) fn check_scrypt(&self, n: u64, r: u32, p: u32) -> Result<(), Error> {
        let kib = u128::from(r) * (u128::from(n) + u128::from(p)) / 8;
        if kib > u128::from(self.memory_kib) {
            return Err(Error::OutOfBounds("memory"));
        }
        if p > self.parallelism {
            return Err(Error::OutOfBounds("parallelism"));
        }
        Ok(())
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            memory_kib: 256 * 1024,
            iterations: 16,
            parallelism: 16,
            bcrypt_cost: 15,
            pbkdf2_iterations: 3_000_000,
            rounds: 1 << 20,
            stored_bytes: 2048,
        }
    }
}
