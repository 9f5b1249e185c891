//! Brings the schema up to date. One process migrates at a time, and a migration is applied whole or not at all.
//!
//! A migration is one file in the words of PostgreSQL. [`for_sqlite`] translates it for SQLite. The table
//! `doorward_migrations` lists the applied ones with a checksum of each file. A host application can keep its own
//! migrations in the same database.

use std::{fmt, time::Duration};

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::base::{
    db::error::{Error, Result, describe},
    open_error::OpenError,
};

struct Migration {
    number: i64,
    name: &'static str,
    /// In the words of PostgreSQL.
    text: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
        }),*]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    1 "0001_users",
    2 "0002_credentials",
    3 "0003_sessions",
    4 "0004_events",
    5 "0005_mails",
    6 "0006_one_time_tokens",
    7 "0007_attempts",
    8 "0008_devices",
    9 "0009_nodes",
    10 "0010_failures",
    11 "0011_device_fingerprints",
    12 "0012_undo_ends",
    13 "0013_folded_addresses",
    14 "0014_user_details",
];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS doorward_migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";
const APPLIED: &str = "SELECT number, name, checksum FROM doorward_migrations ORDER BY number";

/// How long one process waits for another that migrates. `LOCK` says the same to PostgreSQL.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// A line of the ledger.
struct Applied {
    number: i64,
    name: String,
    checksum: String,
}

/// The names of the migrations that were applied just now, oldest first.
pub(super) type Migrated = Vec<&'static str>;

pub(super) fn sqlite(connection: &mut Connection, now: i64) -> Result<Migrated, OpenError> {
    // Another process may be migrating, or writing for a while.
    connection.busy_timeout(LOCK_TIMEOUT).map_err(Error::from)?;
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
    transaction.execute_batch(LEDGER).map_err(Error::from)?;
    let due = due(&sqlite_applied(&transaction)?)?;
    for migration in due {
        transaction.execute_batch(&for_sqlite(migration.text)).map_err(|error| migration.failed(&error))?;
        transaction
            .execute(
                "INSERT INTO doorward_migrations VALUES (?1, ?2, ?3, ?4)",
                (migration.number, migration.name, checksum(migration.text), now),
            )
            .map_err(Error::from)?;
    }
    transaction.commit().map_err(Error::from)?;
    Ok(due.iter().map(|migration| migration.name).collect())
}

/// Fails unless the file has exactly the schema that this program knows.
pub(super) fn check(connection: &Connection) -> Result<()> {
    let unfit = |cause: String| {
        Error::Unavailable(format!("the database file was replaced, and the new one cannot be used: {cause}"))
    };
    let applied = sqlite_applied(connection).map_err(|error| unfit(error.to_string()))?;
    let due = due(&applied).map_err(|error| unfit(error.to_string()))?;
    if due.is_empty() { Ok(()) } else { Err(unfit("migrations are missing in it".into())) }
}

fn sqlite_applied(connection: &Connection) -> Result<Vec<Applied>> {
    let mut statement = connection.prepare(APPLIED)?;
    let rows = statement
        .query_map([], |row| Ok(Applied { number: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) async fn postgres(client: &mut tokio_postgres::Client, now: i64) -> Result<Migrated, OpenError> {
    // The key is "doorward" in hexadecimal. The lock is held until the transaction ends; other processes wait here.
    const LOCK: &str = "SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = 0;
                        SELECT pg_advisory_xact_lock(x'646f6f7277617264'::BIGINT)";
    let transaction = client.transaction().await.map_err(Error::from)?;
    transaction.batch_execute(LOCK).await.map_err(Error::from)?;
    transaction.batch_execute(LEDGER).await.map_err(Error::from)?;
    let rows = transaction.query(APPLIED, &[]).await.map_err(Error::from)?;
    let applied = rows
        .iter()
        .map(|row| Ok(Applied { number: row.try_get(0)?, name: row.try_get(1)?, checksum: row.try_get(2)? }))
        .collect::<Result<Vec<_>, tokio_postgres::Error>>()
        .map_err(Error::from)?;
    let due = due(&applied)?;
    for migration in due {
        transaction
            .batch_execute(migration.text)
            .await
            .map_err(|error| migration.failed(&describe(&error)))?;
        transaction
            .execute(
                "INSERT INTO doorward_migrations VALUES ($1, $2, $3, $4)",
                &[&migration.number, &migration.name, &checksum(migration.text), &now],
            )
            .await
            .map_err(Error::from)?;
    }
    transaction.commit().await.map_err(Error::from)?;
    Ok(due.iter().map(|migration| migration.name).collect())
}

/// Returns the migrations that are still to be applied. Fails if the applied ones are not the first of ours.
fn due(applied: &[Applied]) -> Result<&'static [Migration], OpenError> {
    for (line, migration) in applied.iter().zip(MIGRATIONS) {
        if line.number != migration.number || line.checksum != checksum(migration.text) {
            return Err(OpenError::new(format!(
                "migration {} of the database is not the one that this version of Doorward knows as {}",
                line.name, migration.name
            )));
        }
    }
    match applied.get(MIGRATIONS.len()..) {
        Some([newer, ..]) => Err(OpenError::new(format!(
            "the database was made by a newer version of Doorward: it has migration {}, and the last that this version knows is {}",
            newer.name,
            MIGRATIONS[MIGRATIONS.len() - 1].name
        ))),
        _ => Ok(&MIGRATIONS[applied.len()..]),
    }
}

impl Migration {
    fn failed(&self, cause: &dyn fmt::Display) -> OpenError {
        OpenError::new(format!("migration {} failed: {cause}", self.name))
    }
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

fn checksum(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn migrations_are_numbered_in_turn() {
        for (number, migration) in (1..).zip(MIGRATIONS) {
            assert_eq!(migration.number, number);
            assert!(migration.name.starts_with(&format!("{number:04}_")), "{}", migration.name);
        }
    }
}
