//! PBKDF2 (RFC 8018 §5.2) with HMAC.

use super::hash::{Digest, Hash};
use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;

/// The parameters of one PBKDF2 computation.
pub(crate) struct Pbkdf2 {
    pub(crate) hash: Hash,
    pub(crate) iterations: u32,
    pub(crate) salt: Vec<u8>,
}

impl Pbkdf2 {
    pub(crate) fn scheme(&self) -> Scheme {
        match self.hash {
            Hash::Md5 | Hash::Sha1 => Scheme::Pbkdf2Sha1,
            Hash::Sha224 | Hash::Sha256 => Scheme::Pbkdf2Sha256,
            Hash::Sha384 | Hash::Sha512 => Scheme::Pbkdf2Sha512,
        }
    }

    /// Checks the iterations, which each block of output costs again.
    pub(crate) fn check(&self, length: usize, bounds: &Bounds) -> Result<(), Error> {
        if self.iterations == 0 {
            return Err(Error::Malformed(self.scheme()));
        }
        let blocks = length.div_ceil(self.hash.bytes()) as u64;
        if u64::from(self.iterations) * blocks > u64::from(bounds.pbkdf2_iterations) {
            return Err(Error::OutOfBounds("PBKDF2 iterations"));
        }
        Ok(())
    }

    pub(crate) fn compute(&self, password: &[u8], length: usize) -> Digest {
        self.hash.pbkdf2(password, &self.salt, self.iterations, length)
    }
}
