//! Collects everything that is wrong with the settings, and prints one line for each mistake.

use std::{collections::BTreeSet, fmt};

use super::place::Place;

/// The mistakes that were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mistakes {
    found: Vec<(Option<Place>, String)>,
    /// The keys whose values could not be read.
    unknown: BTreeSet<String>,
    /// `true` if the file could not be read. Then nobody knows what it sets.
    has_unread_file: bool,
}

impl Mistakes {
    /// Notes that the value of a key could not be read.
    pub(super) fn unread(&mut self, place: &Place, key: &str, text: impl fmt::Display) {
        self.unknown.insert(key.to_owned());
        self.found.push((Some(place.clone()), text.to_string()));
    }

    /// Notes an unknown setting, and the key that it probably means.
    pub(super) fn unknown(&mut self, key: &str, text: String) {
        self.unknown.insert(key.to_owned());
        self.found.push((None, text));
    }

    /// Notes that the file could not be read.
    pub(super) fn unread_file(&mut self, place: Option<Place>, text: impl fmt::Display) {
        self.has_unread_file = true;
        self.found.push((place, text.to_string()));
    }

    /// Notes that a value is wrong, or does not fit the value of another key. Does nothing if one of these values could
    /// not be read. That mistake is already noted, and may be the cause of this one.
    pub(super) fn wrong(&mut self, place: Option<&Place>, keys: &[&str], text: impl fmt::Display) {
        if !self.has_unread_file && !keys.iter().any(|key| self.unknown.contains(*key)) {
            self.found.push((place.map(|place| place.outer().clone()), text.to_string()));
        }
    }

    /// Returns `true` if the value of the key could not be read.
    pub(super) fn is_unread(&self, key: &str) -> bool {
        self.unknown.contains(key)
    }

    /// Returns the mistakes as an error, if there are any.
    pub(super) fn refuse(&self) -> Result<(), Self> {
        if self.found.is_empty() { Ok(()) } else { Err(self.clone()) }
    }

    /// Returns a line for each mistake, in the order of the sources.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut found: Vec<_> = self.found.iter().collect();
        // Mistakes in the same line keep their order.
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let line = |(place, text): &&(Option<Place>, String)| match place {
            Some(place) => format!("{place}: {text}"),
            None => text.clone(),
        };
        found.iter().map(line).collect()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("; "))
    }
}

impl std::error::Error for Mistakes {}
