//! Every key of the configuration: the server's own, and those that the library lists.

use std::sync::LazyLock;

use doorward::{Config, config::ConfigKind};
use toml::Value;

use super::kind;

/// A key of the configuration.
#[derive(Debug)]
pub(super) struct Key {
    /// The name as in the file. A dot separates it from its table.
    pub(super) name: String,
    pub(super) kind: ConfigKind,
    /// `false` for a key of the server itself.
    pub(super) is_of_library: bool,
}

/// The keys of the server itself.
const OWN: [(&str, ConfigKind); 12] = [
    (LISTEN, ConfigKind::Text),
    ("listen_mode", ConfigKind::Text),
    ("listen_group", ConfigKind::Text),
    (DATABASE, ConfigKind::Text),
    ("log", ConfigKind::Text),
    ("log_format", ConfigKind::OneOf(&["auto", "text", "json"])),
    ("log_requests", ConfigKind::Number),
    ("log_refused", ConfigKind::Number),
    ("max_connections", ConfigKind::Number),
    ("attempt_url", ConfigKind::Text),
    ("max_connections_per_peer", ConfigKind::Number),
    ("allowed_hosts", ConfigKind::List),
];

/// The key whose value may also be a list.
const LISTEN: &str = "listen";
/// The key whose value is the URL of the database.
const DATABASE: &str = "database";

/// All keys, in the order in which they are shown.
pub(super) static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let own = OWN.map(|(name, kind)| Key { name: name.into(), kind, is_of_library: false });
    let library = Config::TABLES.iter().flat_map(|(table, keys)| {
        keys.iter().map(move |key| {
            let name = if table.is_empty() { key.name.into() } else { format!("{table}.{}", key.name) };
            Key { name, kind: key.kind, is_of_library: true }
        })
    });
    own.into_iter().chain(library).collect()
});

/// The beginning of the names of our environment variables.
pub(super) const PREFIX: &str = "DOORWARD_";

impl Key {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The environment variable for this key.
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "_").to_uppercase())
    }

    /// Returns `true` if the value is a secret or may hold one.
    fn is_secret(&self) -> bool {
        let of_kind =
            matches!(self.kind, ConfigKind::Secret | ConfigKind::Secrets | ConfigKind::NamedSecrets);
        of_kind || self.name == DATABASE
    }

    /// The key that names a file with the value, for a secret.
    pub(super) fn file_key(&self) -> Option<String> {
        self.is_secret().then(|| format!("{}_file", self.name))
    }

    /// The environment variable that names a file with the value, for a secret.
    pub(super) fn file_variable(&self) -> Option<String> {
        self.is_secret().then(|| format!("{}_FILE", self.variable()))
    }

    /// Returns `true` if a value from the file fits this key.
    pub(super) fn admits(&self, value: &Value) -> bool {
        kind::admits(self.kind, value) || (self.name == LISTEN && kind::admits(ConfigKind::List, value))
    }

    /// Returns the value without its secrets.
    pub(super) fn shown(&self, value: &Value) -> Value {
        match value {
            Value::String(url) if self.name == DATABASE => {
                Value::from(doorward::database::shown_url(url).unwrap_or_else(|_| kind::HIDDEN.into()))
            }
            _ => kind::shown(self.kind, value),
        }
    }
}

/// Returns the name that is most like a misspelt one, and the end of an error that suggests it. Both are empty if no
/// name is like it.
pub(super) fn did_you_mean<'a>(
    name: &str,
    names: impl Iterator<Item = &'a str>,
) -> (Option<&'a str>, String) {
    let likeness = |known: &'a str| (strsim::jaro_winkler(name, known), known);
    let best = names.map(likeness).max_by(|(one, _), (other, _)| one.total_cmp(other));
    match best {
        Some((likeness, best)) if likeness > 0.8 => (Some(best), format!("; did you mean {best:?}?")),
        _ => (None, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_has_its_own_name() {
        let all = || KEYS.iter().map(Key::variable).chain(KEYS.iter().filter_map(Key::file_variable));
        let names: std::collections::HashSet<_> = all().collect();
        assert_eq!(names.len(), all().count());
        let keys = || KEYS.iter().map(|key| key.name.clone()).chain(KEYS.iter().filter_map(Key::file_key));
        assert_eq!(keys().collect::<std::collections::HashSet<_>>().len(), keys().count());
        assert!(names.contains("DOORWARD_PASSWORD_RETIRED_PEPPERS_FILE"));
        assert!(names.contains("DOORWARD_PASSWORD_MEMORY_KIB"));
    }
}
