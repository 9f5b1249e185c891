//! Reading the alphabets and numbers of stored hashes.

use base64::Engine as _;
use base64::alphabet::{self, Alphabet};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be there or not, and the unused bits of the last character may be anything: writers differ in both,
/// and neither changes the bytes that are compared.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// The alphabet of RFC 4648 §4.
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
/// bcrypt's alphabet, `./A-Za-z0-9`.
const BCRYPT: GeneralPurpose = GeneralPurpose::new(&BCRYPT_ALPHABET, LENIENT);
const BCRYPT_ALPHABET: Alphabet = alphabet::BCRYPT;

/// Decode RFC 4648 §4 base64 with or without padding.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Encode as RFC 4648 §4 base64 without padding, as PHC strings do.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decode bcrypt's base64.
pub(crate) fn bcrypt_base64(text: &str) -> Option<Vec<u8>> {
    BCRYPT.decode(text).ok()
}

/// Encode as bcrypt's base64.
pub(crate) fn to_bcrypt_base64(bytes: &[u8]) -> String {
    BCRYPT.encode(bytes)
}

/// A decimal number of digits alone: no sign, no space.
pub(crate) fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number that does not fit is far beyond every bound; saturating it lets the bounds refuse it by name.
    digits.then(|| text.parse().unwrap_or(u32::MAX))
}

/// The value of `name` in a list such as `m=19456,t=2,p=1`.
pub(crate) fn parameter<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(',').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
