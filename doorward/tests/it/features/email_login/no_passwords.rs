//! A service without passwords: `password_login = false`.

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use super::{by_mail, finish_by_code, mail};
use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD},
    visitor::{leads_to, visitor},
};

fn without_passwords() -> Config {
    Config { password_login: false, ..by_mail() }
}

#[tokio::test]
async fn every_route_about_passwords_says_that_there_are_none() {
    let app = App::with(without_passwords()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    assert_eq!(finish_by_code(&mut browser, &mail.code()).await.status, StatusCode::OK);
    for (path, body) in [
        ("/auth/login", json!({"email": ANN, "password": PASSWORD})),
        ("/auth/forgot-password", json!({"email": ANN})),
        ("/auth/reset-password", json!({"token": "dw_r_x", "new_password": NEW_PASSWORD})),
        ("/auth/login-attempt", json!({"email": ANN})),
        ("/auth/password", json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD})),
    ] {
        let answer = browser.post(path, body).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "password_login_off"), "{path}");
    }
    let answer = app.anonymous().request_token(ANN, PASSWORD).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["error"]), (StatusCode::BAD_REQUEST, &json!("unsupported_grant_type")));
    let answer = app.anonymous().register(BOB, PASSWORD).await;
    assert_eq!(answer.wrong_fields(), ["password"]);
}

#[tokio::test]
async fn people_register_with_their_address_alone_and_log_in_by_mail() {
    let app = App::with(without_passwords()).await;
    let answer = app.anonymous().post("/auth/register", json!({"email": ANN})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(app.count("credentials").await, 0);
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    assert!(!mail.text.contains("removed"), "there is no password: {}", mail.text);
    assert_eq!(finish_by_code(&mut browser, &mail.code()).await.status, StatusCode::OK);
    // With passwords, one is needed.
    let app = App::with(by_mail()).await;
    let answer = app.anonymous().post("/auth/register", json!({"email": ANN})).await;
    assert_eq!(answer.wrong_fields(), ["password"]);
}

#[tokio::test]
async fn no_page_has_a_field_for_a_password() {
    let app = App::with(without_passwords()).await;
    let mut browser = visitor(&app);
    for page in ["login", "register", "login/email"] {
        let page = browser.get(&format!("/auth/{page}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            !page.text.contains("type=\"password\"") && !page.text.contains("forgot-password"),
            "{}",
            page.text
        );
    }
    assert!(browser.get("/auth/login").await.text.contains("Mail me a link"));
    for page in ["forgot-password", "reset-password"] {
        let page = browser.get(&format!("/auth/{page}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text.contains("There are no passwords here"));
    }
    // Registering goes on to the code of the mail, which logs in.
    let answer = browser.form("/auth/register?next=/start", &[("email", ANN)]).await;
    assert_eq!(leads_to(&answer), "/auth/login/code?next=%2Fstart");
    let code = app.newest_mail(ANN).await.code();
    assert_eq!(leads_to(&browser.form("/auth/login/code", &[("code", &code)]).await), "/start");
    let account = browser.get("/auth/account").await;
    assert!(account.text.contains(ANN) && !account.text.contains("account/password"), "{}", account.text);
}

#[tokio::test]
async fn stored_passwords_work_again_when_the_setting_comes_back() {
    let app = App::with(without_passwords()).await;
    app.add_verified(ANN).await;
    let with = app.sibling(by_mail()).await;
    assert_eq!(with.browser().log_in(ANN, PASSWORD).await.status, StatusCode::OK);
}
