//! The settings `secret_key_id`, `secret_key` and `retired_secret_keys`: the keys that seal secrets in the database.

use std::collections::BTreeMap;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use crate::base::{config::secret::Secret, open_error::ConfigMistake};

/// Accepts a key with or without `=` at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Finds what is wrong with the keys.
pub(super) fn check(
    id: Option<&String>,
    key: Option<&Secret>,
    retired: &BTreeMap<String, Secret>,
    found: &mut Vec<ConfigMistake>,
) {
    let mut bad = |keys, text: &str| found.push(ConfigMistake { keys, text: text.into() });
    match (id, key) {
        (None, Some(_)) => bad(&["secret_key", "secret_key_id"], "expected with a secret_key_id, or neither"),
        (Some(_), None) => bad(&["secret_key_id", "secret_key"], "expected with a secret_key, or neither"),
        _ => {}
    }
    if id.is_some_and(|id| retired.contains_key(id)) {
        bad(&["retired_secret_keys", "secret_key_id"], "expected no key with the id of secret_key");
    }
    let is_of_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let is_id = |id: &String| (1..=32).contains(&id.len()) && id.bytes().all(is_of_id);
    let expected_id = "expected ids of 1 to 32 of a to z, 0 to 9, - and _";
    if !id.is_none_or(is_id) {
        bad(&["secret_key_id"], expected_id);
    }
    if !retired.keys().all(is_id) {
        bad(&["retired_secret_keys"], expected_id);
    }
    let expected_key = "expected base64 of 32 random bytes, as openssl rand -base64 32 writes it";
    if !key.is_none_or(is_key) {
        bad(&["secret_key"], expected_key);
    }
    if !retired.values().all(is_key) {
        bad(&["retired_secret_keys"], expected_key);
    }
    if !cfg!(feature = "provider") && key.is_some() {
        bad(&["secret_key"], "this program was built without the feature `provider` of the library");
    }
}

/// Returns `true` if this is a key: base64 of 32 bytes, in the usual alphabet or in that for URLs.
fn is_key(key: &Secret) -> bool {
    key_bytes(key).is_some()
}

/// Reads a key.
pub(crate) fn key_bytes(key: &Secret) -> Option<Zeroizing<Vec<u8>>> {
    let usual = Zeroizing::new(key.expose().trim().replace('-', "+").replace('_', "/"));
    let bytes = Zeroizing::new(LENIENT.decode(&*usual).ok()?);
    (bytes.len() == 32).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_base64_of_32_bytes() {
        use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
        let (usual, for_urls) = (STANDARD.encode([0xfb; 32]), URL_SAFE_NO_PAD.encode([0xfb; 32]));
        assert!(usual.contains('+') && for_urls.contains('-'));
        for good in [&*usual, &for_urls, usual.trim_end_matches('='), &format!(" {usual}\n")] {
            assert!(is_key(&good.into()), "{good}");
        }
        for bad in
            ["", "a", &usual[..40], &format!("{usual}AAAA"), "not base64 at all, but of this length!!!!!"]
        {
            assert!(!is_key(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn the_key_and_its_id_stand_together() {
        let key = LENIENT.encode([7; 32]);
        let mistakes = |id: Option<&str>, key: Option<&str>, retired: &[(&str, &str)]| {
            let (id, key) = (id.map(str::to_owned), key.map(Secret::from));
            let retired = retired.iter().map(|(id, key)| ((*id).to_owned(), (*key).into())).collect();
            let mut found = Vec::new();
            check(id.as_ref(), key.as_ref(), &retired, &mut found);
            found.len()
        };
        assert_eq!(mistakes(None, None, &[("old", &key)]), 0);
        if cfg!(feature = "provider") {
            assert_eq!(mistakes(Some("a"), Some(&key), &[("old", &key)]), 0);
        }
        for (id, key, retired) in [
            (None, Some(&*key), ("old", &*key)),
            (Some("a"), None, ("old", &key)),
            (Some("A.b"), Some(&key), ("old", &key)),
            (Some("a"), Some("short"), ("old", &key)),
            (Some("a"), Some(&key), ("a", &key)),
            (Some("a"), Some(&key), ("old", "short")),
            (Some("a"), Some(&key), ("", &key)),
        ] {
            assert_ne!(mistakes(id, key, &[retired]), 0, "{id:?} {retired:?}");
        }
    }
}
