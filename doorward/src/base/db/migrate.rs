//! Brings the schema up to date. One process migrates at a time, and a migration is applied whole or not at all.
//!
//! A migration is one file in the words of PostgreSQL. `sqlite/migrate.rs` translates it for SQLite. The table
//! `doorward_migrations` lists the applied ones with a checksum of each file. A host application can keep its own
//! migrations in the same database.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base::open_error::{OpenError, OpenErrorKind};

pub(super) struct Migration {
    pub(super) number: i64,
    pub(super) name: &'static str,
    /// In the words of PostgreSQL.
    pub(super) text: &'static str,
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

pub(super) const MIGRATIONS: &[Migration] = migrations![
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
    15 "0015_provider",
    16 "0016_refresh_tokens",
    17 "0017_second_step",
    18 "0018_trusted_browsers",
    19 "0019_passkeys",
    20 "0020_login_by_mail",
];

pub(super) const LEDGER: &str = "CREATE TABLE IF NOT EXISTS doorward_migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";
pub(super) const APPLIED: &str = "SELECT number, name, checksum FROM doorward_migrations ORDER BY number";

/// Adds a line to the ledger.
pub(super) const RECORD: &str = "INSERT INTO doorward_migrations VALUES (?1, ?2, ?3, ?4)";

/// A line of the ledger.
pub(super) struct Applied {
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) checksum: String,
}

/// The names of the migrations that were applied just now, oldest first.
pub(super) type Migrated = Vec<&'static str>;

/// Returns the migrations that are still to be applied. Fails if the applied ones are not the first of ours.
pub(super) fn due(applied: &[Applied]) -> Result<&'static [Migration], OpenError> {
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
        ))
        .of_kind(OpenErrorKind::NewerSchema)),
        _ => Ok(&MIGRATIONS[applied.len()..]),
    }
}

impl Migration {
    pub(super) fn failed(&self, cause: &dyn fmt::Display) -> OpenError {
        OpenError::new(format!("migration {} failed: {cause}", self.name))
    }

    /// The error if a table of another program has the name of one of ours. `setting` keeps them apart.
    pub(super) fn in_the_way(&self, cause: &str, setting: &str) -> OpenError {
        self.failed(&format_args!(
            "{cause}, and no migration of Doorward made it; {setting} keeps the tables of Doorward apart from yours"
        ))
    }
}

pub(super) fn checksum(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_in_turn() {
        for (number, migration) in (1..).zip(MIGRATIONS) {
            assert_eq!(migration.number, number);
            assert!(migration.name.starts_with(&format!("{number:04}_")), "{}", migration.name);
        }
    }
}
