//! A password needs the code of a mail too, in a browser that is not known: `new_device_code`.

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use super::{finish_by_code, finish_by_link};
use crate::{
    app::{ANN, App, PASSWORD, Phone, with_key},
    mail::mailbox::with_mail,
    visitor::{error_of, leads_to, visitor},
};

fn with_codes() -> Config {
    Config { new_device_code: true, ..with_key(with_mail()) }
}

#[tokio::test]
async fn an_unknown_browser_needs_the_code_of_a_mail_and_is_known_afterwards() {
    for by_code in [false, true] {
        let app = App::with(with_codes()).await;
        app.add_verified(ANN).await;
        let mut browser = app.browser();
        let answer = browser.log_in(ANN, PASSWORD).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
        assert_eq!(answer.json()["methods"], json!(["email"]));
        assert_eq!(app.count("sessions").await, 0);
        assert!(
            !browser.cookies.contains_key("doorward") && !browser.cookies.contains_key("doorward-device")
        );
        let mail = app.newest_mail(ANN).await;
        assert!(
            mail.text.contains("right password") && mail.subject.starts_with(&mail.code()),
            "{}",
            mail.text
        );
        finish_by_code(&mut browser, "AAAA-AAAA").await.assert_invalid_link();
        let answer = match by_code {
            true => finish_by_code(&mut browser, &mail.code()).await,
            false => finish_by_link(&mut browser, &mail).await,
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        // It is no second factor.
        let session = &browser.sessions().await[0];
        assert_eq!((&session["method"], &session["acr"]), (&json!("password"), &json!("aal1")));
        browser.log_out().await;
        assert_eq!(browser.log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_program_gets_the_code_in_two_steps_and_is_known_by_its_device_token() {
    let app = App::with(with_codes()).await;
    app.add_verified(ANN).await;
    let told = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    let told = told.json();
    assert_eq!((&told["error"], &told["mfa_methods"]), (&json!("mfa_required"), &json!(["email"])));
    let code = app.newest_mail(ANN).await.code();
    let form = |code: &str| {
        let token = told["mfa_token"].as_str().unwrap().to_owned();
        [
            ("grant_type", "urn:doorward:grant:email".to_owned()),
            ("login_token", token),
            ("code", code.to_owned()),
        ]
    };
    let send = async |fields: [(&str, String); 3]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
        app.anonymous().form("/auth/token", &fields).await
    };
    let wrong = send(form("AAAA-AAAA")).await;
    assert_eq!((wrong.status, &wrong.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_grant")));
    let logged_in = send(form(&code)).await;
    assert_eq!(logged_in.status, StatusCode::OK, "{}", logged_in.text);
    let device = logged_in.json()["device_token"].as_str().unwrap().to_owned();
    let again = [("username", ANN), ("password", PASSWORD), ("device_token", &device)];
    assert_eq!(app.anonymous().form("/auth/token", &again).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_asks_for_the_code() {
    let app = App::with(with_codes()).await;
    app.add_verified(ANN).await;
    let mut browser = visitor(&app);
    let answer = browser.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/login/code");
    let page = browser.get("/auth/login/code").await;
    assert!(page.text.contains("We do not know this browser yet") && page.text.contains(ANN));
    assert!(!page.text.contains("login/code/again"), "the password is asked for again");
    let code = app.newest_mail(ANN).await.code();
    let wrong = browser.form("/auth/login/code", &[("code", "AAAA-AAAA")]).await;
    assert!(error_of(&wrong, "code").unwrap().starts_with("This code does not work"));
    let answer = browser.form("/auth/login/code", &[("code", &code)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
}

#[tokio::test]
async fn users_with_a_second_factor_and_those_with_an_unverified_address_are_not_asked() {
    let app = App::with(with_codes()).await;
    let mut ann = app.ann().await;
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    Phone::add(&app, &mut ann).await;
    app.execute("UPDATE users SET email_verified_at = 1").await;
    let answer = app.browser().log_in(ANN, PASSWORD).await;
    assert_eq!(answer.json()["methods"], json!(["totp", "recovery_code"]));
}

#[tokio::test]
async fn another_password_between_the_steps_ends_the_log_in() {
    let app = App::with(with_codes()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser();
    browser.log_in(ANN, PASSWORD).await;
    let mail = app.newest_mail(ANN).await;
    assert!(app.set_password(app.id_of(ANN).await, "yet another one, longer").await.unwrap());
    let answer = finish_by_code(&mut browser, &mail.code()).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "login_expired"));
}

#[tokio::test]
async fn it_is_off_by_default() {
    let app = App::with(with_mail()).await;
    app.add_verified(ANN).await;
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.status, StatusCode::OK);
}
