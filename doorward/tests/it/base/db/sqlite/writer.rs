//! SQLite: another program holds the write lock, or the disk is full.

use std::{
    cell::Cell,
    io::Write,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use futures_util::{FutureExt, future::join_all};
use rusqlite::Connection;

use crate::{
    app::{ANN, Answer, App, BOB, PASSWORD, config, file, is_root, postgres_server},
    waiting::{promptly, until},
};

/// Another program that holds the write lock of the database.
fn lock(app: &App) -> Connection {
    let other = Connection::open(file(&app.database)).unwrap();
    other.busy_timeout(Duration::from_secs(10)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

#[tokio::test]
async fn while_another_program_writes_reads_go_on_and_writes_wait() {
    let Some(app) = App::on_sqlite().await else { return };
    let (ann, mut bob) = (app.ann().await, app.user(BOB).await);
    let other = lock(&app);
    let (mut eve, mut leaving, mut changing) = (app.anonymous(), ann.clone(), bob.clone());
    let mut writes = Box::pin(async {
        tokio::join!(
            eve.register("eve@example.org", PASSWORD),
            app.token(ANN),
            leaving.log_out(),
            changing.change_email("bob@example.com"),
        )
    });
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(600) {
        assert!(writes.as_mut().now_or_never().is_none(), "a write was acknowledged under the lock");
        assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
        assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    other.execute_batch("ROLLBACK").unwrap();
    let (registered, token, left, changed) = promptly(writes).await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.text);
    assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.text);
    assert_eq!(changed.json()["email"], "bob@example.com");
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn under_a_long_lock_writes_are_refused_in_time() {
    let Some(app) = App::on_sqlite().await else { return };
    let (ann, mut bob) = (app.ann().await, app.user(BOB).await);
    let other = lock(&app);
    let refused = Cell::new(false);
    let writes = async {
        let registrations = join_all((0..20).map(async |number| {
            promptly(app.anonymous().register(&format!("u{number}@example.org"), PASSWORD)).await
        }));
        let (mut eve, mut leaving, mut changing) = (app.anonymous(), ann.clone(), ann.clone());
        let (registrations, token, left, changed) = tokio::join!(
            registrations,
            promptly(eve.request_token(ANN, PASSWORD)),
            promptly(leaving.log_out()),
            promptly(changing.change_email("x@example.org")),
        );
        registrations.iter().chain([&token, &left, &changed]).for_each(Answer::assert_unavailable);
        refused.set(true);
    };
    let reads = async {
        while !refused.get() {
            assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::join!(writes, reads);
    promptly(app.anonymous().get("/auth/readyz")).await.assert_unavailable();
    other.execute_batch("ROLLBACK").unwrap();
    until("the server is ready again", || async {
        app.anonymous().get("/auth/readyz").await.status == StatusCode::OK
    })
    .await;
    // The refused writes were not made. A new attempt succeeds.
    assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::OK);
    until("writes are made again", || async { ann.clone().log_out().await.status == StatusCode::NO_CONTENT })
        .await;
    assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let database = app.outside().await;
    assert_eq!(database.number("SELECT count(*) FROM users").await, 2);
}

/// A small disk. Unmounted when dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    /// Mounts the disk. Returns `None` if this user may not mount one.
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = is_root()
            && Command::new("mount")
                .args(["-t", "tmpfs", "-o", &format!("size={size}"), "doorward-test"])
                .arg(folder.path())
                .status()
                .is_ok_and(|status| status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[tokio::test]
async fn on_a_full_disk_reads_go_on_and_lost_writes_are_not_acknowledged() {
    if postgres_server().is_some() {
        return;
    }
    let Some(disk) = Disk::new("3m") else {
        return println!("skipped: only root may mount a small disk");
    };
    let app = App::on(&format!("sqlite:{}", disk.path().join("app.db").display()), config()).await;
    let (mut ann, mut bob) = (app.ann().await, app.user(BOB).await);
    let ballast = disk.path().join("ballast");
    let mut fill = std::fs::File::create(&ballast).unwrap();
    while fill.write_all(&[1; 4096]).is_ok() {}

    let mut registered = Vec::new();
    let mut refused = 0;
    for number in 0..500 {
        let email = format!("u{number}@example.org");
        let answer = promptly(app.anonymous().register(&email, PASSWORD)).await;
        if answer.status == StatusCode::CREATED {
            registered.push(email);
        } else {
            answer.assert_unavailable();
            refused += 1;
        }
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
        if refused == 10 {
            break;
        }
    }
    assert_eq!(refused, 10, "the disk was never full");
    let answers = join_all((0..30).map(|number| {
        let (app, ann) = (&app, &ann);
        async move {
            match number % 3 {
                0 => ann.clone().log_out().await,
                1 => ann.clone().change_email("a@example.org").await,
                _ => app.anonymous().request_token(ANN, PASSWORD).await,
            }
        }
    }))
    .await;
    answers.iter().for_each(Answer::assert_unavailable);
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    for _ in 0..3 {
        promptly(app.anonymous().get("/auth/readyz")).await.assert_unavailable();
    }
    assert_eq!(app.anonymous().get("/auth/healthz").await.status, StatusCode::OK);

    std::fs::remove_file(ballast).unwrap();
    drop(fill);
    // No other write is made meanwhile.
    until("the server is ready again", || async {
        app.anonymous().get("/auth/readyz").await.status == StatusCode::OK
    })
    .await;
    until("writes are made again", || async {
        let mut ann = ann.clone();
        ann.log_out().await.status == StatusCode::NO_CONTENT
    })
    .await;
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(bob.log_out().await.status, StatusCode::NO_CONTENT);
    for email in registered {
        app.token(&email).await;
    }
    let database = app.outside().await;
    database.assert_sound();
}
