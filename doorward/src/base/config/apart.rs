//! The names that keep the tables apart from those of other programs in the same database.

use crate::base::{config::settings::Config, db::Apart, open_error::ConfigMistake};

/// The most letters of a schema. Its name is also the end of the name of a channel, and PostgreSQL cuts names after 63.
const SCHEMA: usize = 48;
/// The most letters of a prefix.
const PREFIX: usize = 32;

impl Config {
    /// The names, for the database layer.
    pub(crate) fn apart(&self) -> Apart<'_> {
        Apart { schema: self.schema.as_deref(), table_prefix: self.table_prefix.as_deref() }
    }

    /// Finds names that the databases would not take, or would cut.
    pub(super) fn check_apart(&self, found: &mut Vec<ConfigMistake>) {
        let Apart { schema, table_prefix } = self.apart();
        let mut bad = |keys, most: usize, start, example| {
            let text = format!(
                "expected at most {most} lower-case letters a-z, digits and _, with no digit and no {start} at the \
                 start, such as \"{example}\""
            );
            found.push(ConfigMistake { keys, text });
        };
        if schema.is_some_and(|schema| !is_name(schema, SCHEMA) || schema.starts_with("pg_")) {
            bad(&["schema"], SCHEMA, "pg_", "auth");
        }
        if table_prefix.is_some_and(|prefix| !is_name(prefix, PREFIX) || prefix.starts_with("sqlite_")) {
            bad(&["table_prefix"], PREFIX, "sqlite_", "auth_");
        }
    }
}

/// Returns `true` for a name that needs no quotation marks and no escape.
fn is_name(text: &str, most: usize) -> bool {
    let of_name = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    (1..=most).contains(&text.len())
        && text.bytes().all(of_name)
        && !text.starts_with(|letter: char| letter.is_ascii_digit())
}
