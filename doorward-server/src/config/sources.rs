//! The settings from all sources: the file, then the environment, then flags. Each wins over the one before.

use std::{collections::BTreeMap, path::PathBuf};

use toml::Value;

use super::{keys::Key, kind, mistakes::Mistakes, place::Place};

/// The settings that were found, by the names of their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    values: BTreeMap<&'static str, (Value, Place)>,
    /// The files that have values, and the places where they were named.
    pub(super) files: BTreeMap<&'static str, (PathBuf, Place)>,
    pub(super) mistakes: Mistakes,
}

impl Settings {
    pub(crate) fn get(&self, name: &str) -> Option<&(Value, Place)> {
        self.values.get(name)
    }

    /// The place where a key was set.
    pub(crate) fn place(&self, name: &str) -> Option<&Place> {
        self.get(name).map(|(_, place)| place)
    }

    pub(super) fn set(&mut self, key: &'static Key, value: Value, place: Place) {
        if let Some((_, other)) = self.files.remove(&*key.name) {
            self.refuse_both(key, &place, &other);
        }
        self.values.insert(&key.name, (value, place));
    }

    /// Sets a key to the content of a file.
    pub(super) fn set_file(&mut self, key: &'static Key, path: PathBuf, place: Place) {
        if let Some((_, other)) = self.values.remove(&*key.name) {
            self.refuse_both(key, &place, &other);
        }
        self.files.insert(&key.name, (path, place));
    }

    /// Refuses a value and a file for one key from the same source: it is not clear which one is meant.
    fn refuse_both(&mut self, key: &'static Key, place: &Place, other: &Place) {
        if place.is_of_same_source(other) {
            let text = format!("{}: also set by {other}: expected a value or a file, not both", key.name);
            self.mistakes.unread(place, &key.name, text);
        }
    }

    /// Returns the value that was read for a key, or notes the mistake and returns the default.
    pub(super) fn or_default<T>(&mut self, name: &str, read: Result<T, &'static str>, default: T) -> T {
        read.unwrap_or_else(|expected| {
            let place = self.place(name).cloned();
            self.mistakes.wrong(place.as_ref(), &[name], format!("{name}: {expected}"));
            default
        })
    }

    /// Takes the value of a flag.
    pub(crate) fn read_flag(&mut self, name: &'static str, flag: &'static str, value: &str) {
        let key = Key::named(name).expect("flags are made for keys that exist");
        match kind::read(key.kind, value) {
            Some(value) => self.set(key, value, Place::Flag(flag)),
            None => {
                self.mistakes.unread(&Place::Flag(flag), name, kind::expected_outside(key.kind));
            }
        }
    }
}
