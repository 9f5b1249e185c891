//! One computation of a fast hash: what should never have been stored.

use super::Digest;
use super::hash::Hash;
use crate::scheme::Scheme;

/// A hash of the password between two constant texts, one or both of them a salt; or an HMAC of it.
pub(crate) enum Plain {
    Salted { hash: Hash, before: Vec<u8>, after: Vec<u8> },
    Hmac { hash: Hash, key: Vec<u8> },
}

impl Plain {
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Plain::Hmac { .. } => Scheme::Hmac,
            Plain::Salted { hash, .. } => match hash {
                Hash::Md5 => Scheme::Md5,
                Hash::Sha1 => Scheme::Sha1,
                Hash::Sha224 | Hash::Sha256 | Hash::Sha384 | Hash::Sha512 => Scheme::Sha2,
            },
        }
    }

    /// The length of a whole digest. A stored one of another length is malformed.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Plain::Salted { hash, .. } | Plain::Hmac { hash, .. } => hash.bytes(),
        }
    }

    pub(crate) fn compute(&self, password: &[u8]) -> Digest {
        match self {
            Plain::Salted { hash, before, after } => hash.digest(&[before, password, after]),
            Plain::Hmac { hash, key } => hash.hmac(key, password),
        }
    }
}
