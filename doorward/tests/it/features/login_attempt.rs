//! A mail with a link that allows one attempt to log in, while strangers keep the account blocked.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use doorward::{
    Config,
    config::{LimitConfig, PasswordConfig},
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    app::{ANN, Answer, App, BOB, NEW_PASSWORD, PASSWORD, WRONG, config},
    mail::mailbox::with_mail,
    visitor::{filled, focus, leads_to, visitor},
};

/// Settings in which the wait after the free guesses is longer than any test.
fn strict() -> Config {
    let limit = LimitConfig { first_delay: Duration::from_secs(600), ..LimitConfig::default() };
    Config { limit, ..with_mail() }
}

/// Ann has an account with a verified address, and strangers keep it blocked.
async fn blocked() -> App {
    let app = App::with(strict()).await;
    app.add_verified(ANN).await;
    attack(&app, ANN).await;
    app
}

async fn attack(app: &App, email: &str) {
    for number in 0..8 {
        app.anonymous().from(&format!("198.51.100.{number}")).request_token(email, WRONG).await;
    }
}

async fn ask(app: &App, email: &str) -> Answer {
    app.anonymous().post("/auth/login-attempt", json!({"email": email})).await
}

/// The token of the link in a new mail.
async fn link(app: &App, email: &str) -> String {
    // Mails of the same moment arrive in any order, so earlier ones are sent first.
    app.mails().await;
    assert_eq!(ask(app, email).await.status, StatusCode::ACCEPTED);
    app.newest_mail(email).await.token("login")
}

fn with(token: &str, email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "attempt_token": token})
}

async fn log_in(app: &App, body: Value) -> Answer {
    app.browser().post("/auth/login", body).await
}

#[tokio::test]
async fn a_mailed_link_opens_one_attempt_in_a_new_browser() {
    let app = blocked().await;
    let refused = app.browser().log_in(ANN, PASSWORD).await;
    assert_eq!((refused.status, &*refused.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("POST /login-attempt"), "{detail}");
    let token = link(&app, ANN).await;
    assert!(token.starts_with("dw_b_"));
    let mut browser = app.browser();
    let answer = browser.post("/auth/login", with(&token, ANN, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(browser.is_logged_in().await);
    // The browser is known from now on. The link is used up, and others stay blocked.
    browser.log_out().await;
    assert_eq!(browser.log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    log_in(&app, with(&token, ANN, PASSWORD)).await.assert_invalid_link();
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_program_uses_the_link_and_gets_a_device_token() {
    let app = blocked().await;
    let token = link(&app, ANN).await;
    let send = async |email: &str, password: &str, token: &str| {
        let fields = [("username", email), ("password", password), ("attempt_token", token)];
        app.anonymous().form("/auth/token", &fields).await
    };
    let unusable = send(ANN, PASSWORD, "dw_b_x").await;
    assert_eq!(
        (unusable.status, &unusable.json()["error"]),
        (StatusCode::BAD_REQUEST, &"invalid_request".into())
    );
    let answer = send(ANN, PASSWORD, &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let device = answer.json()["device_token"].as_str().unwrap().to_owned();
    let mut program = app.anonymous().header("doorward-device", &device);
    assert_eq!(program.request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(send(ANN, PASSWORD, &token).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_wrong_password_uses_the_link_up() {
    let app = blocked().await;
    let token = link(&app, ANN).await;
    let wrong = log_in(&app, with(&token, ANN, WRONG)).await;
    assert_eq!((wrong.status, &*wrong.code()), (StatusCode::UNAUTHORIZED, "wrong_credentials"));
    log_in(&app, with(&token, ANN, PASSWORD)).await.assert_invalid_link();
    // Another mail brings another attempt.
    let another = link(&app, ANN).await;
    assert_eq!(log_in(&app, with(&another, ANN, PASSWORD)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_concurrent_requests_uses_the_link() {
    let app = blocked().await;
    let elsewhere = app.sibling(strict()).await;
    for right in [false, true] {
        let token = link(&app, ANN).await;
        let attempts = join_all((0..40).map(async |number| {
            let node = if number % 2 == 0 { &app } else { &elsewhere };
            log_in(node, with(&token, ANN, if right { PASSWORD } else { WRONG })).await.status
        }));
        let statuses = attempts.await;
        let checked = if right { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        let count = |status| statuses.iter().filter(|one| **one == status).count();
        assert_eq!((count(checked), count(StatusCode::BAD_REQUEST)), (1, 39), "{statuses:?}");
    }
}

#[tokio::test]
async fn a_link_works_for_its_own_account_and_purpose() {
    let app = blocked().await;
    app.add_verified(BOB).await;
    attack(&app, BOB).await;
    let token = link(&app, ANN).await;
    for email in [BOB, "nobody@example.org", "no address"] {
        log_in(&app, with(&token, email, PASSWORD)).await.assert_invalid_link();
    }
    for (path, body) in [
        ("/auth/reset-password", json!({"token": token, "new_password": NEW_PASSWORD})),
        ("/auth/verify-email", json!({"token": token})),
    ] {
        app.anonymous().post(path, body).await.assert_invalid_link();
    }
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let reset = app.newest_mail(ANN).await.token("reset-password");
    for value in [&*reset, "", "x", &token.to_uppercase(), &token[..token.len() - 1]] {
        log_in(&app, with(value, ANN, PASSWORD)).await.assert_invalid_link();
    }
    // None of this has used the link up, and any spelling of the address will do.
    assert_eq!(log_in(&app, with(&token, " ANN@Example.org", PASSWORD)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_of_one_of_two_users_whose_addresses_count_as_one_is_not_the_others() {
    let app = App::with(strict()).await;
    let (own, key) = ("νίκος@example.org", "νίκοσ@example.org");
    for (number, email) in [own, key].into_iter().enumerate() {
        let id = app.add_verified(&format!("u{number}@example.org")).await;
        app.execute(&format!("UPDATE users SET email = '{email}', email_key = '{email}' WHERE id = {id}"))
            .await;
    }
    attack(&app, own).await;
    for (one, other) in [(own, key), (key, own)] {
        let token = link(&app, one).await;
        log_in(&app, with(&token, other, PASSWORD)).await.assert_invalid_link();
        assert_eq!(log_in(&app, with(&token, one, PASSWORD)).await.status, StatusCode::OK, "{one}");
    }
}

#[tokio::test]
async fn a_link_ends_by_time_by_a_newer_one_and_with_the_account() {
    let app = blocked().await;
    let first = link(&app, ANN).await;
    let second = link(&app, ANN).await;
    log_in(&app, with(&first, ANN, PASSWORD)).await.assert_invalid_link();
    app.advance(Duration::from_secs(30 * 60));
    log_in(&app, with(&second, ANN, PASSWORD)).await.assert_invalid_link();
    let third = link(&app, ANN).await;
    let id = app.id_of(ANN).await;
    app.disable_user(id).await.unwrap();
    app.enable_user(id).await.unwrap();
    log_in(&app, with(&third, ANN, PASSWORD)).await.assert_invalid_link();
    // A disabled user does not get in, and gets no mail.
    let fourth = link(&app, ANN).await;
    app.execute("UPDATE users SET disabled_at = 1").await;
    assert_eq!(log_in(&app, with(&fourth, ANN, PASSWORD)).await.code(), "wrong_credentials");
    let sent = app.mails().await.len();
    app.advance(Duration::from_secs(3600));
    ask(&app, ANN).await;
    assert_eq!(app.mails().await.len(), sent);
}

#[tokio::test]
async fn asking_for_a_link_does_not_tell_whether_an_account_exists() {
    let app = blocked().await;
    app.register(BOB).await;
    let sent = app.mails().await.len();
    let known = ask(&app, ANN).await;
    for email in [BOB, "nobody@example.org"] {
        let other = ask(&app, email).await;
        assert_eq!((other.status, &other.text, &other.headers), (known.status, &known.text, &known.headers));
    }
    // Only the verified address gets a mail.
    let mails = app.mails().await;
    assert_eq!((mails.len(), &*mails[0].to, &*mails[0].subject), (sent + 1, ANN, "Log in to your account"));
    assert_eq!(app.anonymous().post("/auth/login-attempt", json!({})).await.wrong_fields(), ["email"]);
    // Three mails in a quarter of an hour, beside those for a new password.
    for _ in 0..5 {
        ask(&app, ANN).await;
    }
    assert_eq!(app.mails().await.len(), sent + 3);
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    assert_eq!(app.mails().await.len(), sent + 4);
    // Another site cannot ask.
    let mut page = app.anonymous().header("sec-fetch-site", "cross-site");
    assert_eq!(page.post("/auth/login-attempt", json!({"email": ANN})).await.code(), "cross_site");
}

#[tokio::test]
async fn without_mail_there_is_no_link_and_no_word_of_it() {
    let app = App::with(Config { limit: strict().limit, ..config() }).await;
    app.add_verified(ANN).await;
    attack(&app, ANN).await;
    assert_eq!(ask(&app, ANN).await.code(), "mail_not_configured");
    let refused = app.browser().log_in(ANN, PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!refused.text.contains("login-attempt"), "{}", refused.text);
    let page = visitor(&app).form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert!(!page.text.contains("login-attempt"), "{}", page.text);
}

#[tokio::test]
async fn the_pages_lead_from_the_refusal_to_the_log_in() {
    let app = blocked().await;
    let mut browser = visitor(&app);
    let refused =
        browser.form("/auth/login?next=/auth/account/data", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text.contains("login-attempt?next="), "{}", refused.text);
    assert_eq!(browser.get("/auth/login-attempt").await.status, StatusCode::OK);
    let wrong = browser.form("/auth/login-attempt", &[("email", "ann")]).await;
    assert_eq!((wrong.status, focus(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, Some("email")));
    let mut pages = Vec::new();
    for email in [ANN, "nobody@example.org"] {
        let sent = browser.form("/auth/login-attempt", &[("email", email)]).await;
        assert_eq!(sent.status, StatusCode::OK);
        assert!(sent.text.contains("If there is an account with this address"), "{}", sent.text);
        pages.push(sent.text.replace(&format!("value=\"{email}\""), "(email)"));
    }
    assert_eq!(pages[0], pages[1]);
    let token = app.newest_mail(ANN).await.token("login");
    let path = format!("/auth/login?lang=en&token={token}");
    // A program that scans the mail uses nothing up.
    for method in ["GET", "HEAD", "OPTIONS"] {
        for _ in 0..3 {
            app.anonymous().send(method.parse::<Method>().unwrap(), &path, None, "").await;
        }
    }
    let page = browser.get(&path).await;
    assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("password")));
    assert_eq!(
        (filled(&page, "attempt_token"), filled(&page, "email")),
        (Some(token.clone()), Some(ANN.to_owned()))
    );
    // A forgotten password does not use it up either.
    let fields = |password| [("email", ANN), ("password", password), ("attempt_token", &*token)];
    let missing = browser.form("/auth/login", &fields("")).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(filled(&missing, "attempt_token"), Some(token.clone()));
    let wrong = browser.form("/auth/login", &fields(WRONG)).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(filled(&wrong, "attempt_token"), None);
    assert!(wrong.text.contains("login-attempt"), "{}", wrong.text);
    let ended = browser.get(&path).await;
    assert_eq!(ended.status, StatusCode::BAD_REQUEST);
    assert!(ended.text.contains("login-attempt"), "{}", ended.text);
    let token = link(&app, ANN).await;
    let fields = [("email", ANN), ("password", PASSWORD), ("attempt_token", &*token)];
    assert_eq!(leads_to(&browser.form("/auth/login", &fields).await), "/auth/account");
}

#[tokio::test]
async fn an_attempt_that_was_not_checked_does_not_use_the_link_up() {
    let password =
        PasswordConfig { memory_kib: 48 * 1024, iterations: 4, hashing_queue: 1, ..config().password };
    let app = App::with(Config { password, ..strict() }).await;
    // Each of these has a link. The hashing threads cannot take all of them at once.
    let mut links = Vec::new();
    for number in 0..12 {
        let email = format!("u{number}@example.org");
        app.add_verified(&email).await;
        links.push((link(&app, &email).await, email));
    }
    let attempts = links.iter().map(async |(token, email)| log_in(&app, with(token, email, PASSWORD)).await);
    let statuses: Vec<_> = join_all(attempts).await.iter().map(|answer| answer.status).collect();
    assert!(statuses.contains(&StatusCode::SERVICE_UNAVAILABLE), "{statuses:?}");
    for ((token, email), status) in links.iter().zip(statuses) {
        let again = log_in(&app, with(token, email, PASSWORD)).await;
        match status {
            StatusCode::SERVICE_UNAVAILABLE => assert_eq!(again.status, StatusCode::OK, "{}", again.text),
            _ => again.assert_invalid_link(),
        }
    }
}
