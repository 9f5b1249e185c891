//! E-mail addresses. All spellings of an address have one canonical key.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The most bytes an address may have (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const MAX: usize = 254;
/// The most bytes before the `@` (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// A well-formed address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email {
    /// As it was typed, without the spaces around it. Mail goes here.
    pub(crate) typed: String,
    /// The canonical form: NFC, lower case, the domain as IDNA ASCII. Dots and plus signs count, because only the
    /// owner of a domain knows their meaning.
    pub(crate) key: String,
}

impl Email {
    /// Reads an address. The error describes the fault.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let typed: String = text.trim_matches([' ', '\t']).nfc().collect();
        if typed.len() > MAX {
            return Err("expected at most 254 bytes");
        }
        let Some((local, domain)) = typed.split_once('@') else {
            return Err("expected an address such as ann@example.org");
        };
        if domain.contains('@') {
            return Err("expected one @");
        }
        // In the domain such letters are harmless: IDNA maps them to the same domain.
        if text.split('@').next().is_some_and(|local| local.chars().any(poses_as_ascii)) {
            return Err("expected no letters that only look like others before the @");
        }
        let local = local_key(local)?;
        let domain = domain_key(domain)?;
        let key = format!("{local}@{domain}");
        if key.len() > MAX {
            return Err("expected at most 254 bytes");
        }
        Ok(Self { typed, key })
    }
}

fn local_key(local: &str) -> Result<String, &'static str> {
    if local.is_empty() || local.len() > MAX_LOCAL {
        return Err("expected 1 to 64 bytes before the @");
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err("expected no dot at the start, at the end or twice in a row before the @");
    }
    if !local.chars().all(is_local) {
        return Err("expected letters, digits and !#$%&'*+-/=?^_`{|}~. before the @");
    }
    Ok(local.to_lowercase().nfc().collect())
}

/// Returns `true` for a letter that NFC and lower case turn into ASCII, such as the Kelvin sign, which becomes `k`.
/// An address with such a letter would get the key of another person's address.
fn poses_as_ascii(letter: char) -> bool {
    !letter.is_ascii()
        && std::iter::once(letter).nfc().flat_map(char::to_lowercase).all(|letter| letter.is_ascii())
}

/// Returns `true` for `atext` of RFC 5322 and the dot, and beyond ASCII (RFC 6531) for visible, assigned characters.
fn is_local(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    }
    !matches!(letter.general_category_group(), GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator)
        && letter.general_category() != GeneralCategory::EnclosingMark
}

fn domain_key(domain: &str) -> Result<String, &'static str> {
    const WRONG: &str = "expected a domain such as example.org after the @";
    let key = idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::STD3).map_err(|_| WRONG)?;
    let labels: Vec<_> = key.split('.').collect();
    let well_formed =
        |label: &&str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    let last_is_number = labels.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if labels.len() < 2 || key.len() > 253 || !labels.iter().all(well_formed) || last_is_number {
        return Err(WRONG);
    }
    Ok(key.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        Email::parse(text).unwrap().key
    }

    #[test]
    fn the_same_address_has_one_key() {
        for same in [
            "ann@example.org",
            "Ann@Example.ORG",
            "  ann@example.org\t",
            "ANN@ｅxample.org",
            "ann@example。org",
        ] {
            assert_eq!(key(same), "ann@example.org", "{same:?}");
        }
        assert_eq!(key("jos\u{e9}@b\u{fc}cher.example"), "jos\u{e9}@xn--bcher-kva.example");
        assert_eq!(key("JOSE\u{301}@BU\u{308}CHER.example"), "jos\u{e9}@xn--bcher-kva.example");
        assert_eq!(key("a@XN--BCHER-KVA.example"), "a@xn--bcher-kva.example");
    }

    #[test]
    fn other_addresses_have_other_keys() {
        for other in ["a.nn@example.org", "ann+x@example.org", "ａnn@example.org", "аnn@example.org"] {
            assert_ne!(key(other), "ann@example.org", "{other:?}");
        }
        // Dotless and dotted i are different letters.
        assert_ne!(key("m\u{131}ke@example.org"), "mike@example.org");
        assert_ne!(key("m\u{130}ke@example.org"), "mike@example.org");
    }

    #[test]
    fn anything_but_one_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}org", "abcdefghi.".repeat(26));
        for wrong in [
            "",
            "@",
            "a",
            "a@",
            "@b.org",
            "a@b",
            "a@b@c.org",
            "a@x.org,b@y.org",
            "a@x.org\nBcc: b@y.org",
            "a@x.org\r\n",
            "\"a\"@x.org",
            "<a@x.org>",
            "a b@x.org",
            "a@x .org",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@x.org.",
            "a@.x.org",
            "a@x..org",
            ".a@x.org",
            "a.@x.org",
            "a..b@x.org",
            "a@-x.org",
            "a@x-.org",
            "a@x_y.org",
            "a@x.org\0",
            "a\0@x.org",
            "a\u{200b}@x.org",
            "a\u{202e}@x.org",
            "a\u{feff}@x.org",
            "a\u{a0}@x.org",
            "a\u{ff20}x.org",
            "a(c)@x.org",
            "mi\u{212a}e@x.org",
            "a;b@x.org",
            "a:b@x.org",
            "a@x.org;b",
            &long,
            &longer,
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong:?} is accepted");
        }
    }

    #[test]
    fn lengths_are_exact() {
        assert!(Email::parse(&format!("{}@example.org", "a".repeat(64))).is_ok());
        let domain = format!("{}.org", ["abcdefghi"; 18].join("."));
        let fits = format!("{}@{domain}", "a".repeat(254 - 1 - domain.len()));
        assert_eq!(fits.len(), 254);
        assert!(fits.split('@').next().unwrap().len() > 64 || Email::parse(&fits).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "\\PC*@\\PC*") {
            if let Ok(email) = Email::parse(&text) {
                proptest::prop_assert_eq!(&Email::parse(&email.key).unwrap().key, &email.key);
            }
        }
    }
}
