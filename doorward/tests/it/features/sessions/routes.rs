//! `GET` and `DELETE /sessions`, `DELETE /sessions/{id}`.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;

use crate::app::{ANN, App, BOB, PASSWORD, config};

#[tokio::test]
async fn sessions_are_listed_newest_first_without_their_tokens() {
    let app = App::new().await;
    app.register(ANN).await;
    app.user(BOB).await;
    let token = app.token(ANN).await;
    app.advance(Duration::from_secs(5));
    let mut browser = app.browser().header("user-agent", "Firefox/\u{2028}\u{202e} <script>");
    browser.log_in(ANN, PASSWORD).await;
    let answer = browser.get("/auth/sessions").await;
    assert!(!answer.text.contains(&token) && !answer.text.contains("dw_s_"));
    let sessions = browser.sessions().await;
    assert_eq!(sessions.len(), 2);
    let names: Vec<_> = sessions[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "id",
        "current",
        "transport",
        "method",
        "acr",
        "amr",
        "authenticated_at",
        "created_at",
        "last_seen_at",
        "expires_at",
        "ip",
        "user_agent",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(sessions[0]["current"], true);
    assert_eq!(sessions[0]["transport"], "cookie");
    assert_eq!(sessions[0]["method"], "password");
    assert_eq!(sessions[0]["user_agent"], "Firefox/\u{2028}\u{202e} <script>");
    assert_eq!(sessions[1]["current"], false);
    assert_eq!(sessions[1]["transport"], "bearer");
    assert!(sessions[1]["created_at"].as_str() < sessions[0]["created_at"].as_str());
}

#[tokio::test]
async fn one_session_is_ended_by_its_id() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let other = app.bearer(&app.token(ANN).await);
    let sessions = ann.sessions().await;
    let id = sessions.iter().find(|session| session["current"] == false).unwrap()["id"].clone();
    let answer = ann.delete(&format!("/auth/sessions/{id}"), None).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert!(!other.is_logged_in().await);
    assert!(ann.is_logged_in().await);
    let again = ann.delete(&format!("/auth/sessions/{id}"), None).await;
    assert_eq!((again.status, &*again.code()), (StatusCode::NOT_FOUND, "not_found"));
}

#[tokio::test]
async fn the_session_of_another_user_cannot_be_ended() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let id = ann.sessions().await[0]["id"].clone();
    let answer = bob.delete(&format!("/auth/sessions/{id}"), None).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"));
    assert_eq!(bob.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
    assert!(ann.is_logged_in().await);
}

#[tokio::test]
async fn an_id_that_is_no_number_is_not_found() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for id in
        ["x", "-1", "0", "1.5", "9223372036854775808", "%00", "%ff", "%20", "a%2fb", "1;drop", "%F0%9F%98%80"]
    {
        let answer = ann.delete(&format!("/auth/sessions/{id}"), None).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{id}");
    }
    assert!(ann.is_logged_in().await);
}

#[tokio::test]
async fn all_other_sessions_are_ended_and_this_one_stays() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let others = [app.bearer(&app.token(ANN).await), app.browser_of(ANN).await];
    assert_eq!(ann.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
    for other in &others {
        assert!(!other.is_logged_in().await);
    }
    assert!(ann.is_logged_in().await);
    assert_eq!(ann.sessions().await.len(), 1);
}

#[tokio::test]
async fn expired_sessions_are_not_listed() {
    let app = App::with(Config { session_lifetime: Duration::from_secs(1000), ..config() }).await;
    app.register(ANN).await;
    app.token(ANN).await;
    app.advance(Duration::from_secs(1000));
    let mut ann = app.bearer(&app.token(ANN).await);
    assert_eq!(ann.sessions().await.len(), 1);
}
