//! Decides when a word makes up most of a password and the rest is padding.
//!
//! Users who are told that `password` is too common type `Password1!`. So a password counts as a word if only
//! characters other than letters (digits, punctuation, spaces) stand before and after it, and these are few. Few are at
//! most four, or the word is at least 60 % of the whole. A common number must be at least 60 %. A passphrase that only
//! begins or ends with a common word has letters beside it and is allowed, however short the word is.

/// The most characters of padding that count as few, however short the word is.
const FEW: usize = 4;

/// Returns `true` if a word of this length makes up most of a password of this length.
pub(super) fn is_most(word: usize, password: usize) -> bool {
    password - word <= FEW || is_share(word, password)
}

/// Returns `true` if a word of this length is at least 60 % of a password of this length.
pub(super) fn is_share(word: usize, password: usize) -> bool {
    word * 10 >= password * 6
}

/// Returns the length of the longest password that a word of this length mostly fills.
pub(super) fn longest(word: usize) -> usize {
    (word + FEW).max(word * 10 / 6)
}

/// Returns `true` for a character that counts as padding.
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
