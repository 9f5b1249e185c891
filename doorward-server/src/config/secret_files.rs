//! Secrets that stand in files of their own, as Docker and Kubernetes mount them: `DOORWARD_SMTP_URL_FILE`, or
//! `smtp_url_file` in the configuration.
//!
//! A file is read only if no later source sets its key.

use std::{fs::File, io::Read as _, path::Path};

use doorward::config::ConfigKind;
use toml::{Table, Value};

use super::{keys::Key, kind, place::Place, sources::Settings};

/// The most bytes of such a file. A device would never end.
const MOST: u64 = 64 * 1024;

impl Settings {
    /// Reads the files that the settings name in place of values.
    pub(super) fn read_secret_files(&mut self) {
        for (name, (path, place)) in std::mem::take(&mut self.files) {
            let Some(key) = Key::named(name).filter(|_| !self.mistakes.is_unread(name)) else { continue };
            // No error repeats the path: it may be the secret itself.
            match text(&path).and_then(|text| value(key.kind, &text)) {
                Ok(value) => self.set(key, value, Place::NamedAt(Box::new(place))),
                Err(error) => self.mistakes.unread(&place, name, error),
            }
        }
    }
}

/// Reads the files that tables name in place of their secrets: `secret_file`.
pub(super) fn fill_tables(value: &mut Value) -> Result<(), String> {
    for table in value.as_array_mut().into_iter().flatten().filter_map(Value::as_table_mut) {
        let Some(path) = table.remove(&format!("{}_file", kind::SECRET)) else { continue };
        if table.contains_key(kind::SECRET) {
            return Err("secret: expected a value or a file, not both".into());
        }
        let path = path.as_str().ok_or("secret_file: expected the path of a file in quotation marks")?;
        table.insert(
            kind::SECRET.into(),
            Value::from(text(Path::new(path)).map_err(|error| format!("secret_file: {error}"))?),
        );
    }
    Ok(())
}

/// Returns the content of the file without one line end after it.
fn text(path: &Path) -> Result<String, String> {
    let unreadable = |error| format!("the file that it names cannot be read: {error}");
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST {
        return Err("the file that it names has more than 64 KiB".into());
    }
    let text = String::from_utf8(bytes).map_err(|_| "the file that it names is not in UTF-8")?;
    let text = text.strip_suffix('\n').map_or(&*text, |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        return Err("the file that it names is empty".into());
    }
    Ok(text.to_owned())
}

/// Reads the content as a value. A list has a line for each text, or commas as in a variable. A table is TOML.
fn value(kind: ConfigKind, text: &str) -> Result<Value, String> {
    let value = match kind {
        ConfigKind::NamedSecrets => text.parse::<Table>().ok().map(Value::Table),
        ConfigKind::Secrets => kind::read(kind, &text.lines().collect::<Vec<_>>().join(",")),
        _ => kind::read(kind, text),
    };
    let value = value.filter(|value| kind::admits(kind, value));
    value.filter(|value| value.as_array().is_none_or(|texts| !texts.is_empty())).ok_or_else(|| match kind {
        ConfigKind::NamedSecrets => "the file that it names: expected lines such as a = \"b\"".into(),
        ConfigKind::Secrets => "the file that it names: expected a text in each line".into(),
        _ => "the file that it names: expected a text".into(),
    })
}
