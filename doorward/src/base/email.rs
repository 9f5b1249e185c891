//! E-mail addresses. All spellings of an address have one canonical key.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

mod letters;

/// The most bytes an address may have (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const MAX: usize = 254;
/// The most bytes before the `@` (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// A well-formed address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email {
    /// As it was typed, without the spaces around it. Mail goes here.
    pub(crate) typed: String,
    /// The canonical form: NFC, folded case (CaseFolding.txt, statuses C and S), no quotation marks, the domain as IDNA
    /// ASCII. Dots and plus signs count, because only the owner of a domain knows their meaning.
    pub(crate) key: String,
    /// The key that older versions used, if it is another one: the address in lower case. An account keeps this key if
    /// another account has the canonical one.
    earlier: Option<String>,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What was expected instead.
    Expected(&'static str),
    /// Dots before the `@` that need quotation marks.
    Dots,
    /// An invisible character or a space inside.
    Invisible(char),
}

impl Fault {
    /// Returns the code point of the invisible character, such as `U+200B`.
    pub(crate) fn found(self) -> Option<String> {
        match self {
            Self::Invisible(found) => Some(format!("U+{:04X}", u32::from(found))),
            Self::Expected(_) | Self::Dots => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Expected(expected) => f.write_str(expected),
            Self::Dots => {
                f.write_str("expected no dot at the start, at the end or twice in a row before the @")
            }
            Self::Invisible(letter) => {
                let kind = if letter.is_whitespace() { "space" } else { "invisible character" };
                let found = self.found().unwrap_or_default();
                write!(f, "expected no {kind} inside the address, and it has {found}")
            }
        }
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        fault.to_string()
    }
}

/// Which addresses are read. Not all that exist can be registered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    /// Those that a person may begin to use.
    New,
    /// Also those with dots that need quotation marks. Japanese mobile carriers gave such addresses out.
    Imported,
    /// Also those that older versions registered.
    Known,
    /// Also those with invisible characters in the domain, which older versions stored as they were typed.
    Stored,
}

impl Email {
    /// Reads an address that a person begins to use. The error describes the fault.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(trimmed(text), Taken::New)
    }

    /// Reads the address of a user of another system. Also takes `a..b@example.org` and `"a..b"@example.org`, which are
    /// one address (RFC 5321, section 4.1.2).
    pub(crate) fn imported(text: &str) -> Result<Self, Fault> {
        Self::read(trimmed(text), Taken::Imported)
    }

    /// Reads the address of an account that may exist, as [`Email::imported`] does. Also takes what older versions
    /// registered and this one refuses. Such an address has only the key that it had then.
    pub(crate) fn known(text: &str) -> Result<Self, Fault> {
        let mut email = Self::read(trimmed(text), Taken::Known)?;
        // Older versions took some invisible letters at the start for a part of the address.
        if let Ok(whole) = Self::of_account(text.trim_matches([' ', '\t']))
            && whole.key != email.key
        {
            email.earlier = Some(whole.keys()[0].to_owned());
        }
        Ok(email)
    }

    /// Reads the stored address of an account. Drops no character: the rest could be the address of another person.
    pub(crate) fn of_account(stored: &str) -> Result<Self, Fault> {
        Self::read(stored, Taken::Stored)
    }

    /// Returns an address that is stored. `key` is the stored key, for an address that no version would read.
    pub(crate) fn stored(typed: String, key: String) -> Self {
        match Self::of_account(&typed) {
            Ok(email) => Self { typed, ..email },
            Err(_) => Self { typed, key, earlier: None },
        }
    }

    /// Returns the two keys that an account with this address may have. The account with the first one comes first.
    pub(crate) fn keys(&self) -> [&str; 2] {
        [self.earlier.as_ref().unwrap_or(&self.key), &self.key]
    }

    /// Returns the part before the `@` as mail servers read it: with quotation marks if its dots need them.
    pub(crate) fn local(&self) -> std::borrow::Cow<'_, str> {
        let local = self.typed.rsplit_once('@').map_or(&*self.typed, |(local, _)| local);
        let local = unquoted(local).unwrap_or(local);
        if needs_quotes(local) { format!("\"{local}\"").into() } else { local.into() }
    }

    fn read(text: &str, taken: Taken) -> Result<Self, Fault> {
        let typed: String = text.nfc().collect();
        if typed.len() > MAX {
            return Err(Fault::Expected("expected at most 254 bytes"));
        }
        let Some((local, domain)) = typed.split_once('@') else {
            return Err(Fault::Expected("expected an address such as ann@example.org"));
        };
        if domain.contains('@') {
            return Err(Fault::Expected("expected one @"));
        }
        if taken < Taken::Stored {
            let joiner = |letter: &char| ['\u{200c}', '\u{200d}'].contains(letter);
            // The text as it was typed: NFC makes another character of some spaces.
            let (local, domain) = text.split_once('@').unwrap_or((text, ""));
            // Older versions took some of these letters before the `@`.
            let local = if taken < Taken::Known { local } else { "" };
            let mut letters = local.chars().chain(domain.chars().filter(|letter| !joiner(letter)));
            if let Some(found) = letters.find(|letter| letters::is_invisible(*letter)) {
                return Err(Fault::Invisible(found));
            }
        }
        // In the domain such letters are harmless: IDNA maps them to the same domain.
        let posing = |poses: fn(char) -> bool| text.chars().take_while(|letter| *letter != '@').any(poses);
        let poses = posing(letters::poses_as_ascii);
        if posing(letters::is_ascii_in_lower_case) || (poses && taken < Taken::Known) {
            return Err(Fault::Expected("expected no letters that only look like others before the @"));
        }
        let local = bare(local, taken)?;
        let domain = domain_key(domain)?;
        let lower: String = local.to_lowercase().nfc().collect();
        // Folded, an address with such letters would be another person's.
        let folded = if poses { lower.clone() } else { letters::folded(local) };
        let earlier = (lower != folded).then(|| format!("{lower}@{domain}"));
        let key = format!("{folded}@{domain}");
        if key.len() > MAX {
            return Err(Fault::Expected("expected at most 254 bytes"));
        }
        Ok(Self { typed, key, earlier })
    }
}

/// Returns a text without the spaces and the invisible characters at its ends. CR and LF stay: no address has one.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| {
        letters::is_invisible(letter) && (['\t', '\u{85}'].contains(&letter) || !letter.is_control())
    })
}

/// Returns the text between the quotation marks around the part before the `@`, if there are any.
fn unquoted(local: &str) -> Option<&str> {
    local.strip_prefix('"')?.strip_suffix('"')
}

/// Returns `true` if the part before the `@` needs quotation marks, and has none. A `Dot-string` has an `Atom` on both
/// sides of each dot (RFC 5321, section 4.1.2).
fn needs_quotes(local: &str) -> bool {
    local.starts_with('.') || local.ends_with('.') || local.contains("..")
}

/// Returns the part before the `@` without quotation marks. Fails if it is not well-formed.
fn bare(local: &str, taken: Taken) -> Result<&str, Fault> {
    const LENGTH: Fault = Fault::Expected("expected 1 to 64 bytes before the @");
    let quoted = unquoted(local);
    if quoted.is_some() && taken == Taken::New {
        return Err(Fault::Expected("expected no quotation marks before the @"));
    }
    let bare = quoted.unwrap_or(local);
    let marks = if needs_quotes(bare) { 2 } else { 0 };
    if bare.is_empty() || bare.len() + marks > MAX_LOCAL {
        return Err(LENGTH);
    }
    if marks > 0 && taken == Taken::New {
        return Err(Fault::Dots);
    }
    match bare.chars().find(|letter| !letters::is_local(*letter)) {
        None => Ok(bare),
        Some(found) if letters::is_invisible(found) => Err(Fault::Invisible(found)),
        Some(_) => Err(Fault::Expected("expected letters, digits and !#$%&'*+-/=?^_`{|}~. before the @")),
    }
}

fn domain_key(domain: &str) -> Result<String, Fault> {
    const WRONG: Fault = Fault::Expected("expected a domain such as example.org after the @");
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
mod tests;
