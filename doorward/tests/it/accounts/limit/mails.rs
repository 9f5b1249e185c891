//! How many mails one address gets.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, Registration};
use serde_json::json;

use crate::{
    app::{ANN, Actor, App, NEW_PASSWORD, PASSWORD, patient},
    mail::mailbox::with_mail,
};

/// Settings with mail, and without a limit for wrong passwords.
fn with_patience() -> Config {
    Config { limit: patient().limit, ..with_mail() }
}

/// Logs in once with a new program and once with a new browser.
async fn log_in_anew(app: &App, number: usize) {
    let mut program = app.anonymous().header("user-agent", &format!("program {number}"));
    assert_eq!(program.request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    app.browser_of(ANN).await;
}

/// Changes the password and changes it back.
async fn change_twice(user: &mut Actor<'_>) {
    for (current, new) in [(PASSWORD, NEW_PASSWORD), (NEW_PASSWORD, PASSWORD)] {
        assert_eq!(user.change_password(current, new).await.status, StatusCode::OK);
    }
}

/// Counts the mails that arrived with this subject.
async fn count(app: &App, subject: &str) -> usize {
    app.mails().await.iter().filter(|mail| mail.subject == subject).count()
}

#[tokio::test]
async fn an_unverified_address_gets_no_notices() {
    let app = App::with(with_patience()).await;
    for round in 0..3 {
        app.register(ANN).await;
        for number in 0..4 {
            log_in_anew(&app, number).await;
        }
        let mut stranger = app.bearer(&app.token(ANN).await);
        change_twice(&mut stranger).await;
        let gone = stranger.delete_account(PASSWORD).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        app.advance(Duration::from_secs(round));
    }
    let subjects: Vec<_> = app.mails().await.into_iter().map(|mail| mail.subject).collect();
    assert!(subjects.iter().all(|subject| subject == "Confirm your e-mail address"), "{subjects:?}");
}

#[tokio::test]
async fn a_verified_address_gets_a_few_notices_of_each_kind_at_a_time() {
    let app = App::with(with_patience()).await;
    app.register(ANN).await;
    app.verify(ANN).await;
    for number in 0..8 {
        log_in_anew(&app, number).await;
    }
    let mut ann = app.bearer(&app.token(ANN).await);
    for _ in 0..3 {
        change_twice(&mut ann).await;
    }
    assert_eq!(count(&app, "New login to your account").await, 3);
    // Notices of one kind do not use up the budget of another.
    assert_eq!(count(&app, "Your password was changed").await, 3);
    app.advance(Duration::from_secs(15 * 60 + 2));
    log_in_anew(&app, 9).await;
    change_twice(&mut ann).await;
    assert_eq!(count(&app, "New login to your account").await, 5);
    assert_eq!(count(&app, "Your password was changed").await, 5);
    let gone = ann.delete_account(PASSWORD).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(count(&app, "Your account was deleted").await, 1);
}

#[tokio::test]
async fn a_program_is_recognised_within_its_network() {
    let app = App::with(with_patience()).await;
    app.register(ANN).await;
    app.verify(ANN).await;
    for address in ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"] {
        let mut program = app.anonymous().from(address).header("user-agent", "a program");
        assert_eq!(program.request_token(ANN, PASSWORD).await.status, StatusCode::OK);
        assert_eq!(count(&app, "New login to your account").await, 0, "{address}");
    }
    let mut program = app.anonymous().from("2001:db8:0:1::1").header("user-agent", "a program");
    assert_eq!(program.request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(count(&app, "New login to your account").await, 1);
}

#[tokio::test]
async fn mails_that_a_stranger_requests_do_not_use_up_those_of_the_owner() {
    let app = App::with(Config { registration: Some(Registration::Private), ..with_patience() }).await;
    let mut anyone = app.anonymous();
    let registration = |email: &str| json!({"email": email, "password": PASSWORD});
    for email in [ANN, "eve@example.org"] {
        anyone.post("/auth/register", registration(email)).await;
        app.verify(email).await;
    }
    let mut eve = app.bearer(&app.token("eve@example.org").await);
    for _ in 0..5 {
        anyone.post("/auth/verify-email/request", json!({"email": ANN})).await;
        anyone.post("/auth/register", registration(ANN)).await;
        eve.change_email(ANN).await;
    }
    let before = app.mails().await.len();
    for expected in [1, 2, 3, 3, 3] {
        let answer = anyone.post("/auth/forgot-password", json!({"email": ANN})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        assert_eq!(app.mails().await.len(), before + expected);
    }
    let link =
        json!({"token": app.newest_mail(ANN).await.token("reset-password"), "new_password": NEW_PASSWORD});
    assert_eq!(anyone.post("/auth/reset-password", link).await.status, StatusCode::NO_CONTENT);
}
