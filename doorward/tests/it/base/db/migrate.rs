//! Migrating the database.

use axum::http::StatusCode;
use doorward::Auth;
use futures_util::future::join_all;

use crate::app::{App, config, fresh_database};

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn an_empty_database_is_migrated_once_by_three_nodes() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let url = fresh_database(&folder).await;
        let nodes = (0..3).map(|_| {
            let url = url.clone();
            tokio::spawn(async move { (Auth::builder(&url).migrate().await, App::on(&url, config()).await) })
        });
        let mut migrated = Vec::new();
        for (number, node) in join_all(nodes).await.into_iter().enumerate() {
            let (names, app) = node.unwrap();
            migrated.extend(names.unwrap().applied);
            app.user(&format!("u{number}@example.org")).await;
        }
        migrated.sort();
        let mut once = migrated.clone();
        once.dedup();
        assert_eq!(migrated, once);
        assert_eq!(migrated.first().unwrap(), "0001_users");
    }
}

#[tokio::test]
async fn an_unknown_schema_is_refused() {
    for (change, expected) in [
        (
            "INSERT INTO doorward_migrations VALUES (9999, '9999_future', 'x', 0)",
            &["made by a newer version", "9999_future"][..],
        ),
        ("UPDATE doorward_migrations SET checksum = 'x' WHERE number = 2", &["0002_credentials"]),
        ("DELETE FROM doorward_migrations WHERE number = 1", &["0002_credentials", "0001_users"]),
        ("DROP TABLE doorward_migrations", &["0001_users", "exists"]),
        (
            "DROP TABLE doorward_migrations; CREATE TABLE doorward_migrations (number TEXT, name TEXT, checksum TEXT);
             INSERT INTO doorward_migrations VALUES ('one', 'two', 'three')",
            &["cannot open the database"],
        ),
    ] {
        let app = App::new().await;
        app.execute(change).await;
        let error = crate::app::opened(&app.database, config()).await.unwrap_err().to_string();
        for part in expected {
            assert!(error.contains(part), "{change}: {error}");
        }
        assert_eq!(error.lines().count(), 1, "{error}");
        // A node that is running already goes on.
        assert_eq!(app.anonymous().get("/auth/readyz").await.status, StatusCode::OK);
    }
}
