//! E-mail addresses in the form of mail servers and headers.

use lettre::{Address, message::Mailbox};

use crate::base::email::{Email, trimmed};

/// Returns the address for the envelope and the headers. The part before the `@` stays as it was typed, in quotation
/// marks if its dots need them. The domain is ASCII.
///
/// [`Email`] has refused every character that could end a line, a header or an angle bracket. The check of lettre is
/// skipped, because it refuses most letters beyond ASCII.
pub(super) fn of(email: &Email) -> Address {
    let domain = email.key.rsplit_once('@').map_or("", |(_, domain)| domain);
    Address::new_dangerous(&*email.local(), domain)
}

/// Returns `true` if a server can take this address without SMTPUTF8 (RFC 6531).
pub(super) fn is_ascii(address: &Address) -> bool {
    address.user().is_ascii()
}

/// Reads `mail_from`: an address, or `Name <address>`. The default name is that of the service.
pub(super) fn sender(text: &str, service_name: &str) -> Result<Mailbox, String> {
    let (name, address) = match trimmed(text).strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((name, address)) => (trimmed(name), address),
        None => ("", text),
    };
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let unfit = |letter: char| letter.is_control() || "\"<>\\".contains(letter);
    if name.contains(unfit) || name.chars().count() > 100 {
        return Err("expected a name of at most 100 letters and spaces before the address".into());
    }
    let email = Email::parse(address)?;
    let name = if name.is_empty() { service_name } else { name };
    Ok(Mailbox::new(Some(name.to_owned()), of(&email)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for (text, name, address) in [
            ("a@example.org", "Doorward", "a@example.org"),
            (" Ann@B\u{fc}cher.example ", "Doorward", "Ann@xn--bcher-kva.example"),
            ("Example <a@example.org>", "Example", "a@example.org"),
            ("\"Example, Inc.\" <a@example.org>", "Example, Inc.", "a@example.org"),
            ("B\u{fc}cher GmbH <a@example.org>", "B\u{fc}cher GmbH", "a@example.org"),
            ("<a@example.org>", "Doorward", "a@example.org"),
            ("\u{200b}Example <\u{a0}a@example.org\u{feff}>\u{a0}", "Example", "a@example.org"),
            ("\u{a0}a@example.org\u{200b}", "Doorward", "a@example.org"),
        ] {
            let sender = sender(text, "Doorward").unwrap();
            assert_eq!((sender.name.as_deref(), sender.email.to_string().as_str()), (Some(name), address));
        }
    }

    #[test]
    fn anything_but_one_sender_is_refused() {
        for wrong in [
            "",
            "Example",
            "Example <>",
            "Example <a@example.org",
            "Example <a@example.org>, b@example.org",
            "a@example.org, b@example.org",
            "A <a@example.org> <b@example.org>",
            "Example\r\nBcc: b@example.org <a@example.org>",
            "Example <a@example.org\r\nBcc: b@example.org>",
            "a\"b <a@example.org>",
        ] {
            assert!(sender(wrong, "Doorward").is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn unusual_dots_stand_between_quotation_marks() {
        for typed in ["a..b@docomo.example", "\"a..b\"@docomo.example"] {
            let address = of(&Email::known(typed).unwrap());
            assert_eq!(address.to_string(), "\"a..b\"@docomo.example");
            assert!(is_ascii(&address));
        }
        for typed in ["ann.b@example.org", "\"ann.b\"@example.org"] {
            assert_eq!(of(&Email::known(typed).unwrap()).to_string(), "ann.b@example.org");
        }
    }

    #[test]
    fn only_the_part_before_the_at_may_be_beyond_ascii() {
        let address = of(&Email::parse("Jos\u{e9}@B\u{fc}cher.example").unwrap());
        assert_eq!(address.to_string(), "Jos\u{e9}@xn--bcher-kva.example");
        assert!(!is_ascii(&address));
        assert!(is_ascii(&of(&Email::parse("a@b\u{fc}cher.example").unwrap())));
    }
}
