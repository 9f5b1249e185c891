//! `GET` and `DELETE /me`, and the routes that need a session.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{ANN, App, NEW_PASSWORD, PASSWORD, WRONG};

#[tokio::test]
async fn me_is_the_user_who_registered() {
    let app = App::new().await;
    let id = app.register("Ann@Example.org").await;
    let me = app.bearer(&app.token(ANN).await).get("/auth/me").await;
    assert_eq!(me.headers["content-type"], "application/json");
    let me = me.json();
    let moment = &me["created_at"];
    assert_eq!(
        me,
        json!({"id": id, "email": "Ann@Example.org", "email_verified_at": null, "created_at": moment, "updated_at": moment})
    );
    let moment = moment.as_str().unwrap();
    assert!(moment.len() == 20 && moment.ends_with('Z') && moment.parse::<jiff::Timestamp>().is_ok());
}

#[tokio::test]
async fn deleting_an_account_takes_its_password() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let answer = ann.delete_account(WRONG).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
    assert_eq!(ann.delete("/auth/me", Some(json!({}))).await.wrong_fields(), ["password"]);
    assert_eq!(ann.delete("/auth/me", None).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    let mut browser = app.browser_of(ANN).await;
    let other = browser.clone();
    let answer = browser.delete_account(PASSWORD).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!browser.cookies.contains_key("doorward"));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(other.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let gone = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
    app.register(ANN).await;
}

#[tokio::test]
async fn the_routes_of_an_account_need_a_session() {
    let app = App::new().await;
    let body = json!({"password": PASSWORD, "email": ANN, "current_password": PASSWORD, "new_password": NEW_PASSWORD});
    for (method, path) in [
        ("GET", "/auth/me"),
        ("PATCH", "/auth/me"),
        ("DELETE", "/auth/me"),
        ("POST", "/auth/password"),
        ("GET", "/auth/sessions"),
        ("DELETE", "/auth/sessions"),
        ("DELETE", "/auth/sessions/1"),
    ] {
        let method: axum::http::Method = method.parse().unwrap();
        let sent =
            app.anonymous().send(method.clone(), path, Some("application/json"), body.to_string()).await;
        assert_eq!(
            (sent.status, &*sent.code()),
            (StatusCode::UNAUTHORIZED, "not_authenticated"),
            "{method} {path}"
        );
        // Without a session the answer does not describe the body.
        let sent = app.anonymous().send(method.clone(), path, None, "").await;
        assert_eq!(sent.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}
