//! One line of text that a person chose for others to read, such as a name.

use unicode_normalization::UnicodeNormalization as _;

/// The characters that change the direction of the text around them.
const BIDI: [char; 12] = [
    '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

/// Why a text is no plain line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing in it can be seen.
    Empty,
    TooLong,
    /// It has a control character, a line break, or a character that changes the direction of the text.
    Control,
}

/// Returns the text in its composed form (NFC), without spaces at its ends. It has 1 to `longest` characters, none of
/// which breaks the line or changes the direction of other texts.
pub(crate) fn line(text: &str, longest: usize) -> Result<String, Fault> {
    let text: String = text.trim_matches(is_unseen).nfc().collect();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.chars().any(is_control) {
        return Err(Fault::Control);
    }
    if text.chars().count() > longest { Err(Fault::TooLong) } else { Ok(text) }
}

fn is_control(letter: char) -> bool {
    // Line and paragraph separators, and the marks of annotations, which some programs take for control characters.
    letter.is_control()
        || BIDI.contains(&letter)
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

/// Returns `true` for spaces, and for characters that are drawn as nothing or as a space. Inside a text some of them join
/// letters; at its ends they mean nothing.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_composed_and_kept() {
        for (text, kept) in [
            ("Ann", "Ann"),
            ("  Ann Example\u{3000}", "Ann Example"),
            ("\u{feff}Ann\u{200b}", "Ann"),
            ("Zoe\u{308}", "Zo\u{eb}"),
            ("\u{1f469}\u{200d}\u{1f4bb}", "\u{1f469}\u{200d}\u{1f4bb}"),
            ("O'Neill <b>", "O'Neill <b>"),
        ] {
            assert_eq!(line(text, 64).as_deref(), Ok(kept), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_could_deceive_is_refused() {
        for text in ["", " ", "\u{200b}\u{2060}", "\u{3164}", "\u{2800}\u{2800}"] {
            assert_eq!(line(text, 64), Err(Fault::Empty), "{text:?}");
        }
        for text in
            ["a\nb", "a\0b", "a\u{7f}b", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", "a\u{2067}b", "\u{200f}a"]
        {
            assert_eq!(line(text, 64), Err(Fault::Control), "{text:?}");
        }
    }

    #[test]
    fn the_length_counts_characters() {
        assert!(line(&"\u{1f98a}".repeat(64), 64).is_ok());
        assert_eq!(line(&"a".repeat(65), 64), Err(Fault::TooLong));
        assert!(line(&format!("{} ", "a".repeat(64)), 64).is_ok());
    }
}
