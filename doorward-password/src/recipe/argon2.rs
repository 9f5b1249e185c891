//! Argon2 (RFC 9106), computed by `argon2-rust` in memory that can be reused.

use std::sync::Arc;

use argon2_rust::params::{Memory as MemoryCost, TagLen};
use argon2_rust::{Algorithm, Hasher, Params, Version};
use zeroize::Zeroizing;

use super::hash::Digest;
use crate::bounds::Bounds;
use crate::error::Error;
use crate::pepper::Pepper;
use crate::scheme::Scheme;

/// The length of a new tag.
pub(crate) const TAG_BYTES: usize = 32;

/// The parameters of one argon2 computation.
pub(crate) struct Argon2 {
    pub(crate) algorithm: Algorithm,
    pub(crate) version: Version,
    pub(crate) memory_kib: u32,
    pub(crate) iterations: u32,
    pub(crate) parallelism: u32,
    pub(crate) salt: Vec<u8>,
    /// Argon2's secret value K (RFC 9106 §3.1).
    pub(crate) pepper: Option<Arc<Pepper>>,
    /// Argon2's associated data X.
    pub(crate) data: Vec<u8>,
}

/// The memory block that computations reuse.
pub(crate) struct Memory(Hasher);

impl Memory {
    /// Takes no memory before the first computation.
    pub(crate) fn new() -> Memory {
        Memory(argon2_rust::Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default()).hasher())
    }

    /// Gives the block back if an expensive hash has enlarged it beyond `kib`.
    pub(crate) fn shrink(&mut self, kib: u32) {
        if self.0.reserved_blocks() > kib as usize {
            self.0.clear();
        }
    }
}

impl Argon2 {
    /// Argon2id in its current version, as for new hashes.
    pub(crate) fn id(
        memory_kib: u32,
        iterations: u32,
        parallelism: u32,
        salt: Vec<u8>,
        pepper: Option<Arc<Pepper>>,
    ) -> Argon2 {
        Argon2 {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            memory_kib,
            iterations,
            parallelism,
            salt,
            pepper,
            data: Vec::new(),
        }
    }

    pub(crate) fn scheme(&self) -> Scheme {
        match self.algorithm {
            Algorithm::Argon2id => Scheme::Argon2id,
            Algorithm::Argon2i => Scheme::Argon2i,
            Algorithm::Argon2d => Scheme::Argon2d,
        }
    }

    /// Returns `true` if new hashes are of this kind of argon2.
    pub(crate) fn is_current_id(&self) -> bool {
        self.algorithm == Algorithm::Argon2id && self.version == Version::V0x13 && self.data.is_empty()
    }

    pub(crate) fn check(&self, bounds: &Bounds) -> Result<(), Error> {
        if self.memory_kib > bounds.memory_kib {
            return Err(Error::OutOfBounds("memory"));
        }
        if self.iterations > bounds.iterations {
            return Err(Error::OutOfBounds("iterations"));
        }
        if self.parallelism > bounds.parallelism {
            return Err(Error::OutOfBounds("parallelism"));
        }
        // RFC 9106 §3.1 forbids: no pass, no lane, under 8 KiB for a lane, a salt under 8 bytes.
        let params = self.params(32).map_err(|_| Error::Malformed(self.scheme()))?;
        let data = (self.salt.len(), self.data.len());
        params.validate_for(0, data.0, 0, data.1).map_err(|_| Error::Malformed(self.scheme()))
    }

    pub(crate) fn compute(
        &self,
        password: &[u8],
        length: usize,
        memory: &mut Memory,
    ) -> Result<Digest, Error> {
        let params = self.params(length).map_err(|_| Error::Malformed(self.scheme()))?;
        memory.0.set_argon2(argon2_rust::Argon2::new(self.algorithm, self.version, params));
        let secret = self.pepper.as_ref().map_or(&[][..], |pepper| pepper.key());
        let mut tag = Zeroizing::new(vec![0; length]);
        memory
            .0
            .hash_into_with_ad(password, &self.salt, secret, &self.data, &mut tag)
            .map_err(|_| Error::OutOfMemory)?;
        Ok(tag)
    }

    fn params(&self, length: usize) -> Result<Params, argon2_rust::Error> {
        Params::builder()
            .memory(MemoryCost::kib(self.memory_kib.into()))
            .passes(self.iterations)
            .lanes(self.parallelism)
            .tag_len(TagLen::bytes(length as u64))
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    /// RFC 9106 §5.1 to §5.3.
    #[test]
    fn the_vectors_of_the_rfc_hold() {
        let tags = [
            (Algorithm::Argon2d, "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb"),
            (Algorithm::Argon2i, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8"),
            (Algorithm::Argon2id, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"),
        ];
        for (algorithm, tag) in tags {
            let argon2 = Argon2 {
                algorithm,
                version: Version::V0x13,
                memory_kib: 32,
                iterations: 3,
                parallelism: 4,
                salt: vec![2; 16],
                pepper: Some(Arc::new(Pepper::new("rfc", &[3; 8]))),
                data: vec![4; 12],
            };
            let computed = argon2.compute(&[1; 32], 32, &mut Memory::new()).unwrap();
            assert_eq!(Some(computed.to_vec()), text::hex(tag));
        }
    }

    #[test]
    fn an_enlarged_block_is_given_back() {
        let mut memory = Memory::new();
        let large = Argon2::id(4096, 1, 1, vec![0; 16], None);
        large.compute(b"p", 32, &mut memory).unwrap();
        assert_eq!(memory.0.reserved_blocks(), 4096);
        memory.shrink(4096);
        assert_eq!(memory.0.reserved_blocks(), 4096);
        memory.shrink(4095);
        assert_eq!(memory.0.reserved_blocks(), 0);
    }
}
