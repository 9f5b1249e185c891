//! Settings from a file.

use std::{
    io,
    path::{Path, PathBuf},
};

use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    keys::{KEYS, Key, did_you_mean},
    kind,
    place::Place,
    sources::Settings,
    toml_words,
};

/// The file that is read if it exists and no other is named.
const FILE: &str = "doorward.toml";

/// A table that is being read, with the beginning of the names of its keys.
struct Inside<'a> {
    table: &'a str,
    spans: &'a DeTable<'a>,
    values: &'a Table,
}

impl Settings {
    /// Reads a file: the one that is named, or the usual one if it exists.
    pub(crate) fn read_file(&mut self, named: Option<&Path>) {
        let path = named.unwrap_or(Path::new(FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => self.read_toml(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {}
            Err(error) => {
                self.mistakes.unread_file(None, format!("{}: cannot be read: {error}", path.display()));
            }
        }
    }

    fn read_toml(&mut self, text: &str, path: &Path) {
        let place = |at: usize| Place::File(path.to_owned(), text[..at].matches('\n').count() + 1);
        let (spans, mut errors) = DeTable::parse_recoverable(text);
        let values = toml::from_str::<Table>(text);
        if let (true, Err(error)) = (errors.is_empty(), &values) {
            errors.push(error.clone());
        }
        let mut told = None;
        for error in &errors {
            let at = error.span().map_or(0, |span| toml_words::beginning(text, &span));
            let column = text[..at].chars().rev().take_while(|letter| *letter != '\n').count() + 1;
            let place = place(at);
            // A second error in a line mostly follows from the first.
            if told.as_ref() != Some(&place) {
                let text = format!("column {column}: {}", toml_words::plain(error.message()));
                self.mistakes.unread_file(Some(place.clone()), text);
            }
            told = Some(place);
        }
        if let (true, Ok(values)) = (errors.is_empty(), values) {
            let whole = Inside { table: "", spans: spans.get_ref(), values: &values };
            self.read_table(&whole, &place);
        }
    }

    fn read_table(&mut self, inside: &Inside<'_>, place: &dyn Fn(usize) -> Place) {
        // In the order of the file. So if a key has a value and a file, the error names the line of the second.
        let mut spans: Vec<_> = inside.spans.iter().collect();
        spans.sort_by_key(|(name, _)| name.span().start);
        for (name, span) in spans {
            let place_of_key = place(name.span().start);
            let value = &inside.values[name.get_ref().as_ref()];
            let name = format!("{}{}", inside.table, name.get_ref());
            if let Some(key) = Key::named(&name) {
                if key.admits(value) {
                    self.set(key, value.clone(), place_of_key);
                } else {
                    let text = format!("{name}: {}", kind::expected(key.kind));
                    self.mistakes.unread(&place_of_key, &name, text);
                }
            } else if let Some(key) = KEYS.iter().find(|key| key.file_key().as_deref() == Some(&*name)) {
                match value.as_str().filter(|path| !path.is_empty()) {
                    Some(path) => self.set_file(key, PathBuf::from(path), place_of_key),
                    None => {
                        let text = format!("{name}: expected the path of a file in quotation marks");
                        self.mistakes.unread(&place_of_key, &key.name, text);
                    }
                }
            } else if KEYS.iter().any(|key| key.name.starts_with(&format!("{name}."))) {
                self.read_inner_table(&name, span.get_ref(), value, place_of_key, place);
            } else {
                self.refuse_key(&name, &place_of_key);
            }
        }
    }

    fn read_inner_table(
        &mut self,
        name: &str,
        spans: &DeValue<'_>,
        values: &Value,
        place_of_key: Place,
        place: &dyn Fn(usize) -> Place,
    ) {
        match (spans, values) {
            (DeValue::Table(spans), Value::Table(values)) => {
                self.read_table(&Inside { table: &format!("{name}."), spans, values }, place);
            }
            _ => {
                self.mistakes.unread(&place_of_key, name, format!("{name}: expected a table: [{name}]"));
            }
        }
    }

    fn refuse_key(&mut self, name: &str, place: &Place) {
        let tables = KEYS.iter().filter_map(|key| key.name.rsplit_once('.')).map(|(table, _)| table);
        let names = KEYS.iter().map(|key| key.name.as_str()).chain(tables);
        let files: Vec<_> = KEYS.iter().filter_map(Key::file_key).collect();
        let (like, hint) = did_you_mean(name, names.chain(files.iter().map(String::as_str)));
        let key = like.unwrap_or_default();
        let key = if files.iter().any(|file| file == key) { key.trim_end_matches("_file") } else { key };
        self.mistakes.unread(place, key, format!("unknown key {:?}{hint}", doorward::config::shown(name)));
    }
}
