//! The configuration in force as TOML: each key with its source, secrets hidden.

use std::fmt::Write as _;

use toml::{Table, Value};

use super::{keys::KEYS, server::ServerConfig};

impl ServerConfig {
    /// The text that `doorward config` prints.
    pub(crate) fn shown(&self) -> String {
        let library = self.for_serving(self.listen).unwrap_or_else(|_| self.for_commands());
        let defaults = Table::try_from(library).unwrap_or_default();
        let mut lines = Vec::new();
        let mut table = "";
        for key in &*KEYS {
            let (inside, name) = key.name.rsplit_once('.').unwrap_or(("", &key.name));
            if inside != table {
                table = inside;
                lines.push((String::new(), String::new()));
                lines.push((format!("[{inside}]"), String::new()));
            }
            let (value, from) = match self.settings.get(&key.name) {
                Some((value, place)) => (Some(value.clone()), place.to_string()),
                None if name == "public_url" => (value_at(&defaults, &key.name), "from listen".into()),
                None => (self.default(name).or_else(|| value_at(&defaults, &key.name)), "default".into()),
            };
            lines.push(match value {
                Some(value) => (format!("{name} = {}", key.shown(&value)), from),
                // TOML has no word for a value that is not set.
                None => (format!("# {name} ="), "not set".into()),
            });
        }
        let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
        let mut shown = String::new();
        for (line, from) in lines {
            let line = if from.is_empty() { line } else { format!("{line:width$}  # {from}") };
            // Writing to a string cannot fail.
            let _ = writeln!(shown, "{line}");
        }
        shown
    }

    /// The default of a key that the library does not know.
    fn default(&self, name: &str) -> Option<Value> {
        Some(match name {
            "listen" => Value::from(self.listen.to_string()),
            "listen_mode" => Value::from(format!("{:o}", self.rights.mode)),
            "database" => Value::from(self.database.clone()),
            "log" => Value::from("info"),
            "log_format" => Value::from("auto"),
            "log_requests" => Value::from(i64::try_from(self.log_requests).ok()?),
            "log_refused" => Value::from(i64::try_from(self.log_refused).ok()?),
            "max_connections" => Value::from(i64::try_from(self.max_connections).ok()?),
            _ => return None,
        })
    }
}

fn value_at(table: &Table, name: &str) -> Option<Value> {
    match name.split_once('.') {
        Some((outer, inner)) => value_at(table.get(outer)?.as_table()?, inner),
        None => table.get(name).cloned(),
    }
}
