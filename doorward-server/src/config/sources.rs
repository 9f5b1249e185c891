//! The sources of settings: the file, then the environment, then flags. Each wins over the one before.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt, io,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    keys::{KEYS, Key, PREFIX, most_like},
    kind,
};

/// The file that is read if it exists and no other is named.
const FILE: &str = "doorward.toml";

/// The place where a setting was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    File(PathBuf, usize),
    Variable(String),
    Flag(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// The settings that were found, by the names of their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings(BTreeMap<&'static str, (Value, Place)>);

impl Settings {
    pub(crate) fn get(&self, name: &str) -> Option<&(Value, Place)> {
        self.0.get(name)
    }

    /// The place where a key was set, for the beginning of an error.
    pub(crate) fn place(&self, name: &str) -> String {
        self.get(name).map_or_else(|| "the default".into(), |(_, place)| place.to_string())
    }

    fn set(&mut self, key: &'static Key, value: Value, place: Place) {
        self.0.insert(&key.name, (value, place));
    }

    /// Reads a file: the one that is named, or the usual one if it exists.
    pub(crate) fn read_file(&mut self, named: Option<&Path>) -> Result<()> {
        let path = named.unwrap_or(Path::new(FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => return Ok(()),
            Err(error) => bail!("{}: cannot be read: {error}", path.display()),
        };
        self.read_toml(&text, path)
    }

    fn read_toml(&mut self, text: &str, path: &Path) -> Result<()> {
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let place = |at: usize| Place::File(path.to_owned(), line(at));
        let parsed = DeTable::parse(text).and_then(|spans| Ok((spans, toml::from_str::<Table>(text)?)));
        let (spans, values) = match parsed {
            Ok(parsed) => parsed,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                bail!("{}: {}", place(at), error.message());
            }
        };
        self.read_table("", spans.get_ref(), &values, &place)
    }

    fn read_table(
        &mut self,
        table: &str,
        spans: &DeTable<'_>,
        values: &Table,
        place: &dyn Fn(usize) -> Place,
    ) -> Result<()> {
        // In the order of the file, so that the error is about the first mistake.
        let mut spans: Vec<_> = spans.iter().collect();
        spans.sort_by_key(|(name, _)| name.span().start);
        for (name, span) in spans {
            let place_of_key = place(name.span().start);
            let (name, value) = (format!("{table}{}", name.get_ref()), &values[name.get_ref().as_ref()]);
            if let Some(key) = Key::named(&name) {
                if !key.admits(value) {
                    bail!("{place_of_key}: {name}: {}", kind::expected(key.kind));
                }
                self.set(key, value.clone(), place_of_key);
                continue;
            }
            let inside = format!("{name}.");
            if KEYS.iter().any(|key| key.name.starts_with(&inside)) {
                let (DeValue::Table(spans), Value::Table(values)) = (span.get_ref(), value) else {
                    bail!("{place_of_key}: {name}: expected a table: [{name}]");
                };
                self.read_table(&inside, spans, values, place)?;
                continue;
            }
            let tables = KEYS.iter().filter_map(|key| key.name.rsplit_once('.')).map(|(table, _)| table);
            let names = KEYS.iter().map(|key| key.name.as_str()).chain(tables);
            bail!("{place_of_key}: unknown key {name:?}{}", did_you_mean(most_like(&name, names)));
        }
        Ok(())
    }

    /// Reads the variables whose names begin with our prefix.
    pub(crate) fn read_environment(
        &mut self,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<()> {
        for (name, value) in variables {
            let Some(rest) = name.to_string_lossy().strip_prefix(PREFIX).map(str::to_owned) else { continue };
            let name = name.to_string_lossy().into_owned();
            let Some(key) = KEYS.iter().find(|key| key.variable() == name) else {
                if is_of_kubernetes(&rest) {
                    continue;
                }
                let names: Vec<_> = KEYS.iter().map(Key::variable).collect();
                let like = most_like(&name, names.iter().map(String::as_str));
                bail!("unknown environment variable {name:?}{}", did_you_mean(like));
            };
            let value = value.to_str().and_then(|value| kind::read(key.kind, value));
            let Some(value) = value else { bail!("{name}: {}", kind::expected_outside(key.kind)) };
            self.set(key, value, Place::Variable(name));
        }
        Ok(())
    }

    /// Takes the value of a flag.
    pub(crate) fn read_flag(&mut self, name: &'static str, flag: &'static str, value: &str) -> Result<()> {
        let key = Key::named(name).expect("flags are made for keys that exist");
        let Some(value) = kind::read(key.kind, value) else {
            bail!("{flag}: {}", kind::expected_outside(key.kind))
        };
        self.set(key, value, Place::Flag(flag));
        Ok(())
    }
}

fn did_you_mean(name: Option<&str>) -> String {
    name.map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}

/// Returns `true` for a variable that Kubernetes sets. It describes a service named `doorward` to every pod beside it.
fn is_of_kubernetes(rest: &str) -> bool {
    rest == "PORT" || rest == "SERVICE_HOST" || rest.starts_with("PORT_") || rest.starts_with("SERVICE_PORT")
}
