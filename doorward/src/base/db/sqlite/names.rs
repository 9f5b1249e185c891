//! Gives the tables of a file a prefix, so that the tables of other programs in the same file may have the names without it.
//!
//! The statements of the sources have the names without the prefix. Before SQLite prepares a statement, [`Names::written`]
//! writes the prefix before each name of a table, and of an index that is created. A column may be called like a table:
//! a word is the name of a table only where SQL expects one.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use crate::base::db::migrate::{LEDGER, MIGRATIONS};

/// The words after which SQL expects the name of a table.
const BEFORE_TABLE: [&str; 8] = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "REFERENCES", "ON", "EXISTS"];

/// The names of the tables in a file.
#[derive(Clone, Default)]
pub(super) struct Names(Option<Arc<Prefixed>>);

struct Prefixed {
    prefix: String,
    tables: BTreeSet<&'static str>,
}

impl Names {
    pub(super) fn new(prefix: Option<&str>) -> Self {
        Self(
            prefix.map(|prefix| Arc::new(Prefixed { prefix: prefix.to_owned(), tables: tables().collect() })),
        )
    }

    /// Returns `true` if the statements run as they stand in the sources.
    pub(super) fn are_plain(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the statement with the names that the tables have in this file.
    pub(super) fn written<'a>(&self, sql: &'a str) -> Cow<'a, str> {
        let Some(Prefixed { prefix, tables }) = self.0.as_deref() else { return Cow::Borrowed(sql) };
        let mut written = String::with_capacity(sql.len() + 4 * prefix.len());
        let mut before = "";
        let mut rest = sql;
        while let Some(part) = part(rest) {
            rest = &rest[part.len()..];
            let expected = BEFORE_TABLE.contains(&before) || rest.starts_with('.');
            let is_new_index = before == "INDEX" && part.starts_with(is_of_word);
            if is_new_index || (expected && tables.contains(part)) {
                written.push_str(prefix);
            }
            written.push_str(part);
            if !part.trim().is_empty() && !part.starts_with("--") && !part.starts_with("/*") {
                before = part;
            }
        }
        Cow::Owned(written)
    }
}

/// The names of all tables, also of those that a later migration deletes.
fn tables() -> impl Iterator<Item = &'static str> {
    let texts = MIGRATIONS.iter().map(|migration| migration.text).chain([LEDGER]);
    texts.flat_map(|text| text.split("CREATE TABLE ").skip(1)).filter_map(|rest| {
        rest.trim_start_matches("IF NOT EXISTS ")
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next()
    })
}

/// Returns the part that `sql` begins with: a word, white space, a comment, a text in quotation marks, or one other
/// character. Returns `None` at the end.
fn part(sql: &str) -> Option<&str> {
    let first = sql.chars().next()?;
    let end = |end: &str, from: usize| sql[from..].find(end).map_or(sql.len(), |at| from + at + end.len());
    let while_is = |is: fn(char) -> bool| sql.find(|letter| !is(letter)).unwrap_or(sql.len());
    let length = match first {
        _ if is_of_word(first) => while_is(is_of_word),
        _ if first.is_whitespace() => while_is(char::is_whitespace),
        '\'' => end("'", 1),
        '-' if sql.starts_with("--") => end("\n", 0),
        '/' if sql.starts_with("/*") => end("*/", 0),
        _ => first.len_utf8(),
    };
    Some(&sql[..length])
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_tables_are_read_from_the_migrations() {
        let names: Vec<_> = tables().collect();
        assert!(
            names.contains(&"users")
                && names.contains(&"node_changes")
                && names.contains(&"doorward_migrations")
        );
        assert!(!names.contains(&"IF") && !names.contains(&""), "{names:?}");
    }

    #[test]
    fn only_names_of_tables_and_of_new_indexes_get_the_prefix() {
        let names = Names::new(Some("a_"));
        for (sql, expected) in [
            ("SELECT id FROM users WHERE id = ?1", "SELECT id FROM a_users WHERE id = ?1"),
            ("SELECT users.id FROM\n  users", "SELECT a_users.id FROM\n  a_users"),
            // A column of `mails` is called like a table.
            ("UPDATE mails SET attempts = attempts + 1", "UPDATE a_mails SET attempts = attempts + 1"),
            (
                "INSERT INTO mails (id, attempts) VALUES (?1, 0)",
                "INSERT INTO a_mails (id, attempts) VALUES (?1, 0)",
            ),
            (
                "INSERT INTO attempts (key) VALUES (?1) ON CONFLICT (key) DO UPDATE SET count = attempts.count",
                "INSERT INTO a_attempts (key) VALUES (?1) ON CONFLICT (key) DO UPDATE SET count = a_attempts.count",
            ),
            ("SELECT 'it''s FROM users' FROM users", "SELECT 'it''s FROM users' FROM a_users"),
            (
                "-- It's a comment: FROM users.\nDROP TABLE users",
                "-- It's a comment: FROM users.\nDROP TABLE a_users",
            ),
            ("DELETE FROM /* all's well */ users", "DELETE FROM /* all's well */ a_users"),
            ("SELECT 1 FROM others, excluded.users", "SELECT 1 FROM others, excluded.users"),
            (
                "CREATE UNIQUE INDEX sessions_by_user ON sessions (user_id)",
                "CREATE UNIQUE INDEX a_sessions_by_user ON a_sessions (user_id)",
            ),
            (
                "CREATE TABLE IF NOT EXISTS doorward_migrations (id)",
                "CREATE TABLE IF NOT EXISTS a_doorward_migrations (id)",
            ),
            ("SELECT 'open", "SELECT 'open"),
        ] {
            assert_eq!(names.written(sql), expected);
            assert_eq!(Names::default().written(sql), sql);
        }
    }
}
