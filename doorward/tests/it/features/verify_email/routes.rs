//! `POST /verify-email`, `POST /verify-email/request`, and the limits of an unverified account.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use crate::{
    app::{ANN, App, PASSWORD, config, refusal},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn an_address_is_verified_by_link_or_by_code() {
    for by_code in [false, true] {
        let app = App::with(with_mail()).await;
        let mut ann = app.ann().await;
        assert!(ann.get("/auth/me").await.json()["email_verified_at"].is_null());
        let mail = app.newest_mail(ANN).await;
        let proof = if by_code {
            json!({"email": ANN, "code": mail.code()})
        } else {
            json!({"token": mail.token("verify-email")})
        };
        let answer = app.anonymous().post("/auth/verify-email", proof.clone()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        assert!(ann.get("/auth/me").await.json()["email_verified_at"].is_string());
        let again = app.anonymous().post("/auth/verify-email", proof).await;
        assert_eq!((again.status, &*again.code()), (StatusCode::BAD_REQUEST, "invalid_link"));
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn another_mail_can_be_requested_and_replaces_the_first() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let first = app.newest_mail(ANN).await;
    let known = app.anonymous().post("/auth/verify-email/request", json!({"email": ANN})).await;
    let unknown = app.anonymous().post("/auth/verify-email/request", json!({"email": "x@example.org"})).await;
    assert_eq!((known.status, &known.text), (StatusCode::ACCEPTED, &unknown.text));
    assert_eq!((known.headers, unknown.status), (unknown.headers, StatusCode::ACCEPTED));
    let second = app.newest_mail(ANN).await;
    assert_eq!(app.mails().await.len(), 2);
    let dead =
        app.anonymous().post("/auth/verify-email", json!({"token": first.token("verify-email")})).await;
    assert_eq!(dead.code(), "invalid_link");
    let link = json!({"token": second.token("verify-email")});
    assert_eq!(app.anonymous().post("/auth/verify-email", link).await.status, StatusCode::NO_CONTENT);
    // A verified user gets no further mail.
    app.anonymous().post("/auth/verify-email/request", json!({"email": ANN})).await;
    assert_eq!(app.mails().await.len(), 2);
}

#[tokio::test]
async fn a_link_lasts_a_day_and_ends_with_the_address() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    app.advance(Duration::from_secs(24 * 3600));
    let late = json!({"token": app.newest_mail(ANN).await.token("verify-email")});
    app.advance(Duration::from_secs(24 * 3600));
    assert_eq!(app.anonymous().post("/auth/verify-email", late).await.code(), "invalid_link");
    app.anonymous().post("/auth/verify-email/request", json!({"email": ANN})).await;
    let link = json!({"token": app.newest_mail(ANN).await.token("verify-email")});
    let id = app.id_of(ANN).await;
    app.execute(&format!(
        "UPDATE users SET email = 'b@example.org', email_key = 'b@example.org' WHERE id = {id}"
    ))
    .await;
    assert_eq!(app.anonymous().post("/auth/verify-email", link).await.code(), "invalid_link");
    assert_eq!(app.find_user("b@example.org").await.unwrap().unwrap().email_verified_at, None);
}

#[tokio::test]
async fn a_user_cannot_set_the_verified_flag() {
    let app = App::with(with_mail()).await;
    let body = json!({"email": ANN, "password": PASSWORD, "email_verified": true, "email_verified_at": 1});
    assert_eq!(app.anonymous().post("/auth/register", body).await.status, StatusCode::CREATED);
    let mut ann = app.bearer(&app.token(ANN).await);
    let body = json!({"email": ANN, "email_verified": true, "email_verified_at": "2026-01-01T00:00:00Z"});
    ann.patch("/auth/me", body).await;
    assert!(ann.get("/auth/me").await.json()["email_verified_at"].is_null());
}

#[tokio::test]
async fn where_verifying_is_required_unverified_users_cannot_log_in() {
    let app = App::with(Config { require_verified_email: Some(true), ..with_mail() }).await;
    app.register(ANN).await;
    let token = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(token.status, StatusCode::BAD_REQUEST);
    assert_eq!(token.json()["error"], "invalid_grant");
    assert_eq!(token.json()["detail"], "Verify your e-mail address first");
    let login = app.browser().log_in(ANN, PASSWORD).await;
    assert_eq!((login.status, &*login.code()), (StatusCode::FORBIDDEN, "email_not_verified"));
    assert!(login.headers.get("set-cookie").is_none());
    // The message needs the correct password.
    let wrong = app.browser().log_in(ANN, "wrong").await;
    assert_eq!((wrong.status, &*wrong.code()), (StatusCode::UNAUTHORIZED, "wrong_credentials"));
    let link = json!({"token": app.newest_mail(ANN).await.token("verify-email")});
    assert_eq!(app.anonymous().post("/auth/verify-email", link).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn requiring_verified_addresses_needs_mail() {
    let config = Config { require_verified_email: Some(true), ..config() };
    let error = refusal(config).await;
    assert!(error.contains("require_verified_email") && error.contains("smtp_url"), "{error}");
}

#[tokio::test]
async fn a_correct_password_of_an_unverified_user_is_no_guess() {
    let app = App::with(Config { require_verified_email: Some(true), ..with_mail() }).await;
    app.register(ANN).await;
    for _ in 0..10 {
        let login = app.browser().log_in(ANN, PASSWORD).await;
        assert_eq!((login.status, &*login.code()), (StatusCode::FORBIDDEN, "email_not_verified"));
    }
    app.verify(ANN).await;
    app.token(ANN).await;
}

#[tokio::test]
async fn a_code_works_for_ten_minutes_and_its_link_for_a_day() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mail = app.newest_mail(ANN).await;
    assert!(mail.text.contains("within 10 minutes"), "{}", mail.text);
    app.advance(Duration::from_secs(10 * 60));
    let code = json!({"email": ANN, "code": mail.code()});
    assert_eq!(app.anonymous().post("/auth/verify-email", code).await.code(), "invalid_link");
    // A new code can be requested at once.
    app.anonymous().post("/auth/verify-email/request", json!({"email": ANN})).await;
    let code = app.newest_mail(ANN).await.code();
    app.advance(Duration::from_secs(9 * 60));
    let code = json!({"email": ANN, "code": code});
    assert_eq!(app.anonymous().post("/auth/verify-email", code).await.status, StatusCode::NO_CONTENT);
}
