//! The alphabets and numbers of stored hashes.

use base64::Engine as _;
use base64::alphabet::{self, Alphabet};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Accepts a text with or without padding, and any unused bits in the last character. Writers differ in both, and
/// neither changes the bytes that are compared.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// The alphabet of RFC 4648 §4.
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
/// bcrypt's alphabet, `./A-Za-z0-9`.
const BCRYPT: GeneralPurpose = GeneralPurpose::new(&BCRYPT_ALPHABET, LENIENT);
const BCRYPT_ALPHABET: Alphabet = alphabet::BCRYPT;

/// Decodes RFC 4648 §4 base64 with or without padding.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Encodes as RFC 4648 §4 base64 without padding, as PHC strings do.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes bcrypt's base64.
pub(crate) fn bcrypt_base64(text: &str) -> Option<Vec<u8>> {
    BCRYPT.decode(text).ok()
}

/// Encodes as bcrypt's base64.
pub(crate) fn to_bcrypt_base64(bytes: &[u8]) -> String {
    BCRYPT.encode(bytes)
}

/// Reads a decimal number: digits alone, no sign, no space.
pub(crate) fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number that does not fit is far beyond every bound. The largest number makes the bounds refuse it by name.
    digits.then(|| text.parse().unwrap_or(u32::MAX))
}

/// Finds the value of `name` in a list such as `m=19456,t=2,p=1`.
pub(crate) fn parameter<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(',').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// Decodes RFC 4648 §5 or §4 base64: some systems mix them.
pub(crate) fn base64_any(text: &str) -> Option<Vec<u8>> {
    base64(&text.replace('-', "+").replace('_', "/"))
}

/// Decodes passlib's base64, which writes `.` for `+`. Other writers of the same forms keep the `+`.
pub(crate) fn adapted_base64(text: &str) -> Option<Vec<u8>> {
    base64(&text.replace('.', "+"))
}

/// Decodes hexadecimal digits of either case.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4) | pair[1]).collect())
}

/// Encodes as lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let digit = |nibble: u8| b"0123456789abcdef"[usize::from(nibble & 15)];
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len() * 2));
    for byte in bytes {
        out.extend([digit(byte >> 4), digit(*byte)]);
    }
    out
}

/// The alphabet of `crypt(3)`, whose groups of three bytes start at the lowest bit.
const CRYPT64: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Encodes in the alphabet of `crypt(3)`.
pub(crate) fn to_crypt64(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len() * 4 / 3 + 1));
    for group in bytes.chunks(3) {
        let value = group.iter().rev().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
        out.extend((0..=group.len()).map(|index| CRYPT64[(value >> (6 * index)) as usize & 63]));
    }
    out
}

/// Decodes the alphabet of `crypt(3)`.
pub(crate) fn crypt64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    for group in text.as_bytes().chunks(4) {
        let mut value = 0_u32;
        for (index, character) in group.iter().enumerate() {
            value |= crypt64_digit(*character)? << (6 * index);
        }
        out.extend_from_slice(value.to_le_bytes().get(..group.len() - 1)?);
    }
    Some(out)
}

/// Returns the value of one character of the alphabet of `crypt(3)`.
pub(crate) fn crypt64_digit(character: u8) -> Option<u32> {
    CRYPT64.iter().position(|digit| *digit == character).map(|position| position as u32)
}

/// Returns `true` if the text consists of characters of the `crypt(3)` alphabet.
pub(crate) fn is_crypt64(text: &str) -> bool {
    text.bytes().all(|character| crypt64_digit(character).is_some())
}
