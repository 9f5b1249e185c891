//! Tables that are kept apart from those of an app in the same database: in a schema of PostgreSQL, or with a prefix in a
//! file of SQLite.

use std::{future::poll_fn, time::Duration};

use axum::http::StatusCode;
use doorward::{Auth, Config};
use futures_util::future::join_all;
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, NoTls};

use crate::app::{
    ANN, App, BOB, NEW_PASSWORD, Outside, apart, config, fresh_database, postgres_server, refusal, table_of,
};

/// An app whose tables have the names of ours, and an index with the name of one of ours.
const APP: &str =
    "CREATE TABLE users (name TEXT); CREATE TABLE sessions (name TEXT); CREATE TABLE events (name TEXT);
    CREATE TABLE doorward_migrations (name TEXT); CREATE TABLE notes (at BIGINT);
    CREATE INDEX credentials_by_user ON notes (at); INSERT INTO users VALUES ('the user of the app')";

/// The name of every table, index and sequence whose name is not the app's own, or that is not in its place.
const OURS: [&str; 2] = [
    "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'auth!_%' ESCAPE '!' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'public'",
];

/// Does what touches every table: registers, logs in, changes the password, lists, logs out and deletes.
async fn use_everything(app: &App) {
    let mut ann = app.ann().await;
    app.user(BOB).await;
    assert_eq!(app.anonymous().request_token(ANN, "wrong").await.status, StatusCode::UNAUTHORIZED);
    let mut browser = app.browser_of(BOB).await;
    assert_eq!(browser.get("/auth/sessions").await.status, StatusCode::OK);
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(browser.log_out().await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let bob = app.id_of(BOB).await;
    assert!(app.auth.set_password(bob, NEW_PASSWORD).await.unwrap());
    assert!(app.auth.disable_user(bob).await.unwrap());
    assert!(app.auth.delete_user(bob).await.unwrap());
    assert!(!app.auth.events().next_page(100).await.unwrap().is_empty());
    app.auth.clean_up().await.unwrap();
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_app_with_tables_of_the_same_names_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let url = fresh_database(&folder).await;
    let outside = Outside::of(&url).await;
    outside.run(APP).await;
    // Without the setting, the error names it. Nothing is left behind, and the app's tables are untouched.
    let error = crate::app::opened(&url, config()).await.unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    outside.run("DROP TABLE doorward_migrations").await;
    let error = crate::app::opened(&url, config()).await.unwrap_err().to_string();
    let setting = if postgres_server().is_some() { "schema = \"auth\"" } else { "table_prefix = \"auth_\"" };
    assert!(
        error.contains("users") && error.contains("already exists") && error.contains(setting),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");
    let app = App::on(&url, apart("auth", config())).await;
    use_everything(&app).await;
    assert_eq!(app.count(&table_of("auth", "users")).await, 1);
    assert_eq!(app.count("users WHERE name = 'the user of the app'").await, 1);
    // A restart finds the tables.
    let again = App::on(&url, apart("auth", config())).await;
    assert_eq!(again.token(ANN).await.len(), app.token(ANN).await.len());
}

#[tokio::test]
async fn anything_of_the_app_with_our_name_is_told_with_the_setting() {
    let types: &[&str] = if postgres_server().is_some() {
        &[
            "CREATE TYPE users AS ENUM ('a')",
            "CREATE SEQUENCE mails",
            "CREATE MATERIALIZED VIEW nodes AS SELECT 1",
        ]
    } else {
        &["CREATE TABLE Users (name TEXT)", "CREATE TABLE \"MAILS\" (name TEXT)"]
    };
    let all = [
        "CREATE VIEW users AS SELECT 1",
        "CREATE TABLE t (at BIGINT); CREATE INDEX sessions_by_user ON t (at)",
        "CREATE TABLE t (at BIGINT); CREATE INDEX users ON t (at)",
        "CREATE TABLE credentials_by_user (name TEXT)",
    ];
    for taken in types.iter().chain(&all) {
        let folder = tempfile::tempdir().unwrap();
        let url = fresh_database(&folder).await;
        Outside::of(&url).await.run(taken).await;
        let error = crate::app::opened(&url, config()).await.unwrap_err().to_string();
        let setting =
            if postgres_server().is_some() { "schema = \"auth\"" } else { "table_prefix = \"auth_\"" };
        assert!(error.contains("already") && error.contains(setting), "{taken}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        App::on(&url, apart("auth", config())).await.ann().await;
    }
}

#[tokio::test]
async fn nothing_of_ours_stands_elsewhere() {
    let app = App::with(apart("auth", config())).await;
    use_everything(&app).await;
    assert_eq!(app.number(OURS[usize::from(postgres_server().is_some())]).await, 0);
}

#[tokio::test]
async fn accounts_of_two_services_in_one_database_do_not_mix() {
    let plain = App::new().await;
    let one = App::on(&plain.database, apart("one", config())).await;
    let two = App::on(&plain.database, apart("two", config())).await;
    for app in [&plain, &one, &two] {
        use_everything(app).await;
    }
    let token = one.token(ANN).await;
    for (app, status) in
        [(&plain, StatusCode::UNAUTHORIZED), (&one, StatusCode::OK), (&two, StatusCode::UNAUTHORIZED)]
    {
        assert_eq!(app.bearer(&token).get("/auth/me").await.status, status);
    }
    // All of them use their memory, and each sees at once what a sibling ends.
    let sibling = App::on(&plain.database, apart("one", config())).await;
    assert_eq!(sibling.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
    let other = two.token(ANN).await;
    assert_eq!(one.bearer(&token).log_out().await.status, StatusCode::NO_CONTENT);
    assert_eq!(sibling.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(two.bearer(&other).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nodes_that_start_together_make_the_tables_once() {
    for _ in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let url = fresh_database(&folder).await;
        let nodes = (0..3).map(|number| {
            let url = url.clone();
            let config = apart(["one", "one", "two"][number], config());
            tokio::spawn(async move {
                Auth::builder(&url).config(config.clone()).migrate().await.unwrap().applied.len()
            })
        });
        let mut migrated: Vec<_> = join_all(nodes).await.into_iter().map(Result::unwrap).collect();
        migrated.sort_unstable();
        assert_eq!(migrated[0], 0);
        assert!(migrated[1] > 10 && migrated[1] == migrated[2], "{migrated:?}");
    }
}

#[tokio::test]
async fn a_name_that_the_database_would_not_take_is_refused() {
    let long = "a".repeat(49);
    for name in
        ["", "Auth", "1auth", "a.b", "a b", "a\"b", "a'b", "ä", "pg_auth", &long, "auth\0", "a;b", "$a"]
    {
        let error = refusal(Config { schema: Some(name.into()), ..config() }).await;
        assert!(error.contains("schema: expected"), "{name}: {error}");
    }
    let long = "a".repeat(33);
    for prefix in ["", "Auth_", "1_", "main.", "a b", "a\"", "sqlite_", &long, "a-"] {
        let error = refusal(Config { table_prefix: Some(prefix.into()), ..config() }).await;
        assert!(error.contains("table_prefix: expected"), "{prefix}: {error}");
    }
    // Words of SQL are good names.
    for name in ["user", "table", "select", "_"] {
        let app = App::with(apart(name, config())).await;
        app.ann().await;
    }
}

#[tokio::test]
async fn a_setting_for_the_other_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = fresh_database(&folder).await;
    let (wrong, right) = match postgres_server() {
        Some(_) => (Config { table_prefix: Some("auth_".into()), ..config() }, "takes a schema"),
        None => (Config { schema: Some("auth".into()), ..config() }, "takes a table_prefix"),
    };
    for error in [
        Auth::builder(&url).config(wrong.clone()).migrate().await.unwrap_err().to_string(),
        crate::app::opened(&url, wrong).await.unwrap_err().to_string(),
    ] {
        assert!(error.contains("bad configuration") && error.contains(right), "{error}");
    }
}

/// A database, a connection to it, and the address of it for a user of its own, who has only the rights of everybody.
async fn with_a_poor_user() -> Option<(Outside, String)> {
    let server = postgres_server()?;
    let url = fresh_database(&tempfile::tempdir().unwrap()).await;
    let outside = Outside::of(&url).await;
    let name = url.strip_prefix(&format!("{server}/")).unwrap().split('?').next().unwrap().to_owned();
    let password = "poor";
    outside.run(&format!("CREATE USER {name} PASSWORD '{password}'")).await;
    let (_, host) = server.rsplit_once('@').unwrap();
    Some((outside, format!("postgres://{name}:{password}@{host}/{name}?sslmode=disable")))
}

#[tokio::test]
async fn a_user_without_rights_learns_which_are_missing() {
    let Some((outside, url)) = with_a_poor_user().await else { return };
    let user = url.split_once("://").unwrap().1.split(':').next().unwrap().to_owned();
    let open = || async { crate::app::opened(&url, apart("auth", config())).await };
    let error = open().await.unwrap_err().to_string();
    assert!(
        error.contains("cannot create the schema \"auth\"") && error.contains("AUTHORIZATION"),
        "{error}"
    );
    outside.run("CREATE SCHEMA auth").await;
    let error = open().await.unwrap_err().to_string();
    assert!(error.contains("may not use the schema \"auth\"") && error.contains("GRANT USAGE"), "{error}");
    outside.run(&format!("GRANT USAGE ON SCHEMA auth TO {user}")).await;
    let error = open().await.unwrap_err().to_string();
    assert!(error.contains("permission denied for schema auth"), "{error}");
    // Then the right to create schemas in the database is not needed.
    outside.run(&format!("GRANT CREATE ON SCHEMA auth TO {user}")).await;
    open().await.unwrap();
}

#[tokio::test]
async fn the_migration_of_another_schema_does_not_keep_a_node_waiting() {
    let Some(_) = postgres_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = fresh_database(&folder).await;
    let other = Outside::of(&url).await;
    // The lock of the nodes whose tables are in `public`.
    other.run("BEGIN; SELECT pg_advisory_xact_lock(x'646f6f7277617264'::BIGINT)").await;
    for schema in [None, Some("public".to_owned())] {
        let config = Config { schema, ..config() };
        let waiting =
            timeout(Duration::from_millis(300), Auth::builder(&url).config(config.clone()).migrate()).await;
        assert!(waiting.is_err());
    }
    Auth::builder(&url).config(apart("auth", config())).migrate().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nodes_tell_only_those_with_the_same_tables() {
    let Some(_) = postgres_server() else { return };
    let app = App::with(apart("auth", config())).await;
    let stranger = App::on(&app.database, config()).await;
    let (client, mut connection) = tokio_postgres::connect(&app.database, NoTls).await.unwrap();
    let (hear, mut heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message {
                let _ = hear.send(notification.channel().to_owned());
            }
        }
    });
    client.batch_execute("LISTEN doorward_nodes; LISTEN doorward_nodes_auth").await.unwrap();
    let apart = apart("auth", config());
    for (app, config, channel) in
        [(&app, apart, "doorward_nodes_auth"), (&stranger, config(), "doorward_nodes")]
    {
        let other = app.sibling(config).await;
        app.register(ANN).await;
        // Nodes that have joined tell each other.
        loop {
            let token = app.token(ANN).await;
            for node in [app, &other] {
                assert_eq!(node.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
            }
            assert_eq!(app.bearer(&token).log_out().await.status, StatusCode::NO_CONTENT);
            assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
            if let Ok(said) = timeout(Duration::from_millis(50), heard.recv()).await {
                assert_eq!(said.as_deref(), Some(channel));
                break;
            }
        }
        app.auth.close().await;
        other.auth.close().await;
        while let Ok(said) = timeout(Duration::from_millis(200), heard.recv()).await {
            assert_eq!(said.as_deref(), Some(channel));
        }
    }
}
