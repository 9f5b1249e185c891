//! `GET /healthz` and `GET /readyz`.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::App;

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
