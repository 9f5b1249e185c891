//! `POST /logout`.

use axum::http::StatusCode;

use crate::app::{ANN, App};

#[tokio::test]
async fn logging_out_ends_the_session_and_forgets_the_cookie() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let kept = browser.clone();
    let answer = browser.log_out().await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert_eq!(answer.headers["set-cookie"], "doorward=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(!browser.cookies.contains_key("doorward"));
    assert!(!kept.is_logged_in().await);
    // Logging out again with the old cookie, or without one, succeeds too.
    assert_eq!(kept.clone().log_out().await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.log_out().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn logging_out_ends_a_bearer_session_too_and_no_other() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let other = app.bearer(&app.token(ANN).await);
    // The request needs no body.
    let answer = ann.send(axum::http::Method::POST, "/auth/logout", None, "").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!ann.is_logged_in().await);
    assert!(other.is_logged_in().await);
    assert_eq!(app.bearer("garbage").log_out().await.status, StatusCode::NO_CONTENT);
}
