//! The form in which passwords and words are compared.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Returns a text in lower case and NFC, the form in which passwords and words are compared.
pub(super) fn folded(text: &str) -> Zeroizing<String> {
    // Enough room, so that no copy is left behind by growing.
    let mut folded = Zeroizing::new(String::with_capacity(text.len() * 4));
    folded.extend(text.chars().flat_map(char::to_lowercase).nfc());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_the_form_of_accents_do_not_matter() {
        assert_eq!(&**folded("PASSWORD"), "password");
        assert_eq!(folded("CAFE\u{301}"), folded("caf\u{e9}"));
        // At the end of a word, too.
        assert_eq!(folded("\u{3a3}\u{3a3}"), folded("\u{3c3}\u{3c3}"));
    }
}
