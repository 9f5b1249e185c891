//! Fresh databases, and access to a database past the library, as an operator has it.

use std::{
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use rusqlite::types::ValueRef;
use tempfile::TempDir;

/// A connection to the database of an application.
pub(crate) enum Outside {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Outside {
    /// Connects to the database at `url`, without TLS.
    pub(crate) async fn of(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let connection = rusqlite::Connection::open(file(url)).unwrap();
            connection.busy_timeout(Duration::from_secs(10)).unwrap();
            return Self::Sqlite(connection);
        }
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        // It ends with an error when a test stops the server.
        tokio::spawn(async { drop(connection.await) });
        Self::Postgres(client)
    }

    pub(crate) async fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(sql).unwrap(),
            Self::Postgres(client) => client.batch_execute(sql).await.unwrap(),
        }
    }

    /// The number that `sql` selects.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(connection) => connection.query_row(sql, [], |row| row.get(0)).unwrap(),
            Self::Postgres(client) => {
                // Within a transaction the statistics views are cached.
                client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
                client.query_one(sql, &[]).await.unwrap().get(0)
            }
        }
    }

    /// All rows of the tables that hold secrets or addresses, as text in a fixed order.
    pub(crate) async fn contents(&self) -> String {
        self.contents_of(&[
            "users",
            "credentials",
            "sessions",
            "one_time_tokens",
            "mails",
            "devices",
            "pending_logins",
        ])
        .await
    }

    /// All rows of these tables, as text in a fixed order.
    pub(crate) async fn contents_of(&self, tables: &[&str]) -> String {
        let mut rows = Vec::new();
        for table in tables {
            let texts = match self {
                Self::Sqlite(connection) => sqlite_rows(connection, table),
                Self::Postgres(client) => {
                    let found =
                        client.query(&format!("SELECT {table}::text FROM {table}"), &[]).await.unwrap();
                    found.iter().map(|row| row.get(0)).collect()
                }
            };
            rows.extend(texts.into_iter().map(|text| format!("{table}: {text}")));
        }
        rows.sort_unstable();
        rows.join("\n")
    }

    /// Asserts that SQLite finds no damage in the file. PostgreSQL is not checked.
    pub(crate) fn assert_sound(&self) {
        if let Self::Sqlite(connection) = self {
            let damage = "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
            assert_eq!(connection.query_row(damage, [], |row| row.get(0)), Ok(0));
        }
    }
}

/// The rows of a table of SQLite, their values separated by spaces.
fn sqlite_rows(connection: &rusqlite::Connection, table: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let mut found = statement.query([]).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = found.next().unwrap() {
        let values = (0..columns).map(|index| match row.get_ref(index).unwrap() {
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => format!("{other:?}"),
        });
        rows.push(values.collect::<Vec<_>>().join(" "));
    }
    rows
}

/// The file that a URL of SQLite names.
pub(crate) fn file(url: &str) -> PathBuf {
    url.strip_prefix("sqlite:").unwrap().into()
}

/// Makes a database for one test. Returns its URL.
pub(crate) async fn fresh_database(folder: &TempDir) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("doorward_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    match postgres_server() {
        Some(server) => {
            let (client, connection) =
                tokio_postgres::connect(&format!("{server}/postgres"), tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
            format!("{server}/{name}?sslmode=disable")
        }
        None => format!("sqlite:{}", folder.path().join(name).display()),
    }
}

/// The PostgreSQL server to test on, if there is one.
#[expect(clippy::disallowed_methods, reason = "the environment names the server for the tests")]
pub(crate) fn postgres_server() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok()
}

/// Returns `true` if the tests run as root.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}
