//! The words that an attacker tries first on an account: the parts of its e-mail address and the name of the service.

use crate::base::passwords::policy::{fault::Fault, fold::folded, padding};

/// A shorter word is in passwords by chance.
const SHORTEST: usize = 3;

/// The words of one account, folded as passwords are for comparing.
pub(super) struct Words {
    email: Vec<String>,
    service: Vec<String>,
}

/// Returns the words of an e-mail address and of the name of the service.
pub(super) fn words(email: &str, service_name: &str) -> Words {
    let email = folded(email);
    let mut of_email = parts(&email);
    if let Some((local, domain)) = email.split_once('@') {
        of_email.extend([local.to_owned(), domain.to_owned()]);
    }
    Words { email: of_email, service: parts(&folded(service_name)) }
}

/// Returns the text itself and the parts between its dots, dashes and spaces, with and without digits.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![text];
    parts.extend(text.split(|letter: char| !letter.is_alphanumeric()));
    parts.extend(text.split(|letter: char| !letter.is_alphabetic()));
    parts.retain(|part| part.chars().count() >= SHORTEST);
    parts.sort_unstable();
    parts.dedup();
    parts.into_iter().map(str::to_owned).collect()
}

impl Words {
    /// Returns a fault if these words make up a folded password, apart from padding (see `padding.rs`).
    pub(super) fn make_up(&self, password: &str) -> Option<Fault> {
        let length = password.chars().count();
        let made_of =
            |words: &[&str]| covered(password, words).is_some_and(|most| padding::is_most(most, length));
        let email: Vec<_> = self.email.iter().map(String::as_str).collect();
        if made_of(&email) {
            return Some(Fault::MadeOfEmail);
        }
        made_of(&self.all()).then_some(Fault::MadeOfServiceName)
    }

    /// Returns all words.
    pub(super) fn all(&self) -> Vec<&str> {
        self.email.iter().chain(&self.service).map(String::as_str).collect()
    }
}

/// Returns how many characters of a password words can cover at most, if only padding is beside them.
fn covered(password: &str, words: &[&str]) -> Option<usize> {
    // For each start of a character: the most characters covered up to there, if words and padding reach it.
    let mut most = vec![None; password.len() + 1];
    most[0] = Some(0);
    for (at, letter) in password.char_indices() {
        let Some(before) = most[at] else { continue };
        let mut reach = |end: usize, covered: usize| most[end] = most[end].max(Some(covered));
        if padding::is_padding(letter) {
            reach(at + letter.len_utf8(), before);
        }
        for word in words.iter().filter(|word| password[at..].starts_with(**word)) {
            reach(at + word.len(), before + word.chars().count());
        }
    }
    most[password.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<Fault> {
        words("Ann.Smith85@acme.example", "Blue Door").make_up(&folded(password))
    }

    #[test]
    fn a_password_made_of_the_address_is_refused() {
        for password in [
            "ann.smith85",
            "Ann.Smith85@acme.example",
            "annsmith85",
            "AnnSmith!",
            "smith2024",
            "Smith-Ann-Acme",
            "acme.example",
            "85annsmith",
            "smithsmith",
        ] {
            assert_eq!(fault(password), Some(Fault::MadeOfEmail), "{password}");
        }
        let short = words("a.b.c@x.org", "");
        assert!(short.make_up("a.b.c123").is_some());
        assert!(short.make_up("a.b.c@x.org").is_some());
    }

    #[test]
    fn a_password_made_of_the_name_of_the_service_is_refused() {
        for password in ["bluedoor", "Blue Door 1", "DOOR2024", "blue-door-ann"] {
            assert_eq!(fault(password), Some(Fault::MadeOfServiceName), "{password}");
        }
    }

    #[test]
    fn a_word_among_others_is_allowed() {
        for password in
            ["smith and wesson", "annual results", "doorbells ring", "ann83kd", "ann-58204-17", "85858585"]
        {
            assert_eq!(fault(password), None, "{password}");
        }
        // Words that are too short to mean anything.
        assert_eq!(words("a@b.co", "X").make_up("aaaaabbb"), None);
        assert_eq!(words("a@b.co", "").make_up("whatever"), None);
    }
}
