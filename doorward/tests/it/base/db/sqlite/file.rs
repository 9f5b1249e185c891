//! SQLite: the file of the database is missing, moved, replaced or no database.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use axum::http::StatusCode;
use futures_util::FutureExt;

use crate::{
    app::{Answer, App, BOB, PASSWORD, apart, config, file, is_root, postgres_server},
    waiting::{promptly, until},
};

async fn register(app: &App, email: &str) -> Answer {
    promptly(app.anonymous().register(email, PASSWORD)).await
}

/// The file, its log and the index of the log.
fn files(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display())))
}

/// A complete copy of the database in one file.
fn back_up(file: &Path) -> PathBuf {
    let copy = PathBuf::from(format!("{}.copy", file.display()));
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    let connection = rusqlite::Connection::open(&copy).unwrap();
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    copy
}

async fn is_ready(app: &App) -> bool {
    app.anonymous().get("/auth/readyz").await.status == StatusCode::OK
}

#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    let Some(app) = App::on_sqlite().await else { return };
    app.ann().await;
    for file in files(&file(&app.database)) {
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_one_line() {
    if postgres_server().is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("text"), "no database ".repeat(1000)).unwrap();
    fs::write(at("short"), "xy").unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("cut"), &fs::read(file(&App::new().await.database)).unwrap()[..4000]).unwrap();
    let mut bad =
        vec![at("text"), at("short"), at("folder"), at("cut"), at("missing/app.db"), at("text/app.db")];
    if !is_root() {
        // Root may write everywhere.
        let app = App::on(&format!("sqlite:{}", at("read-only")), config()).await;
        app.close().await;
        fs::set_permissions(at("read-only"), fs::Permissions::from_mode(0o400)).unwrap();
        bad.push(at("read-only"));
    }
    for path in bad {
        let error = crate::app::opened(&format!("sqlite:{path}"), config()).await.unwrap_err().to_string();
        assert!(error.starts_with("cannot open the database"), "{path}: {error}");
        assert!(error.contains(&path), "{path}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    for bad in [
        "sqlite:",
        "sqlite://",
        "sqlite::memory:",
        "sqlite:app.db?mode=ro",
        "",
        "app.db",
        "mysql://u:hunter2@h/d",
    ] {
        let error = crate::app::opened(bad, config()).await.unwrap_err().to_string();
        assert!(error.contains("bad database URL") && error.contains("sqlite:"), "{bad}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    assert!(!Path::new("app.db?mode=ro").exists());
}

#[tokio::test]
async fn a_file_that_is_moved_away_and_back_is_used_again() {
    let Some(app) = App::on_sqlite().await else { return };
    let mut ann = app.ann().await;
    let path = file(&app.database);
    let away = path.with_extension("away");
    fs::rename(&path, &away).unwrap();
    register(&app, BOB).await.assert_unavailable();
    ann.log_out().await.assert_unavailable();
    ann.get("/auth/me").await.assert_unavailable();
    assert!(!path.exists(), "a new database was made in its place");
    fs::rename(&away, &path).unwrap();
    until("the database is ready again", || is_ready(&app)).await;
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(register(&app, BOB).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_missing_file_is_noticed_without_a_write() {
    let Some(app) = App::on_sqlite().await else { return };
    fs::rename(file(&app.database), file(&app.database).with_extension("away")).unwrap();
    until("the missing file is noticed", || async { !is_ready(&app).await }).await;
    assert_eq!(app.anonymous().get("/auth/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_database_that_replaces_another_is_used() {
    if postgres_server().is_some() {
        return;
    }
    replace(&App::new().await, "").await;
    replace(&App::with(apart("auth", config())).await, "auth_").await;
}

async fn replace(app: &App, prefix: &str) {
    let mut ann = app.ann().await;
    let path = file(&app.database);
    let copy = back_up(&path);
    let mut bob = app.user(BOB).await;
    for (number, file) in files(&path).iter().enumerate().rev() {
        fs::rename(file, path.with_extension(format!("old{number}"))).unwrap();
    }
    fs::rename(copy, &path).unwrap();
    until("the new database is used", || async {
        is_ready(app).await && register(app, "eve@example.org").await.status == StatusCode::CREATED
    })
    .await;
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(bob.get("/auth/me").await.status, StatusCode::UNAUTHORIZED, "bob came after the copy");
    // Writes that are acknowledged now are in the new file.
    assert_eq!(ann.log_out().await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.count(&format!("{prefix}users WHERE email = 'eve@example.org'")).await, 1);
    assert_eq!(app.count(&format!("{prefix}sessions")).await, 0);
    app.outside().await.assert_sound();
}

#[tokio::test]
async fn a_copy_beside_a_foreign_log_is_not_touched() {
    let Some(app) = App::on_sqlite().await else { return };
    let mut ann = app.ann().await;
    let path = file(&app.database);
    let copy = back_up(&path);
    app.register(BOB).await;
    let (away, before) = (path.with_extension("away"), fs::read(&copy).unwrap());
    fs::rename(&path, &away).unwrap();
    fs::rename(&copy, &path).unwrap();
    // The log beside the copy belongs to the other database. Together they would be garbage.
    register(&app, "eve@example.org").await.assert_unavailable();
    ann.get("/auth/me").await.assert_unavailable();
    ann.log_out().await.assert_unavailable();
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::rename(&away, &path).unwrap();
    until("the database is ready again", || is_ready(&app)).await;
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    app.token(BOB).await;
}

#[tokio::test]
async fn without_its_log_nothing_is_acknowledged() {
    let Some(app) = App::on_sqlite().await else { return };
    let mut ann = app.ann().await;
    let [_, log, index] = files(&file(&app.database));
    let away = log.with_extension("away");
    fs::rename(&log, &away).unwrap();
    register(&app, BOB).await.assert_unavailable();
    ann.log_out().await.assert_unavailable();
    fs::rename(&away, &log).unwrap();
    until("the database is ready again", || is_ready(&app)).await;
    assert_eq!(register(&app, BOB).await.status, StatusCode::CREATED);
    // Without the index of the log, another program would read and write past this one.
    fs::remove_file(index).unwrap();
    register(&app, "eve@example.org").await.assert_unavailable();
    ann.get("/auth/me").await.assert_unavailable();
}

#[tokio::test]
async fn a_replacement_that_is_no_database_of_ours_is_refused() {
    if postgres_server().is_some() {
        return;
    }
    for content in ["", "no database at all"] {
        let app = App::new().await;
        let mut ann = app.ann().await;
        let path = file(&app.database);
        for file in files(&path) {
            fs::remove_file(file).unwrap();
        }
        fs::write(&path, content).unwrap();
        ann.log_out().await.assert_unavailable();
        register(&app, BOB).await.assert_unavailable();
        ann.get("/auth/me").await.assert_unavailable();
        assert_eq!(app.anonymous().get("/auth/healthz").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_write_that_waited_while_the_file_was_replaced_is_not_lost() {
    let Some(app) = App::on_sqlite().await else { return };
    app.ann().await;
    let path = file(&app.database);
    let copy = back_up(&path);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut registration = Box::pin(register(&app, BOB));
    // In this time the hash is made, and the writer begins to wait for the lock.
    for _ in 0..30 {
        assert!(registration.as_mut().now_or_never().is_none());
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    for file in files(&path) {
        fs::remove_file(file).unwrap();
    }
    fs::rename(copy, &path).unwrap();
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    let acknowledged = registration.await.status == StatusCode::CREATED;
    let database = app.outside().await;
    let kept = database.number("SELECT count(*) FROM users WHERE email = 'bob@example.org'").await == 1;
    assert_eq!(acknowledged, kept);
}
