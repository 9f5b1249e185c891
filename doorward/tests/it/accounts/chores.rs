//! One node at a time deletes the rows that have expired, and no others.

use std::{fmt::Write as _, time::Duration};

use axum::http::StatusCode;
use doorward::{Config, event::EventKind};

use crate::app::{ANN, App, PASSWORD, WRONG, config};

const DAY: u64 = 86_400;

/// Cleans up even if it is not time yet. Returns the number of deleted rows.
async fn clear(app: &App) -> u64 {
    app.execute("DELETE FROM chores").await;
    app.clean_up().await.unwrap().expect("no other node cleans up")
}

/// A hash as a literal in the SQL of this database.
fn hash(app: &App, number: u32) -> String {
    if app.database.starts_with("sqlite:") {
        format!("x'{number:064x}'")
    } else {
        format!("'\\x{number:064x}'::bytea")
    }
}

#[tokio::test]
async fn a_session_is_deleted_once_it_expires() {
    let app = App::new().await;
    app.register(ANN).await;
    let first = app.token(ANN).await;
    app.advance(Duration::from_secs(DAY - 60));
    let second = app.token(ANN).await;
    assert_eq!((clear(&app).await, app.count("sessions").await), (0, 2));
    assert_eq!(app.bearer(&first).get("/auth/me").await.status, StatusCode::OK);
    app.advance(Duration::from_secs(60));
    assert_eq!(app.bearer(&first).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!((clear(&app).await, app.count("sessions").await), (1, 1));
    assert_eq!(app.bearer(&second).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_node_at_a_time_cleans_up() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    assert_eq!(app.clean_up().await.unwrap(), Some(0));
    assert_eq!((other.clean_up().await.unwrap(), app.clean_up().await.unwrap()), (None, None));
    for node in [&app, &other] {
        node.advance(Duration::from_secs(300));
    }
    assert_eq!(other.clean_up().await.unwrap(), Some(0));
    assert_eq!(app.clean_up().await.unwrap(), None);
    // A clock that was wrong for a while does not block the next clean-up.
    app.go_back(Duration::from_secs(DAY));
    assert_eq!(app.clean_up().await.unwrap(), Some(0));
}

#[tokio::test]
async fn nodes_that_begin_together_clean_up_once() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    for _ in 0..20 {
        app.execute("DELETE FROM chores").await;
        let (one, another) = tokio::join!(app.clean_up(), other.clean_up());
        assert_eq!([one.unwrap(), another.unwrap()].iter().flatten().count(), 1);
    }
}

#[tokio::test]
async fn one_clean_up_deletes_all_expired_rows() {
    const MANY: u32 = 1700;
    let app = App::new().await;
    let id = app.register(ANN).await;
    let token = app.token(ANN).await;
    let mut insert = String::from(
        "INSERT INTO sessions (token_hash, id, user_id, transport, method, created_at, authenticated_at,
             last_seen_at, expires_at) VALUES ",
    );
    for number in 1..=MANY {
        let separator = if number == 1 { "" } else { ", " };
        write!(
            insert,
            "{separator}({}, {number}, {id}, 'bearer', 'password', 1, 1, 1, {number})",
            hash(&app, number)
        )
        .unwrap();
    }
    app.execute(&insert).await;
    assert_eq!((clear(&app).await, app.count("sessions").await), (u64::from(MANY), 1));
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sessions_that_expired_by_stricter_settings_are_deleted_too() {
    let app = App::new().await;
    let shorter = app.sibling(Config { session_lifetime: Duration::from_secs(3600), ..config() }).await;
    let idle = app.sibling(Config { session_idle_timeout: Duration::from_secs(600), ..config() }).await;
    app.register(ANN).await;
    let old = app.token(ANN).await;
    for app in [&app, &shorter, &idle] {
        app.advance(Duration::from_secs(3600));
    }
    let unused = app.token(ANN).await;
    assert_eq!((clear(&app).await, app.count("sessions").await), (0, 2));
    assert_eq!((clear(&shorter).await, app.count("sessions").await), (1, 1));
    assert_eq!(app.bearer(&old).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let used = app.token(ANN).await;
    for app in [&app, &shorter, &idle] {
        app.advance(Duration::from_secs(570));
    }
    // This use is in time. It is noted only in memory.
    assert_eq!(idle.bearer(&used).get("/auth/me").await.status, StatusCode::OK);
    for app in [&app, &idle] {
        app.advance(Duration::from_secs(50));
    }
    assert_eq!(idle.bearer(&unused).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (clear(&idle).await, app.count("sessions").await),
        (0, 2),
        "another node may know of a later use"
    );
    // Listing the sessions writes their last use to the table.
    assert_eq!(idle.bearer(&used).get("/auth/sessions").await.status, StatusCode::OK);
    idle.advance(Duration::from_secs(45));
    assert_eq!((clear(&idle).await, app.count("sessions").await), (1, 1));
    assert_eq!(idle.bearer(&used).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn events_are_kept_for_the_configured_time() {
    let app = App::with(Config { events_retention: Duration::from_secs(2 * DAY), ..config() }).await;
    let for_ever = app.sibling(Config { events_retention: Duration::ZERO, ..config() }).await;
    app.register(ANN).await;
    app.advance(Duration::from_secs(2 * DAY - 60));
    app.token(ANN).await;
    assert_eq!(clear(&app).await, 0);
    app.advance(Duration::from_secs(60));
    for_ever.advance(Duration::from_secs(10_000 * DAY));
    assert_eq!(app.count("events").await, 2);
    clear(&for_ever).await;
    assert_eq!(app.count("events").await, 2);
    assert_eq!(clear(&app).await, 1);
    let left = app.events().next_page(10).await.unwrap();
    assert_eq!(left.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::LoggedIn]);
}

#[tokio::test]
async fn failures_are_kept_for_a_time_of_their_own() {
    let app = App::with(Config { failures_retention: Duration::from_secs(2 * DAY), ..config() }).await;
    app.register(ANN).await;
    app.anonymous().request_token(ANN, WRONG).await;
    app.advance(Duration::from_secs(2 * DAY - 60));
    app.anonymous().request_token(ANN, WRONG).await;
    assert_eq!((clear(&app).await, app.count("failures").await), (0, 2));
    app.advance(Duration::from_secs(61));
    assert_eq!((clear(&app).await, app.count("failures").await), (1, 1));
    assert_eq!(app.count("events").await, 1);
}

#[tokio::test]
async fn every_table_with_expiring_rows_is_cleaned() {
    let app = App::new().await;
    let id = app.register(ANN).await;
    let mut browser = app.browser();
    for password in [WRONG, PASSWORD] {
        browser.log_in(ANN, password).await;
        app.anonymous().request_token("bo@example.org", password).await;
    }
    app.execute(&format!(
        "INSERT INTO one_time_tokens (token_hash, user_id, purpose, sent_to, sent_to_key, asked_at, expires_at)
             VALUES ({}, {id}, 'reset_password', 'a@x.org', 'a@x.org', 1, 2);
         INSERT INTO mails (id, letter, language, details, created_at, attempts, due_at, dead_at)
             VALUES (1, 'reset_password', 'en', '{{}}', 1, 1, 1, 2)",
        hash(&app, 1)
    ))
    .await;
    let tables = ["sessions", "one_time_tokens", "attempts", "devices", "mails", "events", "failures"];
    for table in tables {
        assert!(app.count(table).await > 0, "nothing in {table}");
    }
    app.advance(Duration::from_secs(500 * DAY));
    clear(&app).await;
    for table in tables {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.count("users").await, 1);
}
