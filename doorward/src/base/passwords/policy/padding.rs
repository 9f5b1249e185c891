//! When a word makes up most of a password, the rest being padding.
//!
//! People who are told that `password` is too common type `Password1!`. So a password counts as a word if all that stands
//! before and after it are characters other than letters (digits, punctuation, spaces), and these are few: at most
//! four, or the word is at least 60 % of the whole. A passphrase that only begins or ends with a common word has letters
//! beside it and is not concerned, however short the word.

/// The most characters of padding that change nothing, however short the word is.
const FEW: usize = 4;

/// Whether a word of so many characters makes up most of a password.
pub(super) fn is_most(word: usize, password: usize) -> bool {
    password - word <= FEW || is_share(word, password)
}

/// Whether it is at least 60 %.
pub(super) fn is_share(word: usize, password: usize) -> bool {
    word * 10 >= password * 6
}

/// The most characters that a password may have of which a word of so many makes up most.
pub(super) fn longest(word: usize) -> usize {
    (word + FEW).max(word * 10 / 6)
}

/// Whether this can stand around a word without changing it.
pub(super) fn is_padding(letter: char) -> bool {
    !letter.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_characters_or_four_tenths_are_padding() {
        assert!(is_most(4, 8) && !is_most(4, 9));
        assert!(is_most(12, 20) && !is_most(12, 21));
        for word in 1..100 {
            assert!(is_most(word, longest(word)) && !is_most(word, longest(word) + 1), "{word}");
        }
    }
}
