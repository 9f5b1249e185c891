//! The log-in by mail of a program: `grant_type=urn:doorward:grant:email`.

use axum::http::StatusCode;
use serde_json::json;

use super::by_mail;
use crate::app::{ANN, Answer, App, Phone, with_key};

async fn begin(app: &App) -> String {
    let asked = json!({"email": ANN, "transport": "bearer"});
    let mut program = app.anonymous();
    let answer = program.post("/auth/login/email", asked).await;
    assert_eq!((answer.status, &answer.json()["expires_in"]), (StatusCode::ACCEPTED, &json!(1800)));
    assert!(program.cookies.is_empty());
    answer.json()["login_token"].as_str().unwrap().to_owned()
}

async fn grant(app: &App, login_token: &str, code: &str) -> Answer {
    let form = [("grant_type", "urn:doorward:grant:email"), ("login_token", login_token), ("code", code)];
    app.anonymous().form("/auth/token", &form).await
}

#[tokio::test]
async fn an_app_gets_its_token_by_the_code_of_the_mail_however_far_its_browser_is() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let login_token = begin(&app).await;
    let mail = app.newest_mail(ANN).await;
    // The link opens in the phone's browser, which has no cookie. It shows the code to type into the app.
    let link = format!("/auth/login/link?token={}", mail.token("login/link"));
    let page = app.browser().header("accept", "text/html").get(&link).await;
    assert!(
        page.text.contains(&mail.code()) && !page.text.contains("<form class=\"stack\""),
        "{}",
        page.text
    );
    let answer = grant(&app, &login_token, &mail.code()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(app.bearer(&answer.token()).get("/auth/me").await.json()["email"], ANN);
    let answer = grant(&app, &login_token, &mail.code()).await;
    assert_eq!((answer.status, &answer.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_code_works_only_with_the_token_of_its_log_in() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let first = begin(&app).await;
    // Mails of the same moment arrive in any order, so the earlier one is sent first.
    app.mails().await;
    let second = begin(&app).await;
    let code = app.newest_mail(ANN).await.code();
    let right = [grant(&app, &first, &code).await.status, grant(&app, &second, &code).await.status];
    assert_eq!(right.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{right:?}");
    let made_up = grant(&app, "dw_p_nothing", &code).await;
    assert_eq!(
        (made_up.status, &made_up.json()["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
}

#[tokio::test]
async fn a_second_factor_is_asked_for_after_the_code() {
    let app = App::with(with_key(by_mail())).await;
    let mut ann = app.ann().await;
    app.execute("UPDATE users SET email_verified_at = 1").await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    app.mails().await;
    let login_token = begin(&app).await;
    let code = app.newest_mail(ANN).await.code();
    let told = grant(&app, &login_token, &code).await;
    assert_eq!((told.status, &told.json()["error"]), (StatusCode::BAD_REQUEST, &json!("mfa_required")));
    let mfa_token = told.json()["mfa_token"].as_str().unwrap().to_owned();
    let form =
        [("grant_type", "urn:doorward:grant:mfa"), ("mfa_token", &*mfa_token), ("otp", &*phone.next(&app))];
    assert_eq!(app.anonymous().form("/auth/token", &form).await.status, StatusCode::OK);
}
