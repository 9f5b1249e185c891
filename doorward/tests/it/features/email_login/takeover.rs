//! The first proof that mail reaches an unverified account takes it from the person who made it.

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use super::{by_mail, finish_by_code, finish_by_link, in_one_line, mail};
use crate::app::{ANN, App, PASSWORD, Phone, with_key};

#[tokio::test]
async fn the_first_proof_of_an_unverified_address_removes_password_factors_and_sessions_and_the_letter_says_so()
 {
    for by_code in [false, true] {
        let app = App::with(with_key(by_mail())).await;
        // A stranger registers with the address of Ann, adds an app, and waits.
        let mut stranger = app.ann().await;
        Phone::add(&app, &mut stranger).await;
        let mut browser = app.browser();
        let mail = mail(&app, &mut browser, ANN).await;
        assert!(in_one_line(&mail).contains("password that was set before is removed"), "{}", mail.text);
        let answer = match by_code {
            true => finish_by_code(&mut browser, &mail.code()).await,
            false => finish_by_link(&mut browser, &mail).await,
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.json()["email_verified_at"].is_string() || answer.json()["email_verified"] == true);
        assert_eq!(stranger.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        let tried = app.anonymous().request_token(ANN, PASSWORD).await;
        assert_eq!(tried.status, StatusCode::UNAUTHORIZED);
        for (table, left) in [("credentials", 0), ("totp", 0), ("recovery_codes", 0), ("sessions", 1)] {
            assert_eq!(app.count(table).await, left, "{table}");
        }
        assert_eq!(app.count("events WHERE kind = 'email_verified'").await, 1);
    }
}

#[tokio::test]
async fn a_verified_address_keeps_password_and_sessions() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    assert!(!mail.text.contains("removed"), "{}", mail.text);
    assert_eq!(finish_by_link(&mut browser, &mail).await.status, StatusCode::OK);
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    app.token(ANN).await;
}

#[tokio::test]
async fn an_unverified_account_that_must_be_verified_logs_in_by_mail() {
    let app = App::with(Config { require_verified_email: Some(true), ..by_mail() }).await;
    app.add(ANN).await;
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    let answer = browser.post("/auth/login/email/finish", json!({"code": mail.code()})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}
