//! Opens connections to the file, and runs statements on one.

use std::{cell::RefCell, collections::HashMap, ops::Deref, path::Path, time::Duration};

use rusqlite::{CachedStatement, OpenFlags, config::DbConfig, params_from_iter};

use crate::base::db::{
    error::{Error, Result},
    sqlite::names::Names,
    value::{FromRow, Row, Value},
};

/// A connection, and the names that the tables have in its file.
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    names: Names,
    /// The statements that have run, with those names.
    written: RefCell<HashMap<Box<str>, Box<str>>>,
}

impl Connection {
    pub(super) fn new(inner: rusqlite::Connection, names: Names) -> Self {
        Self { inner, names, written: RefCell::default() }
    }

    fn prepared(&self, sql: &str) -> Result<CachedStatement<'_>> {
        if self.names.are_plain() {
            return Ok(self.inner.prepare_cached(sql)?);
        }
        let mut written = self.written.borrow_mut();
        if !written.contains_key(sql) {
            written.insert(sql.into(), self.names.written(sql).into());
        }
        Ok(self.inner.prepare_cached(&written[sql])?)
    }
}

impl Deref for Connection {
    type Target = rusqlite::Connection;

    fn deref(&self) -> &rusqlite::Connection {
        &self.inner
    }
}

/// Opens the file, which must exist, for writing.
pub(in crate::base::db) fn open_writer(path: &Path) -> Result<rusqlite::Connection> {
    let connection = open(path)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Unavailable(format!(
            "SQLite cannot keep a write-ahead log here (journal mode is {mode})"
        )));
    }
    // FULL: each commit is flushed to the disk before it is acknowledged. On macOS, only `fullfsync` really flushes.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

/// Opens the file, which must exist, for reading.
pub(super) fn open_reader(path: &Path) -> Result<rusqlite::Connection> {
    let connection = open(path)?;
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384;")?;
    Ok(connection)
}

/// Opens the file, which must exist. Each statement is planned once: without this guarantee of a stable plan, SQLite
/// may plan a statement again for a new value, which takes ten times as long as to run it
/// (<https://sqlite.org/queryplanner-ng.html#qpstab>).
fn open(path: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Returns the first row of `sql`, if there is one.
pub(in crate::base::db) fn optional<T: FromRow>(
    on: &Connection,
    sql: &str,
    values: &[Value],
) -> Result<Option<T>> {
    let mut statement = on.prepared(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    rows.next()?.map(|row| T::from_row(Row::Sqlite(row))).transpose()
}

/// Returns every row of `sql`.
pub(in crate::base::db) fn all<T: FromRow>(on: &Connection, sql: &str, values: &[Value]) -> Result<Vec<T>> {
    let mut statement = on.prepared(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(T::from_row(Row::Sqlite(row))?);
    }
    Ok(found)
}

/// Runs `sql` and returns the number of rows that it changed.
pub(in crate::base::db) fn execute(on: &Connection, sql: &str, values: &[Value]) -> Result<u64> {
    Ok(on.prepared(sql)?.execute(params_from_iter(values))? as u64)
}

#[cfg(test)]
mod tests {
    use super::{super::file, *};

    #[test]
    fn a_commit_is_on_the_disk_before_it_is_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        file::create(&path).unwrap();
        let writer = open_writer(&path).unwrap();
        let pragma = |on: &rusqlite::Connection, name: &str| -> String {
            on.query_row(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"), [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(pragma(&writer, "journal_mode"), "wal");
        assert_eq!(pragma(&writer, "synchronous"), "2");
        assert_eq!(pragma(&writer, "foreign_keys"), "1");
        let reader = open_reader(&path).unwrap();
        assert!(reader.execute_batch("CREATE TABLE t (c)").is_err());
    }
}
