//! bcrypt, with the sign-extension bug of old `crypt_blowfish` where a hash asks for it.

use zeroize::Zeroizing;

use super::Digest;
use crate::bounds::Bounds;
use crate::error::Error;

/// bcrypt sees this much of a password and no more.
pub(crate) const KEY_BYTES: usize = 72;
/// The 24th byte of the output is never stored.
pub(crate) const DIGEST_BYTES: usize = 23;

/// The parameters of one bcrypt computation.
pub(crate) struct Bcrypt {
    pub(crate) cost: u32,
    pub(crate) salt: [u8; 16],
    /// `$2x$`: the password bytes were sign-extended (CVE-2011-2483).
    pub(crate) sign_extended: bool,
}

impl Bcrypt {
    pub(crate) fn check(&self, bounds: &Bounds) -> Result<(), Error> {
        // The implementation takes the cost as a shift below 32.
        if self.cost > bounds.bcrypt_cost.min(31) {
            return Err(Error::OutOfBounds("bcrypt cost"));
        }
        Ok(())
    }

    /// Compute the 23 bytes that are stored.
    ///
    /// Only the first 72 bytes count, as in every implementation that wrote such hashes. A password with a NUL gets
    /// an empty digest, which equals no stored one: the key is the password and a NUL, repeated, so that `ab` and
    /// `ab\0ab` would be the same.
    pub(crate) fn compute(&self, password: &[u8]) -> Digest {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let used = password.len().min(KEY_BYTES);
        key[..used].copy_from_slice(&password[..used]);
        let terminated = (used + 1).min(KEY_BYTES);
        let output = if self.sign_extended {
            let words = sign_extended(&key[..terminated]);
            bcrypt::bcrypt(self.cost, self.salt, &words[..])
        } else {
            bcrypt::bcrypt(self.cost, self.salt, &key[..terminated])
        };
        if password.contains(&0) {
            return Zeroizing::new(Vec::new());
        }
        Zeroizing::new(output[..DIGEST_BYTES].to_vec())
    }
}

/// The 18 key words that the buggy implementation made: each byte, taken as signed, was or-ed into its word, and a
/// byte of 0x80 and above overwrote the bytes before it with ones.
fn sign_extended(key: &[u8]) -> Zeroizing<[u8; KEY_BYTES]> {
    let mut words = Zeroizing::new([0; KEY_BYTES]);
    let mut bytes = key.iter().cycle();
    for word in words.chunks_exact_mut(4) {
        let mut value = 0_u32;
        for byte in bytes.by_ref().take(4) {
            value = (value << 8) | i32::from(byte.cast_signed()).cast_unsigned();
        }
        word.copy_from_slice(&value.to_be_bytes());
    }
    words
}
