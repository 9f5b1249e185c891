//! The settings of the library, built from the settings that were read.

use doorward::config::ConfigKind;
use serde::Deserialize as _;
use toml::{Table, Value};

use super::{keys::KEYS, kind, secret_files, sources::Settings};

/// Builds the settings of the library. A value that it cannot use is noted as a mistake and left out.
pub(super) fn config(settings: &mut Settings) -> doorward::Config {
    let mut all = Table::new();
    for key in KEYS.iter().filter(|key| key.is_of_library) {
        let Some((mut value, place)) = settings.get(&key.name).cloned() else { continue };
        if key.kind == ConfigKind::Tables
            && let Err(expected) = secret_files::fill_tables(&mut value)
        {
            settings.mistakes.unread(&place, &key.name, format!("{}: {expected}", key.name));
            continue;
        }
        let mut alone = Table::new();
        nest(&mut alone, &key.name, &value);
        // One key after the other, so that an error names its place.
        if let Err(error) = doorward::Config::deserialize(Value::Table(alone)) {
            // The words about the key inside are shown, unless they could repeat a secret.
            let expected = match key.kind {
                ConfigKind::Tables if !holds_secret(&value) => error.message().to_owned(),
                kind => kind::expected(kind),
            };
            let text = format!("{}: {expected}", key.name);
            settings.mistakes.unread(&place, &key.name, text);
        } else if matches!(key.kind, ConfigKind::Text | ConfigKind::List) && holds_password(&value) {
            // The library's own error about an address would repeat it.
            let text = format!("{}: expected no user or password", key.name);
            settings.mistakes.unread(&place, &key.name, text);
        } else {
            nest(&mut all, &key.name, &value);
        }
    }
    doorward::Config::deserialize(Value::Table(all)).expect("each key was read alone")
}

fn holds_secret(value: &Value) -> bool {
    let is_secret = |table: &Value| table.get(kind::SECRET).is_some_and(|secret| !secret.is_str());
    value.as_array().is_some_and(|tables| tables.iter().any(is_secret))
}

/// Puts a value into the table that its name says.
fn nest(table: &mut Table, name: &str, value: &Value) {
    match name.split_once('.') {
        Some((outer, inner)) => {
            let entry = table.entry(outer).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(table) = entry {
                nest(table, inner, value);
            }
        }
        None => {
            table.insert(name.into(), value.clone());
        }
    }
}

fn holds_password(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("://") && text.contains('@'),
        Value::Array(values) => values.iter().any(holds_password),
        _ => false,
    }
}
