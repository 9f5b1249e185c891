//! bcrypt, plain and over a digest of the password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::hash::{Digest, Hash};
use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;
use crate::text;
use crate::treatment::Treatment;

/// bcrypt reads only this many bytes of a password.
pub(crate) const KEY_BYTES: usize = 72;
/// The length of the digest. The 24th byte of the output is never stored.
pub(crate) const DIGEST_BYTES: usize = 23;

/// The parameters of one bcrypt computation.
pub(crate) struct Bcrypt {
    pub(crate) cost: u32,
    pub(crate) salt: [u8; 16],
    pub(crate) key: Key,
}

/// The key that is derived from the password for bcrypt.
pub(crate) enum Key {
    /// The password itself.
    Password,
    /// The password, its bytes sign-extended by the bug of `$2x$` (CVE-2011-2483).
    SignExtended,
    /// Devise: the password with the application's pepper appended.
    Peppered(Zeroizing<Vec<u8>>),
    /// Django's `bcrypt_sha256`: SHA-256 in hexadecimal.
    Sha256Hex,
    /// passlib's `bcrypt_sha256` version 1: SHA-256 in base64.
    Sha256Base64,
    /// passlib's `bcrypt_sha256` version 2: HMAC-SHA-256, keyed with the 22 characters of the salt, in base64.
    HmacSha256Base64,
    /// WordPress 6.8: HMAC-SHA-384, keyed with a constant, in base64.
    WordPress,
}

impl Bcrypt {
    pub(crate) fn scheme(&self) -> Scheme {
        match self.key {
            Key::Password | Key::SignExtended | Key::Peppered(_) => Scheme::Bcrypt,
            Key::Sha256Hex | Key::Sha256Base64 | Key::HmacSha256Base64 | Key::WordPress => Scheme::BcryptSha2,
        }
    }

    pub(crate) fn treatment(&self) -> Treatment {
        if matches!(self.key, Key::WordPress) { Treatment::WordPress } else { Treatment::Exact }
    }

    pub(crate) fn check(&self, bounds: &Bounds) -> Result<(), Error> {
        // The implementation takes the cost as a shift below 32.
        if self.cost > bounds.bcrypt_cost.min(31) {
            return Err(Error::OutOfBounds("bcrypt cost"));
        }
        Ok(())
    }

    /// Computes the 23 bytes that are stored.
    ///
    /// Only the first 72 bytes count, as in every implementation that wrote such hashes. A password with a NUL gets an
    /// empty digest, which equals no stored one. The key is the password and a NUL, repeated: otherwise `ab\0ab` would
    /// match the hash of `ab`.
    pub(crate) fn compute(&self, password: &[u8]) -> Digest {
        let base64 = |digest: Digest| Zeroizing::new(STANDARD.encode(&*digest).into_bytes());
        match &self.key {
            Key::Password => self.hash(password, terminated),
            Key::SignExtended => self.hash(password, |key| sign_extended(&terminated(key)).to_vec().into()),
            Key::Peppered(pepper) => self.hash(&Zeroizing::new([password, pepper].concat()), terminated),
            Key::Sha256Hex => {
                let digest = Hash::Sha256.digest(&[password]);
                self.hash(&text::to_hex(&digest), terminated)
            }
            Key::Sha256Base64 => self.hash(&base64(Hash::Sha256.digest(&[password])), terminated),
            Key::HmacSha256Base64 => {
                let salt = text::to_bcrypt_base64(&self.salt);
                self.hash(&base64(Hash::Sha256.hmac(salt.as_bytes(), password)), terminated)
            }
            Key::WordPress => self.hash(&base64(Hash::Sha384.hmac(b"wp-sha384", password)), terminated),
        }
    }

    /// Returns `true` if bcrypt checks every byte of the password, and its end.
    ///
    /// A password of exactly 72 bytes has no end that is checked: any longer text that begins with it is accepted too. A
    /// pepper that is cut does not show where the password ends either. The bug of `$2x$` lets other bytes pass beside
    /// those of 0x80 and above.
    pub(crate) fn checks_all_of(&self, password: &[u8]) -> bool {
        match &self.key {
            Key::Password => password.len() < KEY_BYTES,
            Key::SignExtended => password.len() < KEY_BYTES && password.is_ascii(),
            Key::Peppered(pepper) => password.len() + pepper.len() < KEY_BYTES,
            // HMAC fills its key up with NULs.
            Key::HmacSha256Base64 | Key::Sha256Hex | Key::Sha256Base64 | Key::WordPress => {
                !password.contains(&0)
            }
        }
    }

    fn hash(&self, password: &[u8], key: impl Fn(&[u8]) -> Digest) -> Digest {
        let output = bcrypt::bcrypt(self.cost, self.salt, &key(password));
        if password.contains(&0) {
            return Zeroizing::new(Vec::new());
        }
        Zeroizing::new(output[..DIGEST_BYTES].to_vec())
    }
}

/// Appends the NUL that ends the password, and cuts it at 72 bytes.
fn terminated(password: &[u8]) -> Digest {
    let mut key = Zeroizing::new(Vec::with_capacity(KEY_BYTES));
    key.extend(password.iter().copied().chain([0]).take(KEY_BYTES));
    key
}

/// Makes the 18 key words of the buggy implementation. It took each byte as signed and or-ed it into its word, so a
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
