//! `GET /healthz` and `GET /readyz`.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{ANN, App, config};

#[tokio::test]
async fn the_server_reports_that_it_lives_and_that_it_is_ready() {
    let app = App::new().await;
    for path in ["/auth/healthz", "/auth/readyz"] {
        let answer = app.anonymous().get(path).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"status": "ok"})));
    }
    app.start_draining();
    assert_eq!(app.anonymous().get("/auth/healthz").await.status, StatusCode::OK);
    let answer = app.anonymous().get("/auth/readyz").await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert!((1..=4).contains(&answer.retry_after()));
}

#[tokio::test]
async fn a_check_writes_only_after_a_write_failed() {
    let app = App::new().await;
    app.register(ANN).await;
    for _ in 0..5 {
        assert_eq!(app.anonymous().get("/auth/readyz").await.status, StatusCode::OK);
        app.advance(Duration::from_secs(1));
    }
    assert_eq!(app.count("chores").await, 0);
    // While the server has written nothing, the first check does.
    let fresh = app.sibling(config()).await;
    for _ in 0..3 {
        assert_eq!(fresh.anonymous().get("/auth/readyz").await.status, StatusCode::OK);
    }
    let written = if app.database.starts_with("sqlite:") { 1 } else { 0 };
    assert_eq!(app.count("chores WHERE name = 'check_writes'").await, written);
}
