//! The schemes of `crypt(3)` and phpass.
//!
//! They are compared as text: a computation here gives the last field of the stored hash, in characters.

use zeroize::Zeroizing;

use super::hash::{Digest, Hash};
use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;
use crate::text;
use crate::treatment::Treatment;

/// One computation of a `crypt(3)` scheme.
pub(crate) enum Crypt {
    /// `$5$`, by the specification of Ulrich Drepper.
    Sha256 { rounds: u32, salt: String },
    /// `$6$`, by the same specification.
    Sha512 { rounds: u32, salt: String },
    /// `$1$` of FreeBSD, and Apache's `$apr1$`, which differs only in that name.
    Md5 { magic: &'static str, salt: String },
    /// phpass with MD5 (`$P$`, `$H$`) or SHA-512 (Drupal's `$S$`).
    Phpass {
        hash: Hash,
        log_rounds: u32,
        salt: String,
        /// Drupal's `U$`: hashes that an update made from plain MD5 hashes.
        over_md5: bool,
        /// How the application that used phpass treats a text.
        treatment: Treatment,
    },
    /// yescrypt in its default mode, with p = 1.
    Yescrypt { n: u64, r: u32, salt: Vec<u8> },
}

/// The rounds of MD5-crypt are fixed.
const MD5_ROUNDS: usize = 1000;
/// yescrypt's output.
const YESCRYPT_BYTES: usize = 32;

impl Crypt {
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Crypt::Sha256 { .. } => Scheme::Sha256Crypt,
            Crypt::Sha512 { .. } => Scheme::Sha512Crypt,
            Crypt::Md5 { .. } => Scheme::Md5Crypt,
            Crypt::Phpass { .. } => Scheme::Phpass,
            Crypt::Yescrypt { .. } => Scheme::Yescrypt,
        }
    }

    pub(crate) fn rounds(&self) -> u32 {
        match self {
            Crypt::Sha256 { rounds, .. } | Crypt::Sha512 { rounds, .. } => *rounds,
            Crypt::Md5 { .. } => MD5_ROUNDS as u32,
            Crypt::Phpass { log_rounds, .. } => 1_u32.checked_shl(*log_rounds).unwrap_or(u32::MAX),
            Crypt::Yescrypt { .. } => 1,
        }
    }

    pub(crate) fn check(&self, bounds: &Bounds) -> Result<(), Error> {
        if self.rounds() > bounds.rounds {
            return Err(Error::OutOfBounds("rounds"));
        }
        let possible = match self {
            Crypt::Sha256 { rounds, .. } | Crypt::Sha512 { rounds, .. } => {
                sha_crypt::Params::new(*rounds).is_ok()
            }
            Crypt::Md5 { .. } => true,
            // phpass and Drupal take 2⁷ to 2³⁰ rounds.
            Crypt::Phpass { log_rounds, .. } => (7..=30).contains(log_rounds),
            Crypt::Yescrypt { n, r, .. } => {
                bounds.check_scrypt(*n, *r, 1)?;
                yescrypt::Params::new(yescrypt::Mode::default(), *n, *r, 1).is_ok()
            }
        };
        if possible { Ok(()) } else { Err(Error::Malformed(self.scheme())) }
    }

    /// Computes the characters of the stored digest. Keeps the first `length` of them, because Drupal stores only a part.
    pub(crate) fn compute(&self, password: &[u8], length: usize) -> Result<Digest, Error> {
        let malformed = |_| Error::Malformed(self.scheme());
        let mut digest = match self {
            Crypt::Sha256 { rounds, salt } => {
                let params = sha_crypt::Params::new(*rounds).map_err(malformed)?;
                let digest = Zeroizing::new(sha_crypt::sha256_crypt(password, salt.as_bytes(), params));
                text::to_crypt64(&sha256_order(&digest))
            }
            Crypt::Sha512 { rounds, salt } => {
                let params = sha_crypt::Params::new(*rounds).map_err(malformed)?;
                let digest = Zeroizing::new(sha_crypt::sha512_crypt(password, salt.as_bytes(), params));
                text::to_crypt64(&sha512_order(&digest))
            }
            Crypt::Md5 { magic, salt } => md5_crypt(password, magic, salt),
            Crypt::Phpass { hash, log_rounds, salt, over_md5, .. } => {
                let inner = over_md5.then(|| text::to_hex(&Hash::Md5.digest(&[password])));
                let password = inner.as_ref().map_or(password, |hex| &hex[..]);
                let mut digest = hash.digest(&[salt.as_bytes(), password]);
                for _ in 0..1_u64 << log_rounds {
                    digest = hash.digest(&[&digest, password]);
                }
                text::to_crypt64(&digest)
            }
            Crypt::Yescrypt { n, r, salt } => {
                let params = yescrypt::Params::new(yescrypt::Mode::default(), *n, *r, 1);
                let mut digest = Zeroizing::new([0; YESCRYPT_BYTES]);
                params
                    .and_then(|params| yescrypt::yescrypt(password, salt, &params, &mut digest[..]))
                    .map_err(|_| Error::Malformed(Scheme::Yescrypt))?;
                text::to_crypt64(&digest[..])
            }
        };
        digest.truncate(length);
        Ok(digest)
    }
}

/// MD5-crypt, as `crypt(3)` of FreeBSD computes it.
fn md5_crypt(password: &[u8], magic: &str, salt: &str) -> Digest {
    let salt = salt.as_bytes();
    let alternate = Hash::Md5.digest(&[password, salt, password]);
    let mut first = Zeroizing::new([password, magic.as_bytes(), salt].concat());
    first.extend(alternate.iter().cycle().take(password.len()));
    // For each bit of the length: a NUL for a one, the password's first byte for a zero. The length of the empty
    // password has no bits.
    let mut bits = password.len();
    while bits > 0 {
        first.push(if bits & 1 == 1 { 0 } else { password[0] });
        bits >>= 1;
    }
    let mut digest = Hash::Md5.digest(&[&first]);
    for round in 0..MD5_ROUNDS {
        let odd = round % 2 == 1;
        digest = Hash::Md5.digest(&[
            if odd { password } else { &digest },
            if round.is_multiple_of(3) { &[] } else { salt },
            if round.is_multiple_of(7) { &[] } else { password },
            if odd { &digest } else { password },
        ]);
    }
    let mut ordered = Zeroizing::new(Vec::with_capacity(16));
    for first in 0..5 {
        // The last group takes byte 5, where the pattern would take byte 16.
        let third = if first == 4 { 5 } else { first + 12 };
        ordered.extend([digest[third], digest[first + 6], digest[first]]);
    }
    ordered.push(digest[11]);
    text::to_crypt64(&ordered)
}

/// Puts the bytes into the order in which SHA-256-crypt writes them.
fn sha256_order(digest: &[u8; 32]) -> Digest {
    let mut ordered = Zeroizing::new(Vec::with_capacity(32));
    let (mut a, mut b, mut c) = (0, 10, 20);
    for _ in 0..10 {
        ordered.extend([digest[c], digest[b], digest[a]]);
        (a, b, c) = (c + 1, a + 1, b + 1);
    }
    ordered.extend([digest[30], digest[31]]);
    ordered
}

/// Puts the bytes into the order in which SHA-512-crypt writes them.
fn sha512_order(digest: &[u8; 64]) -> Digest {
    let mut ordered = Zeroizing::new(Vec::with_capacity(64));
    let (mut a, mut b, mut c) = (0, 21, 42);
    for _ in 0..21 {
        ordered.extend([digest[c], digest[b], digest[a]]);
        (a, b, c) = (b + 1, c + 1, a + 1);
    }
    ordered.push(digest[63]);
    ordered
}
