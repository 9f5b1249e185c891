//! Settings from environment variables.

use std::ffi::OsString;

use super::{
    keys::{KEYS, Key, PREFIX, did_you_mean},
    kind,
    place::Place,
    service_links,
    sources::Settings,
};

impl Settings {
    /// Reads the variables whose names begin with our prefix. An empty variable counts as not set: compose files make
    /// one from `${VARIABLE:-}`.
    pub(crate) fn read_environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        // The system returns them in any order. The mistakes should have a fixed one.
        let mut variables: Vec<_> = variables.collect();
        variables.sort();
        for (name, value) in variables {
            let name = name.to_string_lossy().into_owned();
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            if let Some(key) = KEYS.iter().find(|key| key.variable() == name) {
                self.read_variable(key, name, &value);
            } else if let Some(key) = KEYS.iter().find(|key| key.file_variable().as_deref() == Some(&*name)) {
                if !value.is_empty() {
                    self.set_file(key, value.into(), Place::Variable(name));
                }
            } else if !service_links::is_one(rest, &value.to_string_lossy()) {
                self.refuse_variable(&name);
            }
        }
    }

    fn read_variable(&mut self, key: &'static Key, name: String, value: &OsString) {
        if value.is_empty() {
            return;
        }
        match value.to_str().and_then(|value| kind::read(key.kind, value)) {
            Some(value) => self.set(key, value, Place::Variable(name)),
            None => {
                let expected = kind::expected_outside(key.kind);
                self.mistakes.unread(&Place::Variable(name), &key.name, expected);
            }
        }
    }

    fn refuse_variable(&mut self, name: &str) {
        let mut names: Vec<(String, &str)> = Vec::new();
        for key in &*KEYS {
            names.push((key.variable(), &key.name));
            names.extend(key.file_variable().map(|variable| (variable, &*key.name)));
        }
        // Other programs have a variable for the port. Here the port is a part of `DOORWARD_LISTEN`.
        let meant = if name.ends_with("_PORT") { "DOORWARD_LISTEN" } else { name };
        let like = did_you_mean(meant, names.iter().map(|(variable, _)| variable.as_str()));
        let key = names.iter().find(|(variable, _)| like.0 == Some(variable)).map_or("", |(_, key)| key);
        let text = format!("unknown environment variable {:?}{}", doorward::config::shown(name), like.1);
        self.mistakes.unknown(key, text);
    }
}
