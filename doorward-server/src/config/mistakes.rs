//! What is wrong with the settings: all of it at once, one line for each mistake.

use std::{collections::BTreeSet, fmt};

use super::place::Place;

/// The mistakes that were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mistakes {
    found: Vec<(Option<Place>, String)>,
    /// The keys whose values could not be read.
    unknown: BTreeSet<String>,
    /// `true` if the file could not be read. It may set anything.
    has_unread_file: bool,
}

impl Mistakes {
    /// Notes that the value of a key could not be read.
    pub(super) fn unread(&mut self, place: &Place, key: &str, text: impl fmt::Display) {
        self.unknown.insert(key.to_owned());
        self.found.push((Some(place.clone()), text.to_string()));
    }

    /// Notes a setting that nobody knows, and the key that is probably meant.
    pub(super) fn unknown(&mut self, key: &str, text: String) {
        self.unknown.insert(key.to_owned());
        self.found.push((None, text));
    }

    /// Notes that the file could not be read.
    pub(super) fn unread_file(&mut self, place: Option<Place>, text: impl fmt::Display) {
        self.has_unread_file = true;
        self.found.push((place, text.to_string()));
    }

    /// Notes that a value is wrong, or does not go together with that of another key. Does not if one of these values
    /// could not be read: that mistake was noted, and may be the cause of this one.
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
        // The order within a line stays.
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
