//! Brings the schema up to date: one migrator at a time, each migration whole or not at all.
//!
//! The table `doorward_migrations` remembers what was applied, with a checksum of each text, so that a host
//! application may keep migrations of its own in the same database.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::{
    base::open_error::OpenError,
    db::error::{Error, Result, describe},
};

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
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
];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS doorward_migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";
const APPLIED: &str = "SELECT number, name, checksum FROM doorward_migrations ORDER BY number";

/// How long one migrator waits for another. `LOCK` says the same to PostgreSQL.
const PATIENCE_OF_MIGRATORS: Duration = Duration::from_secs(30);

/// A line of the ledger.
struct Applied {
    number: i64,
    name: String,
    checksum: String,
}

/// The names of the migrations that were applied now, oldest first.
pub(super) type Migrated = Vec<&'static str>;

pub(super) fn sqlite(connection: &mut Connection, now: i64) -> Result<Migrated, OpenError> {
    // Whoever else migrates, or just writes, may take a while.
    connection.busy_timeout(PATIENCE_OF_MIGRATORS).map_err(Error::from)?;
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
    transaction.execute_batch(LEDGER).map_err(Error::from)?;
    let due = due(&sqlite_applied(&transaction)?, |migration| migration.sqlite)?;
    for migration in due {
        transaction.execute_batch(migration.sqlite).map_err(|error| migration.failed(&error))?;
        transaction
            .execute(
                "INSERT INTO doorward_migrations VALUES (?1, ?2, ?3, ?4)",
                (migration.number, migration.name, checksum(migration.sqlite), now),
            )
            .map_err(Error::from)?;
    }
    transaction.commit().map_err(Error::from)?;
    Ok(due.iter().map(|migration| migration.name).collect())
}

/// Whether the file has exactly the schema that this program knows.
pub(super) fn check(connection: &Connection) -> Result<()> {
    let unfit = |cause: String| Error::Unavailable(format!("the database file was replaced, and {cause}"));
    let applied = sqlite_applied(connection).map_err(|error| unfit(error.to_string()))?;
    let due = due(&applied, |migration| migration.sqlite).map_err(|error| unfit(error.to_string()))?;
    if due.is_empty() { Ok(()) } else { Err(unfit("the new one lacks migrations".into())) }
}

fn sqlite_applied(connection: &Connection) -> Result<Vec<Applied>> {
    let mut statement = connection.prepare(APPLIED)?;
    let rows = statement
        .query_map([], |row| Ok(Applied { number: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) async fn postgres(client: &mut tokio_postgres::Client, now: i64) -> Result<Migrated, OpenError> {
    // "doorward" in hexadecimal. Held until the transaction ends; the others wait here for the first.
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
    let due = due(&applied, |migration| migration.postgres)?;
    for migration in due {
        transaction
            .batch_execute(migration.postgres)
            .await
            .map_err(|error| migration.failed(&describe(&error)))?;
        transaction
            .execute(
                "INSERT INTO doorward_migrations VALUES ($1, $2, $3, $4)",
                &[&migration.number, &migration.name, &checksum(migration.postgres), &now],
            )
            .await
            .map_err(Error::from)?;
    }
    transaction.commit().await.map_err(Error::from)?;
    Ok(due.iter().map(|migration| migration.name).collect())
}

/// The migrations that are still to be applied, once the ledger is found to be a prefix of ours.
fn due(
    applied: &[Applied],
    text: impl Fn(&Migration) -> &'static str,
) -> Result<&'static [Migration], OpenError> {
    for (line, migration) in applied.iter().zip(MIGRATIONS) {
        if line.number != migration.number || line.checksum != checksum(text(migration)) {
            return Err(OpenError::new(format!(
                "migration {} of the database is not the one this version of Doorward knows as {}",
                line.name, migration.name
            )));
        }
    }
    match applied.get(MIGRATIONS.len()..) {
        Some([newer, ..]) => Err(OpenError::new(format!(
            "the database was made by a newer version of Doorward: it has migration {}, and this version knows {} as the last",
            newer.name,
            MIGRATIONS[MIGRATIONS.len() - 1].name
        ))),
        _ => Ok(&MIGRATIONS[applied.len()..]),
    }
}

impl Migration {
    fn failed(&self, cause: &dyn std::fmt::Display) -> OpenError {
        OpenError::new(format!("migration {} failed: {cause}", self.name))
    }
}

fn checksum(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
