//! How the original systems treat a text before they hash it, and so which texts are tried for one password.
//!
//! - `WordPress` puts a backslash before each quote, backslash and NUL of a form (`wp_magic_quotes`), and trims
//!   (`wp_authenticate`, `wp_hash_password`). Its command line and plugins hash the text without backslashes.
//! - phpBB trims and escapes for HTML (`type_cast_helper::set_var`, before 3.1 `request_var`).
//! - Drupal trims (`user_hash_password(trim(…))` in 7, `PasswordItem::preSave` since 8).
//! - better-auth and Lucia bring a text to NFKC.
//!
//! Such a system accepts several texts for one password. The hash does not tell which of them its owner chose, so it is
//! never replaced by a hash of one of them.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The most texts that are tried for one password.
const MOST: usize = 4;
/// phpass, `WordPress` and phpBB refuse longer texts.
const PHP_BYTES: usize = 4096;

/// What a system does to a text before it hashes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// Nothing.
    Exact,
    /// Drupal.
    Trimmed,
    WordPress,
    PhpBb,
    /// phpass of an unknown application, `WordPress` or phpBB for example.
    Php,
    /// better-auth and Lucia.
    Nfkc,
}

type Text = Zeroizing<String>;

impl Treatment {
    const ALL: [Treatment; 6] = [
        Treatment::Exact,
        Treatment::Trimmed,
        Treatment::WordPress,
        Treatment::PhpBb,
        Treatment::Php,
        Treatment::Nfkc,
    ];

    /// Returns the texts that are tried, in this order. `spellings` are the forms in which the password may have been
    /// typed, the likeliest first.
    pub(crate) fn texts(self, spellings: &[&str]) -> Vec<Text> {
        let ways: &[fn(&str) -> Text] = match self {
            Treatment::Exact => &[as_typed],
            Treatment::Trimmed => &[as_typed, trimmed],
            Treatment::WordPress => &[as_typed, trimmed, slashed],
            Treatment::PhpBb => &[as_typed, trimmed, escaped],
            Treatment::Php => &[as_typed, trimmed, slashed, escaped],
            Treatment::Nfkc => &[nfkc],
        };
        let mut texts: Vec<Text> = Vec::with_capacity(MOST);
        for spelling in spellings {
            for way in ways {
                let text = way(spelling);
                let possible = text.len() <= PHP_BYTES || self == Treatment::Nfkc;
                if texts.len() < MOST && possible && !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        texts
    }
}

/// Returns the most texts that are tried for a password with these spellings, whatever the form of the stored hash.
///
/// It depends on the spellings alone, so a caller may wait for that long without revealing anything about an account.
#[must_use]
pub fn most_tries(spellings: &[&str]) -> usize {
    Treatment::ALL.iter().map(|treatment| treatment.texts(spellings).len()).max().unwrap_or_default()
}

fn as_typed(text: &str) -> Text {
    Zeroizing::new(text.to_owned())
}

/// PHP's `trim`.
fn trimmed(text: &str) -> Text {
    Zeroizing::new(text.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']).to_owned())
}

/// PHP's `addslashes`, then `trim`: the order of `WordPress`.
fn slashed(text: &str) -> Text {
    trimmed(&replaced(text, |character| match character {
        '\'' => Some("\\'"),
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\0' => Some("\\0"),
        _ => None,
    }))
}

/// phpBB's `set_var`: line ends, `trim`, `htmlspecialchars` with `ENT_COMPAT`.
fn escaped(text: &str) -> Text {
    let lines = Zeroizing::new(text.replace("\r\n", "\n"));
    let lines = replaced(&lines, |character| match character {
        '\r' => Some("\n"),
        '\0' => Some(""),
        _ => None,
    });
    replaced(&trimmed(&lines), |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        _ => None,
    })
}

fn nfkc(text: &str) -> Text {
    // A text that outgrows its memory would leave a copy behind. One code point becomes 33 bytes at most.
    let mut normal = Zeroizing::new(String::with_capacity(text.chars().count() * 33));
    normal.extend(text.nfkc());
    normal
}

/// Replaces characters.
fn replaced(text: &str, by: impl Fn(char) -> Option<&'static str>) -> Text {
    // No replacement is longer than six bytes.
    let mut out = Zeroizing::new(String::with_capacity(text.len() * 6));
    for character in text.chars() {
        match by(character) {
            Some(other) => out.push_str(other),
            None => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(treatment: Treatment, spellings: &[&str]) -> Vec<String> {
        treatment.texts(spellings).iter().map(|text| text.to_string()).collect()
    }

    #[test]
    fn each_system_treats_a_text_in_its_own_way() {
        let typed = " \t<it's & \"\\\"> \0\x0b\r\n";
        assert_eq!(texts(Treatment::Exact, &[typed]), [typed]);
        assert_eq!(texts(Treatment::Trimmed, &[typed]), [typed, "<it's & \"\\\">"]);
        // A NUL becomes a backslash and a zero, which are not trimmed.
        assert_eq!(texts(Treatment::WordPress, &[typed])[2], "<it\\'s & \\\"\\\\\\\"> \\0");
        assert_eq!(texts(Treatment::PhpBb, &[typed])[2], "&lt;it's &amp; &quot;\\&quot;&gt;");
        assert_eq!(texts(Treatment::Nfkc, &["\u{fb01}\u{a0}e\u{301}"]), ["fi \u{e9}"]);
    }

    #[test]
    fn a_text_is_tried_once_and_at_most_four_are() {
        for treatment in Treatment::ALL {
            assert_eq!(texts(treatment, &["plain", "plain"]), ["plain"], "{treatment:?}");
            assert!(texts(treatment, &[" \"a\" ", " \"b\" ", " \"c\" "]).len() <= MOST, "{treatment:?}");
        }
        assert_eq!(most_tries(&["plain"]), 1);
        assert_eq!(most_tries(&["it's"]), 2);
        assert_eq!(most_tries(&["\u{e9}", "e\u{301}"]), 2);
        assert_eq!(most_tries(&[" \"a\" ", "b"]), MOST);
        assert_eq!(most_tries(&[]), 0);
    }

    #[test]
    fn a_text_that_php_would_refuse_is_not_tried() {
        assert_eq!(texts(Treatment::PhpBb, &[&"\"".repeat(1000)]).len(), 1);
        assert_eq!(texts(Treatment::PhpBb, &[&"\"".repeat(682)]).len(), 2);
    }
}
