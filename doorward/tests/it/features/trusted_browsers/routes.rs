//! Trusting a browser, and what ends it.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use crate::{
    app::{ANN, Actor, App, BOB, NEW_PASSWORD, PASSWORD, Phone, config, with_key},
    mail::mailbox::with_mail,
};

/// A browser in which Ann has ticked the box at the second step.
pub(super) async fn trusting<'a>(app: &'a App, phone: &Phone) -> Actor<'a> {
    let mut browser = app.browser().header("user-agent", "Mozilla/5.0 (X11; Linux) Firefox/140.0");
    browser.log_in(ANN, PASSWORD).await;
    let step = json!({"otp": phone.next(app), "trust_browser": true});
    let answer = browser.post("/auth/login/second-step", step).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    browser
}

/// Logs in once more. Returns the code of the refusal, or `logged in`.
async fn again(browser: &mut Actor<'_>, password: &str) -> String {
    let answer = browser.log_in(ANN, password).await;
    if answer.status == StatusCode::OK { "logged in".to_owned() } else { answer.code() }
}

async fn ann(config: Config) -> (App, Phone, Vec<String>) {
    let app = App::with(with_key(config)).await;
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let (phone, codes) = Phone::add(&app, &mut ann).await;
    (app, phone, codes)
}

#[tokio::test]
async fn a_trusted_browser_needs_the_password_alone_for_thirty_days_and_tells_that() {
    let (app, phone, _) = ann(config()).await;
    let mut browser = trusting(&app, &phone).await;
    assert_eq!(browser.sessions().await[0]["acr"], "aal2");
    assert_eq!(app.count("events WHERE kind = 'browser_trusted'").await, 1);
    // It is not tied to a session, and later log-ins do not end it.
    browser.log_out().await;
    for _ in 0..3 {
        assert_eq!(again(&mut browser, PASSWORD).await, "logged in");
        let session = browser.sessions().await[0].clone();
        assert_eq!((&session["acr"], &session["amr"]), (&json!("aal1"), &json!(["pwd"])), "honestly");
        phone.wait(&app, 9 * 24 * 3600);
    }
    assert_eq!(app.count("events WHERE kind = 'browser_trusted'").await, 1, "only a second step trusts");
    phone.wait(&app, 3 * 24 * 3600 - 100);
    assert_eq!(again(&mut browser, PASSWORD).await, "logged in");
    phone.wait(&app, 100);
    assert_eq!(again(&mut browser, PASSWORD).await, "second_step_required");
    // Without the box, the second step trusts no browser.
    browser.post("/auth/login/second-step", json!({"otp": phone.next(&app)})).await;
    assert_eq!(again(&mut browser, PASSWORD).await, "second_step_required");
}

#[tokio::test]
async fn a_stolen_cookie_alone_opens_nothing() {
    let (app, phone, _) = ann(config()).await;
    let browser = trusting(&app, &phone).await;
    let mut thief = app.browser();
    thief.cookies.insert("doorward-device".into(), browser.cookies["doorward-device"].clone());
    assert_eq!(thief.get("/auth/me").await.code(), "not_authenticated");
    assert_eq!(again(&mut thief, "not the password").await, "wrong_credentials");
    assert_eq!(app.count("pending_logins").await, 0);
    // The password without the cookie still needs the second step, also in a program.
    assert_eq!(again(&mut app.browser(), PASSWORD).await, "second_step_required");
    let device = browser.cookies["doorward-device"].clone();
    let form = [("username", ANN), ("password", PASSWORD), ("device_token", &*device)];
    let answer = app.anonymous().form("/auth/token", &form).await;
    assert_eq!((answer.status, &answer.json()["error"]), (StatusCode::BAD_REQUEST, &json!("mfa_required")));
}

#[tokio::test]
async fn trust_is_of_one_user() {
    let (app, phone, _) = ann(config()).await;
    let mut browser = trusting(&app, &phone).await;
    let id = i64::from(app.id_of(ANN).await);
    app.add(BOB).await;
    let mut bob = app.bearer(&app.token(BOB).await);
    let (_, _) = Phone::add(&app, &mut bob).await;
    let answer = browser.log_in(BOB, PASSWORD).await;
    assert_eq!(answer.code(), "second_step_required");
    assert_eq!(app.count(&format!("devices WHERE trusted_until > 0 AND user_id <> {id}")).await, 0);
}

#[tokio::test]
async fn a_program_and_a_first_step_trust_nothing() {
    let (app, phone, _) = ann(config()).await;
    let first = app.anonymous().request_token(ANN, PASSWORD).await.json();
    let code = phone.next(&app);
    let form = [
        ("grant_type", "urn:doorward:grant:mfa"),
        ("mfa_token", first["mfa_token"].as_str().unwrap()),
        ("otp", &*code),
        ("trust_browser", "true"),
    ];
    assert_eq!(app.anonymous().form("/auth/token", &form).await.status, StatusCode::OK);
    let mut browser = app.browser();
    let login = json!({"email": ANN, "password": PASSWORD, "trust_browser": true});
    assert_eq!(browser.post("/auth/login", login).await.code(), "second_step_required");
    for wrong in [json!("yes"), json!(1)] {
        let step = json!({"otp": "123456", "trust_browser": wrong});
        assert_eq!(browser.post("/auth/login/second-step", step).await.wrong_fields(), ["trust_browser"]);
    }
    assert_eq!(app.count("devices WHERE trusted_until IS NOT NULL").await, 0);
}

#[tokio::test]
async fn everything_that_ends_all_sessions_or_changes_a_factor_ends_the_trust() {
    for end in [
        "log out everywhere",
        "another password",
        "a forgotten password",
        "an operator's password",
        "disabled",
        "undo",
        "another app",
        "removed and added again",
        "reset by an operator",
        "removed in the list",
    ] {
        let (app, phone, _) = ann(with_mail()).await;
        let mut browser = trusting(&app, &phone).await;
        // The mails until now are sent, so the newest one is that of what comes.
        app.mails().await;
        let id = app.id_of(ANN).await;
        let mut ann = browser.clone();
        let mut password = PASSWORD;
        match end {
            "log out everywhere" => {
                assert_eq!(ann.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
            }
            "another password" => {
                let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
                let answer = browser.post("/auth/password", change).await;
                assert!(answer.status.is_success(), "{}", answer.text);
                password = NEW_PASSWORD;
            }
            "a forgotten password" => {
                app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
                let token = app.newest_mail(ANN).await.token("reset-password");
                let reset = json!({"token": token, "new_password": NEW_PASSWORD});
                assert!(browser.post("/auth/reset-password", reset).await.status.is_success());
                password = NEW_PASSWORD;
            }
            "an operator's password" => {
                assert!(app.set_password(id, NEW_PASSWORD).await.unwrap());
                password = NEW_PASSWORD;
            }
            "disabled" => {
                assert!(app.disable_user(id).await.unwrap() && app.enable_user(id).await.unwrap());
            }
            "undo" => {
                ann.change_email("new@example.org").await;
                let token = app.newest_mail("new@example.org").await.token("confirm-email");
                app.anonymous().post("/auth/confirm-email", json!({"token": token})).await;
                let token = app.newest_mail(ANN).await.token("undo-email-change");
                let answer = app.anonymous().post("/auth/undo-email-change", json!({"token": token})).await;
                assert_eq!(answer.status, StatusCode::NO_CONTENT);
                app.set_password(id, PASSWORD).await.unwrap();
            }
            "another app" => {
                let begun = ann.post("/auth/totp", json!({"otp": phone.next(&app)})).await;
                let new = Phone::with(&app, begun.json()["secret"].as_str().unwrap()).await;
                let confirmed = ann.post("/auth/totp/confirm", json!({"otp": new.code_in(30)})).await;
                assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text);
            }
            "removed and added again" => {
                let removed = ann.delete("/auth/totp", Some(json!({"otp": phone.next(&app)}))).await;
                assert_eq!(removed.status, StatusCode::NO_CONTENT);
                Phone::add(&app, &mut ann).await;
            }
            "reset by an operator" => {
                assert!(app.reset_second_factor(id).await.unwrap());
                Phone::add(&app, &mut ann).await;
            }
            _ => {
                let listed = ann.get("/auth/trusted-browsers").await.json();
                let path = format!("/auth/trusted-browsers/{}", listed[0]["id"]);
                assert_eq!(ann.delete(&path, None).await.status, StatusCode::NO_CONTENT);
                assert_eq!(app.count("events WHERE kind = 'browser_distrusted'").await, 1);
                assert!(ann.is_logged_in().await, "sessions go on");
            }
        }
        assert_eq!(again(&mut browser, password).await, "second_step_required", "after: {end}");
        assert_eq!(app.count("devices WHERE trusted_until IS NOT NULL").await, 0, "{end}");
    }
}

#[tokio::test]
async fn a_list_shows_which_browsers_are_trusted_and_only_to_their_owner() {
    let (app, phone, _) = ann(config()).await;
    let mut first = trusting(&app, &phone).await;
    let mut second = trusting(&app, &phone).await;
    let listed = second.get("/auth/trusted-browsers").await.json();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["current"], &listed[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!(listed[0]["user_agent"], "Mozilla/5.0 (X11; Linux) Firefox/140.0");
    assert!(listed[0]["trusted_until"].as_str().unwrap() > listed[0]["trusted_at"].as_str().unwrap());
    app.add(BOB).await;
    let mut bob = app.bearer(&app.token(BOB).await);
    assert_eq!(bob.get("/auth/trusted-browsers").await.json(), json!([]));
    let path = format!("/auth/trusted-browsers/{}", listed[1]["id"]);
    for path in [&*path, "/auth/trusted-browsers/1", "/auth/trusted-browsers/x"] {
        let answer = bob.delete(path, None).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"));
    }
    assert_eq!(second.delete(&path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(again(&mut first, PASSWORD).await, "second_step_required");
    assert_eq!(again(&mut second, PASSWORD).await, "logged in");
}

#[tokio::test]
async fn a_shorter_setting_counts_for_older_trust_and_none_ends_it() {
    let (app, phone, codes) = ann(config()).await;
    let browser = trusting(&app, &phone).await;
    for (trust_browser_for, expected) in [(3600, "logged in"), (0, "second_step_required")] {
        let trust_browser_for = Duration::from_secs(trust_browser_for);
        let sibling = app.sibling(with_key(Config { trust_browser_for, ..config() })).await;
        sibling.stop_clock();
        let mut there = sibling.browser();
        there.cookies.clone_from(&browser.cookies);
        there.cookies.remove("doorward");
        assert_eq!(again(&mut there, PASSWORD).await, expected);
        if expected == "logged in" {
            sibling.advance(Duration::from_secs(3700));
            assert_eq!(again(&mut there, PASSWORD).await, "second_step_required");
        } else {
            let step = json!({"recovery_code": codes[0], "trust_browser": true});
            let answer = there.post("/auth/login/second-step", step).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(sibling.count("events WHERE kind = 'browser_trusted'").await, 1);
        }
    }
}
