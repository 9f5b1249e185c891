//! Seals secrets that the server must read again: encrypts them with a key that is not in the database (`secret_key`).
//! To open one is to decrypt it.
//!
//! Most secrets are only compared, so their hashes are kept. The private keys that sign ID tokens are different: the
//! server needs them as they are. They are encrypted with AES-256-GCM. The text that is stored has the id of the key, a
//! dot, and base64url of 12 random bytes, the ciphertext and the tag. AES-GCM also checks a text that is not stored, the
//! associated data: it says what the secret is and which row it belongs to. So nobody can copy a sealed secret to another row.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

use crate::base::config::{Config, Secret, secret_key::key_bytes};

/// The keys that seal secrets: the current one, and earlier ones that still open them.
pub(crate) struct Sealer {
    current: String,
    keys: BTreeMap<String, RandomizedNonceKey>,
}

/// Why a sealed secret could not be opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// The settings have no key with this id.
    NoKey(String),
    /// The key is another one, or the text was changed or belongs to another row.
    Refused,
}

impl Sealer {
    /// Takes the keys of the settings, which were checked. `None` if there is no current key.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        let current = config.secret_key_id.clone()?;
        let now = [(&current, config.secret_key.as_ref()?)];
        let all = now.into_iter().chain(&config.retired_secret_keys);
        let keys = all.filter_map(|(id, key)| Some((id.clone(), read(key)?))).collect();
        Some(Self { current, keys })
    }

    /// The id of the key that seals.
    pub(crate) fn key_id(&self) -> &str {
        &self.current
    }

    /// The ids of all keys.
    pub(crate) fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// Seals a secret with the current key. `about` names what it is and its row.
    ///
    /// # Panics
    /// If the system gives no random bytes: nothing safe can be done without them.
    pub(crate) fn seal(&self, about: &str, secret: &[u8]) -> String {
        self.seal_with(&self.current, about, secret)
    }

    /// Seals a secret with the key that has this id.
    fn seal_with(&self, id: &str, about: &str, secret: &[u8]) -> String {
        let mut sealed = Zeroizing::new(secret.to_vec());
        let nonce = self.keys[id]
            .seal_in_place_append_tag(Aad::from(about), &mut *sealed)
            .expect("the system gives random bytes");
        let whole = [nonce.as_ref(), &sealed[..]].concat();
        format!("{id}.{}", URL_SAFE_NO_PAD.encode(whole))
    }

    /// Opens a sealed secret.
    pub(crate) fn open(&self, about: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (id, text) = sealed.split_once('.').ok_or(Unopened::Refused)?;
        let key = self.keys.get(id).ok_or_else(|| Unopened::NoKey(id.to_owned()))?;
        let whole = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unopened::Refused)?;
        let (nonce, rest) = whole.split_at_checked(NONCE_LEN).ok_or(Unopened::Refused)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopened::Refused)?;
        let mut rest = Zeroizing::new(rest.to_vec());
        let length =
            key.open_in_place(nonce, Aad::from(about), &mut rest).map_err(|_| Unopened::Refused)?.len();
        rest.truncate(length);
        Ok(rest)
    }

    /// Makes a text from the key with this id. Later, it shows whether the key is still the same.
    pub(crate) fn proof(&self, id: &str) -> String {
        self.seal_with(id, PROOF, id.as_bytes())
    }

    /// Returns `true` if the key with this id made the proof.
    pub(crate) fn made(&self, id: &str, proof: &str) -> bool {
        self.open(PROOF, proof).is_ok_and(|known| **known == *id.as_bytes())
    }
}

/// Makes a key for `secret_key`, and an id for it.
///
/// # Panics
/// If the system gives no random bytes: nothing safe can be done without them.
#[must_use]
pub fn new_secret_key() -> (String, Secret) {
    let mut random = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *random).expect("the system gives random bytes");
    let mut id = [0; 4];
    getrandom::fill(&mut id).expect("the system gives random bytes");
    let key = Zeroizing::new(STANDARD.encode(*random));
    (format!("{:08x}", u32::from_le_bytes(id)), Secret::from(&**key))
}

/// What a proof is about.
const PROOF: &str = "sealing_key";

/// Reads a key, which was checked.
fn read(key: &Secret) -> Option<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, &key_bytes(key)?).ok()
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").field("current", &self.current).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of 32 equal bytes.
    fn key(byte: u8) -> Secret {
        base64::engine::general_purpose::STANDARD.encode([byte; 32]).as_str().into()
    }

    fn sealer(current: (&str, u8), retired: &[(&str, u8)]) -> Sealer {
        let retired = retired.iter().map(|(id, byte)| ((*id).to_owned(), key(*byte)));
        Sealer::of(&Config {
            secret_key_id: Some(current.0.into()),
            secret_key: Some(key(current.1)),
            retired_secret_keys: retired.collect(),
            ..Config::default()
        })
        .unwrap()
    }

    #[test]
    fn a_sealed_secret_is_opened_with_the_same_key_and_for_the_same_row_only() {
        let first = sealer(("a", 1), &[]);
        let sealed = first.seal("signing_key 7", b"a secret");
        assert!(sealed.starts_with("a.") && !sealed.contains("secret"));
        assert_ne!(sealed, first.seal("signing_key 7", b"a secret"), "the nonce is random");
        assert_eq!(first.open("signing_key 7", &sealed).unwrap().as_slice(), b"a secret");
        assert_eq!(first.open("signing_key 8", &sealed), Err(Unopened::Refused));
        assert_eq!(sealer(("a", 2), &[]).open("signing_key 7", &sealed), Err(Unopened::Refused));
        assert_eq!(sealer(("b", 1), &[]).open("signing_key 7", &sealed), Err(Unopened::NoKey("a".into())));
        let later = sealer(("b", 2), &[("a", 1)]);
        assert_eq!(later.open("signing_key 7", &sealed).unwrap().as_slice(), b"a secret");
        assert!(later.seal("x", b"").starts_with("b."));
        for position in 2..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(first.open("signing_key 7", &changed), Err(Unopened::Refused), "{position}");
        }
        for wrong in ["", "a", "a.", "a.AAAA", "a.%", &sealed[..20]] {
            assert_eq!(first.open("signing_key 7", wrong), Err(Unopened::Refused), "{wrong}");
        }
    }

    #[test]
    fn a_proof_shows_that_a_key_was_exchanged() {
        let first = sealer(("a", 1), &[]);
        let proof = first.proof("a");
        assert!(first.made("a", &proof) && sealer(("b", 2), &[("a", 1)]).made("a", &proof));
        assert!(!sealer(("a", 2), &[]).made("a", &proof) && !first.made("b", &proof));
    }
}
