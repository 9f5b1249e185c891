//! Writes an address so that no mail program makes a link of it.
//!
//! Mail programs look for links in the text of a mail, and also in HTML. An attacker can choose the new address of an
//! account, and a part of the address of its reader: `victim+www.evil.example/login@example.org` reaches the victim.
//! With `evil.example` in our letter, one tap would lead to the site of the attacker.
//!
//! So each sign that joins the parts of a link stands between spaces: `ann @ evil . example`. Nothing in it is
//! invisible: people copy what they see, and a screen reader reads it aloud.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Writes any address. Nothing of it becomes a link.
pub(super) fn apart(address: &str) -> String {
    let mut written = String::with_capacity(address.len() + 16);
    for letter in address.chars() {
        if joins(letter) {
            if !written.ends_with(' ') && !written.is_empty() {
                written.push(' ');
            }
            written.push(letter);
            written.push(' ');
        } else {
            written.push(letter);
        }
    }
    written.truncate(written.trim_end().len());
    written
}

/// Writes the address of the reader. Its domain is theirs, so an ordinary address stays as it is. A slash or another
/// rare sign could end the host of a link before it.
pub(super) fn own(address: &str) -> String {
    let ordinary = |letter: char| !joins(letter) || letter == '.';
    match address.rsplit_once('@') {
        Some((local, domain)) if local.chars().chain(domain.chars()).all(ordinary) => address.to_owned(),
        _ => apart(address),
    }
}

/// Returns `true` for a sign that may join the parts of a link. Marks such as accents belong to their letter.
fn joins(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_punctuation() && !"-_+'".contains(letter);
    }
    matches!(
        letter.general_category_group(),
        GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Symbol
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::email::Email;

    #[test]
    fn nothing_of_an_address_becomes_a_link() {
        for (address, written) in [
            ("ann@evil.example", "ann @ evil . example"),
            ("www.evil.example/log-in?a=b#c@x.org", "www . evil . example / log-in ? a = b # c @ x . org"),
            ("a@evil\u{3002}example", "a @ evil \u{3002} example"),
            ("a@evil\u{ff0e}example", "a @ evil \u{ff0e} example"),
            ("jose\u{301}_o'neil+x@b\u{fc}cher.example", "jose\u{301}_o'neil+x @ b\u{fc}cher . example"),
            ("<a href=//evil.example>", "< a href = / / evil . example >"),
        ] {
            assert_eq!(apart(address), written);
        }
    }

    #[test]
    fn an_ordinary_address_of_the_reader_stays_as_it_is() {
        for address in
            ["ann.lee@example.org", "o'neil+shop@b\u{fc}cher.example", "a-b_c@xn--bcher-kva.example"]
        {
            assert_eq!(own(address), address);
        }
        for (address, written) in [
            ("victim+www.evil.example/pay@example.org", "victim+www . evil . example / pay @ example . org"),
            ("www.evil.example?@example.org", "www . evil . example ? @ example . org"),
            ("www.evil.example\u{ff0f}x@example.org", "www . evil . example \u{ff0f} x @ example . org"),
        ] {
            assert_eq!(own(address), written);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_dot_stands_between_two_letters(text in "[a-z.+/_%-]{1,20}@([a-z]{1,8}[.\u{3002}]){1,3}[a-z]{2,6}") {
            let email = Email::parse(&text);
            let shown = apart(&email.map_or(text, |email| email.typed));
            for word in shown.split(' ') {
                proptest::prop_assert!(word.len() <= 3 || !word.contains(['.', '/', '@', '\u{3002}']), "{}", shown);
            }
        }
    }
}
