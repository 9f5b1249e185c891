//! The kinds of values: reading one, checking one, and showing one.
//!
//! No error repeats a value: a value in the wrong place may be a password.

use doorward::config::ConfigKind;
use toml::{Table, Value};

/// Stands for a secret.
pub(super) const HIDDEN: &str = "(hidden)";

/// The member of a table that must not be shown.
pub(super) const SECRET: &str = "secret";

/// The end of an error about a value in the file.
pub(super) fn expected(kind: ConfigKind) -> String {
    match kind {
        ConfigKind::Text | ConfigKind::Secret => "expected a text in quotation marks".into(),
        ConfigKind::Number => "expected a whole number in range".into(),
        ConfigKind::Switch => "expected true or false".into(),
        ConfigKind::Duration => "expected a duration such as \"15m\" or \"24h\"".into(),
        ConfigKind::OneOf(choices) => format!("expected \"{}\"", choices.join("\" or \"")),
        ConfigKind::List | ConfigKind::Secrets => "expected a list of texts such as [\"a\", \"b\"]".into(),
        ConfigKind::Tables => "expected tables, each under its name in [[ ]]".into(),
        ConfigKind::NamedSecrets | ConfigKind::NamedTexts => {
            "expected a table of texts such as { a = \"b\" }".into()
        }
    }
}

/// The same about a variable or flag, which has none of TOML's quotation marks and brackets.
pub(super) fn expected_outside(kind: ConfigKind) -> String {
    match kind {
        ConfigKind::Text | ConfigKind::Secret => "expected a text in UTF-8".into(),
        ConfigKind::List | ConfigKind::Secrets => "expected texts separated by commas".into(),
        ConfigKind::NamedSecrets | ConfigKind::NamedTexts => "can only be set in the file, as a table".into(),
        ConfigKind::Tables => "can only be set in the file, as tables".into(),
        ConfigKind::Number | ConfigKind::Switch | ConfigKind::Duration | ConfigKind::OneOf(_) => {
            expected(kind)
        }
    }
}

/// Returns `true` if a value from the file is of this kind.
pub(super) fn admits(kind: ConfigKind, value: &Value) -> bool {
    match kind {
        ConfigKind::Text | ConfigKind::Secret | ConfigKind::Duration => value.is_str(),
        ConfigKind::OneOf(choices) => value.as_str().is_some_and(|value| choices.contains(&value)),
        ConfigKind::Number => value.is_integer(),
        ConfigKind::Switch => value.is_bool(),
        ConfigKind::List | ConfigKind::Secrets => {
            value.as_array().is_some_and(|values| values.iter().all(Value::is_str))
        }
        ConfigKind::Tables => value.as_array().is_some_and(|values| values.iter().all(Value::is_table)),
        ConfigKind::NamedSecrets | ConfigKind::NamedTexts => {
            value.as_table().is_some_and(|values| values.iter().all(|(_, value)| value.is_str()))
        }
    }
}

/// Reads a value from an environment variable or a flag. Lists are separated by commas.
pub(super) fn read(kind: ConfigKind, text: &str) -> Option<Value> {
    let value = match kind {
        ConfigKind::Text | ConfigKind::Secret | ConfigKind::Duration | ConfigKind::OneOf(_) => {
            Value::from(text)
        }
        ConfigKind::Number => Value::from(text.parse::<i64>().ok()?),
        ConfigKind::Switch => Value::from(text.parse::<bool>().ok()?),
        ConfigKind::List | ConfigKind::Secrets => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Value::Array(parts.map(Value::from).collect())
        }
        ConfigKind::NamedSecrets | ConfigKind::NamedTexts | ConfigKind::Tables => return None,
    };
    admits(kind, &value).then_some(value)
}

/// Returns the value without its secrets.
pub(super) fn shown(kind: ConfigKind, value: &Value) -> Value {
    match (kind, value) {
        (ConfigKind::Secrets, Value::Array(secrets)) => {
            Value::Array(secrets.iter().map(|_| Value::from(HIDDEN)).collect())
        }
        (ConfigKind::NamedSecrets, Value::Table(secrets)) => {
            let hidden = secrets.keys().map(|name| (name.clone(), Value::from(HIDDEN)));
            Value::Table(hidden.collect::<Table>())
        }
        (ConfigKind::Secret | ConfigKind::Secrets | ConfigKind::NamedSecrets, _) => Value::from(HIDDEN),
        (ConfigKind::Tables, Value::Table(members)) => {
            let hidden = |(name, value): (&String, &Value)| match name.as_str() {
                SECRET => (name.clone(), Value::from(HIDDEN)),
                _ => (name.clone(), value.clone()),
            };
            Value::Table(members.iter().map(hidden).collect())
        }
        (_, Value::String(text)) => Value::from(doorward::config::shown(text)),
        (_, Value::Array(values)) => Value::Array(values.iter().map(|value| shown(kind, value)).collect()),
        _ => value.clone(),
    }
}
