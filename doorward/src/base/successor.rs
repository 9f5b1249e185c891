//! Derives the successor of a secret from the secret itself and a salt.
//!
//! The salt is stored, the secret is not. So the same secret leads to the same successor on every node. Nobody can compute
//! it from the database alone. The salt of a successor is random too: so an old secret leads no
//! further, once its salt is erased.

use aws_lc_rs::hmac::{self, HMAC_SHA256};

use crate::base::secret::{self, Hash, Kind};

/// What stands before the salt. It keeps these values apart from others that the same secret may be a key for.
const ABOUT: &[u8] = b"doorward refresh";

/// Makes a salt.
///
/// # Panics
/// If the system gives no random bytes: nothing safe can be done without them.
pub(crate) fn salt() -> [u8; 32] {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).expect("the system gives random bytes");
    salt
}

/// Returns the successor of a secret, and its hash: HMAC-SHA-256 (RFC 2104) of the salt, with the secret as the key.
pub(crate) fn of(kind: Kind, secret: &str, salt: &[u8]) -> (String, Hash) {
    let mut context = hmac::Context::with_key(&hmac::Key::new(HMAC_SHA256, secret.as_bytes()));
    context.update(ABOUT);
    context.update(salt);
    let tag = context.sign();
    let mut bytes = [0; 32];
    bytes.copy_from_slice(tag.as_ref());
    secret::of_bytes(kind, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind("dw_f_");

    #[test]
    fn a_successor_follows_from_the_secret_and_the_salt_alone() {
        let (first, _) = secret::generate(KIND);
        let (one, other) = (salt(), salt());
        let (successor, hash) = of(KIND, &first, &one);
        assert_eq!(of(KIND, &first, &one), (successor.clone(), hash));
        assert_eq!(secret::hash(KIND, &successor), Some(hash));
        assert_ne!(of(KIND, &first, &other).0, successor);
        assert_ne!(of(KIND, &secret::generate(KIND).0, &one).0, successor);
    }

    #[test]
    fn every_version_derives_the_same_successor() {
        // Nodes of two versions run beside each other during an update. The value comes from Python's `hmac`.
        let first = secret::of_bytes(KIND, [1; 32]).0;
        assert_eq!(of(KIND, &first, &[2; 32]).0, "dw_f_WMfpJIBceiic27M6UJfJTCZm_kPrV_WMvde4X1apR5Am5SYJQ");
    }
}
