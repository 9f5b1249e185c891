//! The setting `profile`: the further fields that registration asks for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::text::plain;

/// The languages of the pages.
const TAGS: [&str; 5] = ["en", "de", "fr", "es", "zh"];
/// The most fields.
const MOST: usize = 16;
/// The greatest `maximum` of a text, and the one if none is set.
const LONGEST: u64 = 500;
const USUAL: u64 = 200;
/// The greatest number: JavaScript keeps it exact.
const GREATEST: u64 = (1 << 53) - 1;

/// A field that registration asks for beside the address and the password.
///
/// ```
/// use doorward::config::{ProfileField, ProfileKind};
///
/// let company = ProfileField {
///     name: "company".into(),
///     required: true,
///     label: [("en".into(), "Company".into()), ("de".into(), "Firma".into())].into(),
///     ..ProfileField::default()
/// };
/// assert_eq!(company.kind, ProfileKind::Text);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileField {
    /// The name in the object `profile`: a letter from `a` to `z`, then at most 31 of `a` to `z`, `0` to `9` and `_`. It
    /// must not be `role` or `roles`, because users write these fields.
    pub name: String,
    /// The kind of its values. Default: `text`.
    #[serde(rename = "type")]
    pub kind: ProfileKind,
    /// `true` if nobody can register without it. A required `boolean` must be `true`, as for terms that must be accepted.
    /// Default: `false`.
    pub required: bool,
    /// The most characters of a text, 1 to 500, or the greatest number. Default: 200 characters, or 9007199254740991.
    pub maximum: Option<u64>,
    /// The label on the page, by language: `{ en = "Company", de = "Firma" }`. Where a language is missing, the English
    /// label is shown, or else the name.
    pub label: BTreeMap<String, String>,
}

/// The kind of the values of a [`ProfileField`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ProfileKind {
    /// One line of text.
    #[default]
    Text,
    /// A whole number from 0 on.
    Number,
    /// `true` or `false`.
    Boolean,
}

impl ProfileKind {
    /// The name in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

impl ProfileField {
    /// The most characters, or the greatest number.
    pub(crate) fn greatest(&self) -> u64 {
        let usual = if self.kind == ProfileKind::Text { USUAL } else { GREATEST };
        self.maximum.unwrap_or(usual)
    }

    /// Returns the label in a language.
    pub(crate) fn label(&self, tag: &str) -> &str {
        self.label.get(tag).or_else(|| self.label.get("en")).unwrap_or(&self.name)
    }

    fn check(&self) -> Result<(), &'static str> {
        let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let begins = self.name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !begins || self.name.len() > 32 || !self.name.bytes().all(is_of_name) {
            return Err("name: expected a letter from a to z, then at most 31 of a to z, 0 to 9 and _");
        }
        if ["role", "roles"].contains(&&*self.name) {
            return Err(
                "name: expected no role: users write these fields, and the setting roles is for roles",
            );
        }
        let greatest = match self.kind {
            ProfileKind::Text => LONGEST,
            ProfileKind::Number => GREATEST,
            ProfileKind::Boolean if self.maximum.is_some() => {
                return Err("maximum: expected none for a boolean");
            }
            ProfileKind::Boolean => GREATEST,
        };
        if !(1..=greatest).contains(&self.greatest()) {
            return Err(
                "maximum: expected 1 to 500 characters for a text, and 1 to 9007199254740991 for a number",
            );
        }
        let is_label =
            |(tag, text): (&String, &String)| TAGS.contains(&&**tag) && plain::line(text, 200).is_ok();
        if !self.label.iter().all(is_label) {
            return Err(
                "label: expected one line of at most 200 characters for each of en, de, fr, es and zh",
            );
        }
        Ok(())
    }
}

pub(super) fn check(fields: &[ProfileField]) -> Result<(), &'static str> {
    if fields.len() > MOST {
        return Err("expected at most 16 fields");
    }
    for (index, field) in fields.iter().enumerate() {
        field.check()?;
        if fields[..index].iter().any(|other| other.name == field.name) {
            return Err("name: expected each name once");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::language::{LANGUAGES, Language};

    fn field(name: &str) -> ProfileField {
        ProfileField { name: name.into(), ..ProfileField::default() }
    }

    #[test]
    fn fields_that_cannot_work_are_refused() {
        assert_eq!(check(&[field("company"), field("vat_id_2")]), Ok(()));
        for name in ["", "Company", "2nd", "_a", "a-b", "a.b", "role", "roles", &"a".repeat(33)] {
            assert!(check(&[field(name)]).is_err(), "{name:?}");
        }
        assert!(check(&[field("a"), field("b"), field("a")]).is_err());
        let with = |kind, maximum| check(&[ProfileField { kind, maximum: Some(maximum), ..field("a") }]);
        assert!(with(ProfileKind::Text, 500).is_ok() && with(ProfileKind::Number, 501).is_ok());
        assert!(with(ProfileKind::Text, 0).is_err() && with(ProfileKind::Text, 501).is_err());
        assert!(with(ProfileKind::Number, 1 << 53).is_err() && with(ProfileKind::Boolean, 1).is_err());
        for (tag, label) in [("xx", "Company"), ("en", ""), ("en", "a\nb"), ("en", &*"a".repeat(201))] {
            let label = [(tag.into(), label.into())].into();
            assert!(check(&[ProfileField { label, ..field("a") }]).is_err(), "{tag}");
        }
    }

    #[test]
    fn a_label_can_be_in_each_language_of_the_pages() {
        assert_eq!(LANGUAGES.map(Language::tag).map(|tag| TAGS.contains(&tag)), [true; TAGS.len()]);
    }

    #[test]
    fn a_label_is_shown_in_the_language_of_the_page_or_in_english() {
        let labels = [("en".into(), "Company".into()), ("de".into(), "Firma".into())].into();
        let company = ProfileField { label: labels, ..field("company") };
        assert_eq!((company.label("de"), company.label("fr")), ("Firma", "Company"));
        assert_eq!(field("company").label("de"), "company");
    }
}
