//! Passwords as users type them: in one normal form, of bounded length, and wiped from memory after use.
//!
//! Our hashes are made from the normal form: NFC, with each space that is not ASCII as U+0020 (RFC 8265, section 4.2.2). So
//! one password is the same on every keyboard. Other systems hash what arrives, or another form. Their hashes match only
//! if that form is tried too. A stored hash does not tell who made it: an argon2id of another system looks like ours. So
//! the spellings below are tried for every account alike, also for an unknown one. They depend on the typed text alone,
//! and most texts have only one.
//!
//! All spellings have the same normal form. So replacing a hash of one by a hash of the normal form refuses none of them.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use zeroize::Zeroizing;

/// The most characters (Unicode code points) of a new password.
const MAX: usize = 256;
/// The recommended length where a password alone opens an account (NIST SP 800-63B-4, section 3.1.1.2).
pub(crate) const BETTER: usize = 15;
/// The most bytes of any password.
const MAX_BYTES: usize = 1024;

/// A password. All of it counts: nothing is cut off, trimmed or folded.
#[derive(Clone)]
pub(crate) struct Password {
    /// The normal form, from which our hashes are made.
    normal: Zeroizing<String>,
    /// Other spellings that another system may have hashed, the likeliest first.
    others: Vec<Zeroizing<String>>,
}

impl Password {
    /// Takes any password that may be hashed, for comparing. The error describes the fault.
    pub(crate) fn claimed(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("expected at most {MAX_BYTES} bytes"));
        }
        let normal = kept(text.len(), text.chars().map(plain_space).nfc());
        if normal.len() > MAX_BYTES {
            return Err(format!("expected at most {MAX_BYTES} bytes"));
        }
        let mut others = Vec::new();
        if !text.is_ascii() {
            let typed = kept(text.len(), text.chars());
            // NFC alone was the form of our own hashes before spaces were replaced.
            for other in [typed, kept(text.len(), text.nfc()), kept(text.len(), text.nfd())] {
                if other != normal && !others.contains(&other) && other.len() <= MAX_BYTES {
                    others.push(other);
                }
            }
        }
        Ok(Self { normal, others })
    }

    /// Takes a password that is long enough to be set: of `min` characters. `policy/` checks whether it is good enough.
    pub(crate) fn chosen(text: &str, min: usize) -> Result<Self, String> {
        let password = Self::claimed(text)?;
        match password.normal.chars().count() {
            length if length > MAX => Err(format!("expected at most {MAX} characters")),
            length if length >= min => Ok(password),
            _ if min >= BETTER => Err(format!("expected at least {min} characters")),
            _ => Err(format!("expected at least {min} characters; {BETTER} or more are better")),
        }
    }

    /// Returns the password itself, in its normal form.
    pub(crate) fn expose(&self) -> &str {
        &self.normal
    }

    /// Returns the spellings in which it may have been hashed: the normal form, then as it was typed, then NFC and NFD.
    pub(crate) fn spellings(&self) -> Vec<&str> {
        [&self.normal].into_iter().chain(&self.others).map(|spelling| spelling.as_str()).collect()
    }
}

/// Collects the characters of a text of `bytes` bytes. NFC and NFD make three bytes of one at most (UAX 15, section 11), so
/// the memory does not move, and leaves no copy behind.
fn kept(bytes: usize, characters: impl Iterator<Item = char>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes * 3));
    text.extend(characters);
    text
}

/// Replaces a space that is not ASCII.
fn plain_space(character: char) -> char {
    if character.general_category() == GeneralCategory::SpaceSeparator { ' ' } else { character }
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
        assert!(Password::chosen("1234567", 8).is_err());
        assert!(Password::chosen("12345678", 8).is_ok());
        assert!(Password::chosen(&"\u{1f600}".repeat(14), 15).is_err());
        assert!(Password::chosen(&"\u{1f600}".repeat(15), 15).is_ok());
        assert!(Password::chosen(&"\u{e9}".repeat(8), 8).is_ok());
        assert!(Password::chosen(&"\u{1f600}".repeat(7), 8).is_err());
        assert!(Password::chosen(&"\u{1f600}".repeat(256), 8).is_ok());
        assert!(Password::chosen(&"a".repeat(257), 8).is_err());
    }

    #[test]
    fn the_same_accent_typed_in_two_ways_is_the_same_password() {
        let one = Password::chosen("caf\u{e9}-au-lait", 8).unwrap();
        let other = Password::chosen("cafe\u{301}-au-lait", 8).unwrap();
        assert_eq!(one.expose(), other.expose());
    }

    #[test]
    fn a_password_has_few_spellings_and_all_have_one_normal_form() {
        let spellings = |text: &str| {
            let password = Password::claimed(text).unwrap();
            password.spellings().into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(spellings(" plain text\0 "), [" plain text\0 "]);
        assert_eq!(spellings("\u{df}"), ["\u{df}"]);
        assert_eq!(spellings("caf\u{e9}"), ["caf\u{e9}", "cafe\u{301}"]);
        assert_eq!(spellings("cafe\u{301}"), ["caf\u{e9}", "cafe\u{301}"]);
        // The no-break space of a Mac, and the space of a Japanese keyboard.
        assert_eq!(spellings("a\u{a0}b\u{3000}c"), ["a b c", "a\u{a0}b\u{3000}c"]);
        // Neither composed nor decomposed, with another space.
        let mixed = spellings("\u{e9}e\u{301}\u{a0}");
        let expected =
            ["\u{e9}\u{e9} ", "\u{e9}e\u{301}\u{a0}", "\u{e9}\u{e9}\u{a0}", "e\u{301}e\u{301}\u{a0}"];
        assert_eq!(mixed, expected);
        for text in
            ["\u{e9}e\u{301}\u{a0}", "\u{2000}\u{2001}\u{1e9b}\u{323}", "\u{212b}\u{ac00}\u{1100}\u{1161}"]
        {
            let all = spellings(text);
            for spelling in &all {
                assert_eq!(Password::claimed(spelling).unwrap().expose(), all[0], "{text:?}");
            }
        }
    }

    #[test]
    fn nothing_is_cut_off_and_too_much_is_refused() {
        assert_eq!(Password::chosen(" a\0b  cdef ", 8).unwrap().expose(), " a\0b  cdef ");
        assert!(Password::claimed(&"a".repeat(1024)).is_ok());
        assert!(Password::claimed(&"a".repeat(1025)).is_err());
        // Small as typed, large in its normal form.
        assert!(Password::claimed(&"\u{fb2c}".repeat(340)).is_err());
    }
}
