//! The database as an operator reaches it, past the library, and what there is to wait for.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use axum::http::StatusCode;

use crate::app::Answer;

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
                // Within a transaction the views of the server's activity do not change by themselves.
                client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
                client.query_one(sql, &[]).await.unwrap().get(0)
            }
        }
    }
}

/// The file that a URL of SQLite names.
pub(crate) fn file(url: &str) -> PathBuf {
    url.strip_prefix("sqlite:").unwrap().into()
}

/// Waits until `holds` does, and fails after a time that only something broken needs.
#[track_caller]
pub(crate) fn until<F: Future<Output = bool>>(
    what: &str,
    mut holds: impl FnMut() -> F,
) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let end = Instant::now() + Duration::from_secs(15);
        while !holds().await {
            assert!(Instant::now() < end, "{place}: never {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Asserts that this is how a database that cannot be used now is answered, and no other way.
#[track_caller]
pub(crate) fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert_eq!(answer.headers["retry-after"], "1");
}

/// What `work` gives, and asserts that it took no longer than a request may.
#[track_caller]
pub(crate) fn promptly<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let begun = Instant::now();
        let result = work.await;
        assert!(begun.elapsed() < Duration::from_secs(5), "{place}: took {:?}", begun.elapsed());
        result
    }
}
