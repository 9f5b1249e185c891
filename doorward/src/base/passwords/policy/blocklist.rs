//! Refuses common passwords: those in `assets/blocklist/`, compared exactly, alone or with padding around them.

use std::{io::Read as _, sync::LazyLock};

use flate2::read::GzDecoder;

use crate::base::passwords::policy::padding;

static BLOCKLIST: LazyLock<Blocklist> = LazyLock::new(|| {
    let mut words = Vec::new();
    GzDecoder::new(&include_bytes!("../../../../assets/blocklist/words.gz")[..])
        .read_to_end(&mut words)
        .expect("the list was compressed whole");
    Blocklist::new(words)
});

/// Unpacks the list, so that no request has to wait for it later.
pub(super) fn unpack() {
    LazyLock::force(&BLOCKLIST);
}

/// Returns `true` if a common password makes up the whole password, or all of it besides padding such as `123!`
/// (`padding.rs`). `password` is already folded (`fold.rs`).
pub(super) fn is_common(password: &str) -> bool {
    BLOCKLIST.is_common(password)
}

struct Blocklist {
    /// One word per line, sorted by bytes.
    words: Vec<u8>,
    /// The number of characters of the longest word.
    longest: usize,
}

impl Blocklist {
    fn new(words: Vec<u8>) -> Self {
        let characters = |word: &[u8]| String::from_utf8_lossy(word).chars().count();
        let longest = words.split(|byte| *byte == b'\n').map(characters).max().unwrap_or(0);
        Self { words, longest }
    }

    fn is_common(&self, password: &str) -> bool {
        let length = password.chars().count();
        if length > padding::longest(self.longest) {
            return false;
        }
        // A word may begin where only padding stands before it, and end where only padding stands after it.
        let starts = ends_of_padding(password.chars()).collect::<Vec<_>>();
        let ends = ends_of_padding(password.chars().rev()).collect::<Vec<_>>();
        starts.iter().enumerate().any(|(before, start)| {
            ends.iter().enumerate().any(|(after, from_end)| {
                let end = password.len() - from_end;
                if *start >= end {
                    return false;
                }
                let (word, characters) = (&password[*start..end], length - before - after);
                // Half of all numbers contain a common one of four digits, but are not common for that.
                let is_most = if word.chars().any(char::is_alphabetic) {
                    padding::is_most(characters, length)
                } else {
                    padding::is_share(characters, length)
                };
                is_most && self.contains(word)
            })
        })
    }

    /// Searches the lines by bisection.
    fn contains(&self, word: &str) -> bool {
        let (mut low, mut high) = (0, self.words.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = self.words[low..middle]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(low, |at| low + at + 1);
            let end =
                self.words[start..].iter().position(|byte| *byte == b'\n').map_or(high, |at| start + at);
            match self.words[start..end].cmp(word.as_bytes()) {
                std::cmp::Ordering::Less => low = end + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        false
    }
}

/// Yields the length in bytes of the first 0, 1, 2, … characters, as long as these are padding.
fn ends_of_padding(letters: impl Iterator<Item = char>) -> impl Iterator<Item = usize> {
    let padding = letters.take_while(|letter| padding::is_padding(*letter));
    std::iter::once(0).chain(padding.scan(0, |bytes, letter| {
        *bytes += letter.len_utf8();
        Some(*bytes)
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn words() -> Vec<&'static str> {
        std::str::from_utf8(&BLOCKLIST.words).unwrap().lines().collect()
    }

    #[test]
    fn each_word_is_found_and_no_other() {
        let words = words();
        assert!(words.len() >= 20_000);
        assert!(words.is_sorted());
        assert_eq!(BLOCKLIST.words.last(), Some(&b'\n'));
        let set: HashSet<_> = words.iter().copied().collect();
        assert_eq!(set.len(), words.len());
        for word in words {
            assert!(BLOCKLIST.contains(word), "{word}");
            let (shorter, longer) =
                (&word[..word.len() - word.chars().last().unwrap().len_utf8()], format!("{word}q"));
            assert_eq!(BLOCKLIST.contains(shorter), set.contains(shorter), "{shorter}");
            assert_eq!(BLOCKLIST.contains(&longer), set.contains(&*longer), "{longer}");
        }
        for other in ["", "\n", "password\nqwerty", "0", "zzzzzzzzzzzzz", "\u{ffff}"] {
            assert!(!BLOCKLIST.contains(other), "{other:?}");
        }
    }

    #[test]
    fn every_word_is_folded() {
        for word in words() {
            assert_eq!(&**super::super::fold::folded(word), word);
        }
    }

    #[test]
    fn padding_makes_a_common_password_no_better() {
        for padded in [
            "password",
            "password1!",
            "password123",
            "password12345",
            "!!password!!",
            "  password  ",
            "2024password",
            "dragon123!",
            "love1234",
            "abc123!!",
            "abc12345",
            "iloveyou\u{1f600}",
            "1234567890!",
            "12345678!!",
            "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c}2024",
        ] {
            assert!(is_common(padded), "{padded}");
        }
    }

    #[test]
    fn a_common_word_within_a_good_password_is_allowed() {
        for good in [
            "correct horse battery",
            "password of my aunt",
            "my password is long",
            "dragon 83 x",
            "love-58204-17",
            "aaaaaaaaaaaaaaaaab",
            "48210937562841",
            "83649201",
            "\u{1f600}\u{1f601}\u{1f602}\u{1f603}\u{1f604}\u{1f605}\u{1f606}\u{1f607}",
            "                    x  ",
        ] {
            assert!(!is_common(good), "{good}");
        }
    }

    #[test]
    fn a_password_of_any_length_is_checked() {
        for length in 0..=256 {
            for letter in ["a", "7", " ", "\u{1f600}", "\u{e9}"] {
                is_common(&letter.repeat(length));
            }
        }
        assert!(!is_common(&"7".repeat(256)));
    }
}
