//! Applies the migrations to a file.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::base::{
    db::{
        error::{Error, Result},
        migrate::{APPLIED, Applied, LEDGER, Migrated, Migration, RECORD, checksum, due},
        sqlite::names::Names,
    },
    open_error::OpenError,
};

/// How long one process waits for another that migrates, as on PostgreSQL.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Brings the schema up to date.
pub(super) fn migrate(connection: &mut Connection, names: &Names, now: i64) -> Result<Migrated, OpenError> {
    // Another process may be migrating, or writing for a while.
    connection.busy_timeout(LOCK_TIMEOUT).map_err(Error::from)?;
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
    transaction.execute_batch(&names.written(LEDGER)).map_err(Error::from)?;
    let due = due(&applied(&transaction, names)?)?;
    for migration in due {
        transaction
            .execute_batch(&names.written(&for_sqlite(migration.text)))
            .map_err(|error| failed(migration, &error))?;
        transaction
            .execute(
                &names.written(RECORD),
                (migration.number, migration.name, checksum(migration.text), now),
            )
            .map_err(Error::from)?;
    }
    transaction.commit().map_err(Error::from)?;
    Ok(due.iter().map(|migration| migration.name).collect())
}

/// Describes why a migration failed. SQLite has no code for a name that is taken, only words.
fn failed(migration: &Migration, error: &rusqlite::Error) -> OpenError {
    let message = match error {
        rusqlite::Error::SqlInputError { msg, .. } | rusqlite::Error::SqliteFailure(_, Some(msg)) => msg,
        _ => return migration.failed(error),
    };
    if message.contains("already exists") || message.contains("there is already") {
        return migration.in_the_way(message, "table_prefix = \"auth_\", or another prefix,");
    }
    migration.failed(message)
}

/// Fails unless the file has exactly the schema that this program knows.
pub(super) fn check(connection: &Connection, names: &Names) -> Result<()> {
    let unfit = |cause: String| {
        Error::Unavailable(format!("the database file was replaced, and the new one cannot be used: {cause}"))
    };
    let applied = applied(connection, names).map_err(|error| unfit(error.to_string()))?;
    let due = due(&applied).map_err(|error| unfit(error.to_string()))?;
    if due.is_empty() { Ok(()) } else { Err(unfit("migrations are missing in it".into())) }
}

fn applied(connection: &Connection, names: &Names) -> Result<Vec<Applied>> {
    let mut statement = connection.prepare(&names.written(APPLIED))?;
    let rows = statement
        .query_map([], |row| Ok(Applied { number: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Translates the words of PostgreSQL. A table ends with `);` on a line of its own, and all tables become `STRICT`.
/// `) /* by key */;` ends a table whose rows SQLite stores in the order of the primary key.
fn for_sqlite(text: &str) -> String {
    [
        ("GENERATED ALWAYS AS IDENTITY", "AUTOINCREMENT"),
        ("BIGINT", "INTEGER"),
        ("BYTEA", "BLOB"),
        ("\n);", "\n) STRICT;"),
        ("\n) /* by key */;", "\n) STRICT, WITHOUT ROWID;"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (postgres, sqlite)| text.replace(postgres, sqlite))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::db::migrate::MIGRATIONS;

    /// The types of the columns that `sql` adds.
    fn types(sql: &str) -> impl Iterator<Item = &str> {
        sql.lines().filter_map(|line| {
            let column = line.split_once(" ADD COLUMN ").map(|(_, column)| column);
            let mut words = column.or_else(|| line.strip_prefix("    "))?.split_whitespace();
            let is_column = words.next()?.starts_with(char::is_lowercase);
            is_column.then(|| words.next().unwrap_or_default().trim_end_matches([',', ';']))
        })
    }

    fn is_known(name: &str) -> bool {
        ["BIGINT", "TEXT", "BYTEA"].contains(&name)
    }

    #[test]
    fn a_table_is_translated_for_sqlite() {
        let text = "CREATE TABLE t (\n    id BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,\n    hash BYTEA\n);\n\
                    CREATE INDEX t_by_hash ON t (hash);\n\
                    CREATE TABLE k (\n    key TEXT PRIMARY KEY\n) /* by key */;\n";
        let expected = "CREATE TABLE t (\n    id INTEGER PRIMARY KEY AUTOINCREMENT,\n    hash BLOB\n) STRICT;\n\
                        CREATE INDEX t_by_hash ON t (hash);\n\
                        CREATE TABLE k (\n    key TEXT PRIMARY KEY\n) STRICT, WITHOUT ROWID;\n";
        assert_eq!(for_sqlite(text), expected);
    }

    #[test]
    fn a_primary_key_is_never_null_in_sqlite() {
        let connection = Connection::open_in_memory().unwrap();
        for key in ["TEXT", "BYTEA"] {
            for end in [");", ") /* by key */;"] {
                let table = format!("CREATE TABLE t (\n    key {key} PRIMARY KEY\n{end}\n");
                connection.execute_batch(&for_sqlite(&table)).unwrap();
                assert!(connection.execute("INSERT INTO t VALUES (NULL)", []).is_err(), "{key} {end}");
                connection.execute_batch("DROP TABLE t").unwrap();
            }
        }
    }

    #[test]
    fn an_unknown_type_is_found_and_refused() {
        let text = "CREATE TABLE t (\n    -- A comment.\n    id BIGINT PRIMARY KEY,\n    at TIMESTAMPTZ NOT NULL,\n    \
                    is_so BOOLEAN\n);\nALTER TABLE u ADD COLUMN n INTEGER;\n";
        let unknown: Vec<_> = types(text).filter(|name| !is_known(name)).collect();
        assert_eq!(unknown, ["TIMESTAMPTZ", "BOOLEAN", "INTEGER"]);
        let refused = Connection::open_in_memory().unwrap().execute_batch(&for_sqlite(text));
        assert!(refused.unwrap_err().to_string().contains("unknown datatype"));
    }

    #[test]
    fn every_table_is_strict_and_every_type_known() {
        let connection = Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS {
            connection.execute_batch(&for_sqlite(migration.text)).unwrap();
            for name in types(migration.text) {
                assert!(is_known(name), "{} has the type {name:?}", migration.name);
            }
        }
        let lax = "SELECT count(*) FROM pragma_table_list
                   WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict";
        assert_eq!(connection.query_row(lax, [], |row| row.get(0)), Ok(0));
    }
}
