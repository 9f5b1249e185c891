//! The settings of the library, built from the settings that were read.

use doorward::config::ConfigKind;
use serde::Deserialize as _;
use toml::{Table, Value};

use super::{keys::KEYS, kind, sources::Settings};

/// Builds the settings of the library. A value that it cannot use is noted as a mistake and left out.
pub(super) fn config(settings: &mut Settings) -> doorward::Config {
    let mut all = Table::new();
    for key in KEYS.iter().filter(|key| key.is_of_library) {
        let Some((value, place)) = settings.get(&key.name).cloned() else { continue };
        let mut alone = Table::new();
        nest(&mut alone, &key.name, &value);
        // One key after the other, so that an error names its place.
        if let Err(error) = doorward::Config::deserialize(Value::Table(alone)) {
            // Tables hold no secrets, so the words about the key inside are shown.
            let expected = match key.kind {
                ConfigKind::Tables => error.message().to_owned(),
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
