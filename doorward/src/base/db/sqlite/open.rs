//! Opens a file as a database.

use std::{fmt, path::Path};

use crate::base::{
    db::{
        migrate::Migrated,
        sqlite::{connection::open_writer, database::Sqlite, file::create, migrate::migrate, names::Names},
    },
    open_error::{OpenError, OpenErrorKind},
};

/// Opens the database in the file at `path`, creates the file if it is missing, and brings its schema up to date. The
/// tables have `prefix` before their names.
pub(in crate::base::db) fn open(
    path: &str,
    prefix: Option<&str>,
    now: i64,
) -> Result<(Sqlite, Migrated), OpenError> {
    let names = Names::new(prefix);
    let failed = |cause: &dyn fmt::Display| {
        OpenError::new(format!("cannot open the database file {path}: {cause}"))
            .of_kind(OpenErrorKind::Refused)
    };
    check_version(rusqlite::version())?;
    create(Path::new(path)).map_err(|error| failed(&error))?;
    let mut connection = open_writer(Path::new(path)).map_err(|error| failed(&error))?;
    let migrated = migrate(&mut connection, &names, now)?;
    // The last connection brings the log into the file. A damaged file is then found at the start.
    drop(connection);
    let sqlite = Sqlite::start(Path::new(path), names).map_err(|error| failed(&error))?;
    Ok((sqlite, migrated))
}

/// Fails if this version of SQLite may corrupt a database when it resets the write-ahead log
/// (<https://sqlite.org/wal.html>, fixed in 3.51.3, 3.50.7 and 3.44.6).
fn check_version(version: &str) -> Result<(), OpenError> {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0_u32));
    let parts: [u32; 3] = std::array::from_fn(|_| parts.next().unwrap_or(0));
    match parts {
        fixed if fixed >= [3, 51, 3] => Ok(()),
        [3, 44, patch] if patch >= 6 => Ok(()),
        [3, 50, patch] if patch >= 7 => Ok(()),
        _ => Err(OpenError::new(format!(
            "SQLite {version} can corrupt databases; Doorward needs 3.51.3 or later (or 3.50.7, 3.44.6)"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_corrupts_databases_is_refused() {
        for good in ["3.44.6", "3.50.7", "3.51.3", "3.52.0", "3.54.1", "4.0.0"] {
            assert!(check_version(good).is_ok(), "{good}");
        }
        for bad in ["3.7.0", "3.40.1", "3.44.5", "3.45.9", "3.46.0", "3.50.6", "3.51.2", "", "x"] {
            assert!(check_version(bad).is_err(), "{bad}");
        }
    }
}
