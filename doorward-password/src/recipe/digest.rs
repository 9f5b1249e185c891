//! Fast hash functions, computed once or in a loop. They are too quick to guess.

use super::hash::{Digest, Hash};
use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;

/// A hash of the password and constant texts.
pub(crate) enum Plain {
    /// The password between two texts. One or both are a salt.
    Salted { hash: Hash, before: Vec<u8>, after: Vec<u8> },
    /// The digest of the password and the salt after it, then the digest of that, for `rounds` times in all.
    Repeated { hash: Hash, salt: Vec<u8>, rounds: u32 },
    /// An HMAC of the password.
    Hmac { hash: Hash, key: Vec<u8> },
}

impl Plain {
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Plain::Hmac { .. } => Scheme::Hmac,
            Plain::Salted { hash, .. } | Plain::Repeated { hash, .. } => match hash {
                Hash::Md5 => Scheme::Md5,
                Hash::Sha1 => Scheme::Sha1,
                Hash::Sha224 | Hash::Sha256 | Hash::Sha384 | Hash::Sha512 => Scheme::Sha2,
            },
        }
    }

    /// Refuses a stored digest that is not whole, and too many rounds.
    pub(crate) fn check(&self, length: usize, bounds: &Bounds) -> Result<(), Error> {
        let hash = match self {
            Plain::Salted { hash, .. } | Plain::Hmac { hash, .. } => hash,
            Plain::Repeated { rounds, .. } if *rounds > bounds.rounds => {
                return Err(Error::OutOfBounds("rounds"));
            }
            Plain::Repeated { rounds: 0, .. } => return Err(Error::Malformed(self.scheme())),
            Plain::Repeated { hash, .. } => hash,
        };
        if hash.bytes() == length { Ok(()) } else { Err(Error::Malformed(self.scheme())) }
    }

    pub(crate) fn compute(&self, password: &[u8]) -> Digest {
        match self {
            Plain::Salted { hash, before, after } => hash.digest(&[before, password, after]),
            Plain::Repeated { hash, salt, rounds } => {
                let first = hash.digest(&[password, salt]);
                (1..*rounds).fold(first, |digest, _| hash.digest(&[&digest]))
            }
            Plain::Hmac { hash, key } => hash.hmac(key, password),
        }
    }
}
