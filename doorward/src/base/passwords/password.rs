//! Passwords as users type them: in one normal form, of bounded length, and wiped from memory after use.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The fewest and the most characters (Unicode code points) of a new password.
const MIN: usize = 8;
const MAX: usize = 256;
/// The recommended length where a password alone opens an account (NIST SP 800-63B-4, section 3.1.1.2).
const BETTER: usize = 15;
/// The most bytes of any password.
const MAX_BYTES: usize = 1024;

/// A password in NFC. Every password is hashed in this form, so that an accent from another keyboard is the same. All
/// of it counts: nothing is cut off, trimmed or folded.
#[derive(Clone)]
pub(crate) struct Password(Zeroizing<String>);

impl Password {
    /// Takes any password that may be hashed, for comparing. The error describes the fault.
    pub(crate) fn claimed(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("expected at most {MAX_BYTES} bytes"));
        }
        let mut normal = Zeroizing::new(String::with_capacity(text.len() * 3));
        normal.extend(text.nfc());
        if normal.len() > MAX_BYTES {
            return Err(format!("expected at most {MAX_BYTES} bytes"));
        }
        Ok(Self(normal))
    }

    /// Takes a password that is long enough to be set. `policy/` checks whether it is good enough.
    pub(crate) fn chosen(text: &str) -> Result<Self, String> {
        let password = Self::claimed(text)?;
        match password.0.chars().count() {
            MIN..=MAX => Ok(password),
            0..MIN => Err(format!("expected at least {MIN} characters; {BETTER} or more are better")),
            _ => Err(format!("expected at most {MAX} characters")),
        }
    }

    /// Returns the password itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_as_code_points() {
        assert!(Password::chosen("1234567").is_err());
        assert!(Password::chosen("12345678").is_ok());
        assert!(Password::chosen(&"\u{e9}".repeat(8)).is_ok());
        assert!(Password::chosen(&"\u{1f600}".repeat(7)).is_err());
        assert!(Password::chosen(&"\u{1f600}".repeat(256)).is_ok());
        assert!(Password::chosen(&"a".repeat(257)).is_err());
    }

    #[test]
    fn the_same_accent_typed_in_two_ways_is_the_same_password() {
        let one = Password::chosen("caf\u{e9}-au-lait").unwrap();
        let other = Password::chosen("cafe\u{301}-au-lait").unwrap();
        assert_eq!(one.expose(), other.expose());
    }

    #[test]
    fn nothing_is_cut_off_and_too_much_is_refused() {
        assert_eq!(Password::chosen(" a\0b  cdef ").unwrap().expose(), " a\0b  cdef ");
        assert!(Password::claimed(&"a".repeat(1024)).is_ok());
        assert!(Password::claimed(&"a".repeat(1025)).is_err());
        // Small as typed, large in its normal form.
        assert!(Password::claimed(&"\u{fb2c}".repeat(340)).is_err());
    }
}
