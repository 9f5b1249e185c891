//! How long sessions live.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;

use crate::app::{ANN, App, config};

#[tokio::test]
async fn each_token_ends_to_the_second() {
    let app = App::with(Config { session_lifetime: Duration::from_secs(1000), ..config() }).await;
    app.register(ANN).await;
    let first = app.token(ANN).await;
    app.advance(Duration::from_secs(500));
    let second = app.token(ANN).await;
    let status = async |token: &str| app.bearer(token).get("/auth/me").await.status;
    // The clock goes on during the test, so 30 seconds are left as a margin.
    app.advance(Duration::from_secs(470));
    assert_eq!((status(&first).await, status(&second).await), (StatusCode::OK, StatusCode::OK));
    app.advance(Duration::from_secs(30));
    assert_eq!((status(&first).await, status(&second).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    app.advance(Duration::from_secs(500));
    assert_eq!(status(&second).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_lifetime_that_is_shortened_ends_older_tokens() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let strict = app.sibling(Config { session_lifetime: Duration::from_secs(3600), ..config() }).await;
    assert_eq!(strict.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
    let listed = strict.bearer(&token).get("/auth/sessions").await.json();
    let moment = |name: &str| listed[0][name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(moment("expires_at").as_second() - moment("created_at").as_second(), 3600);
    strict.advance(Duration::from_secs(3600));
    assert_eq!(strict.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unused_session_ends() {
    let app = App::with(Config { session_idle_timeout: Duration::from_secs(600), ..config() }).await;
    app.register(ANN).await;
    let (used, unused) = (app.token(ANN).await, app.token(ANN).await);
    for _ in 0..3 {
        app.advance(Duration::from_secs(400));
        assert_eq!(app.bearer(&used).get("/auth/me").await.status, StatusCode::OK);
    }
    assert_eq!(app.bearer(&unused).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let listed = app.bearer(&used).get("/auth/sessions").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    app.advance(Duration::from_secs(600));
    assert_eq!(app.bearer(&used).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn use_does_not_prolong_a_session_beyond_its_lifetime() {
    let idle = Duration::from_secs(600);
    let app = App::with(Config { session_idle_timeout: idle, session_lifetime: idle * 3, ..config() }).await;
    let mut ann = app.ann().await;
    for _ in 0..5 {
        app.advance(Duration::from_secs(350));
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    }
    app.advance(Duration::from_secs(50));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_ended_session_stays_ended_when_the_clock_goes_back() {
    let app = App::new().await;
    app.register(ANN).await;
    let (revoked, kept) = (app.token(ANN).await, app.token(ANN).await);
    app.anonymous().form("/auth/revoke", &[("token", &revoked)]).await;
    app.go_back(Duration::from_secs(3600));
    assert_eq!(app.bearer(&revoked).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(&kept).get("/auth/me").await.status, StatusCode::OK);
    app.advance(Duration::from_secs(10 * 365 * 86400));
    assert_eq!(app.bearer(&kept).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_remembered_session_expires_too() {
    let settings = doorward::Config {
        session_idle_timeout: Duration::from_secs(100),
        session_lifetime: Duration::from_secs(250),
        ..config()
    };
    let app = App::with(settings).await;
    app.stop_clock();
    let mut ann = app.ann().await;
    // It is used often enough until its lifetime ends.
    for seconds in [0, 99, 99, 51] {
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
        app.advance(Duration::from_secs(seconds));
    }
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    app.advance(Duration::from_secs(1));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);

    let mut ann = app.bearer(&app.token(ANN).await);
    for _ in 0..2 {
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    }
    app.advance(Duration::from_secs(100));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}
