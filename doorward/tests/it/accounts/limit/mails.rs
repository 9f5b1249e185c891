//! How many mails one address gets.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::Registration, event::EventKind};
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

/// Asks for mails to as many other addresses as this client may.
async fn use_up(client: &mut Actor<'_>) {
    for number in 0..10 {
        let answer =
            client.post("/auth/forgot-password", json!({"email": format!("u{number}@example.net")})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{number}: {}", answer.text);
    }
}

/// The limits of the throttled events, in the order of the alphabet.
async fn throttled(app: &App) -> Vec<String> {
    let events = app.events().of_kind(EventKind::Throttled).next_page(100).await.unwrap();
    let mut limits: Vec<_> = events.iter().map(|event| event.detail["limit"].clone()).collect();
    limits.sort();
    limits
}

#[tokio::test]
async fn a_client_that_asks_for_too_many_mails_is_told_so() {
    let app = App::with(Config { registration: Some(Registration::Private), ..with_patience() }).await;
    app.add_verified(ANN).await;
    let mut client = app.anonymous().from("192.0.2.1");
    use_up(&mut client).await;
    assert_eq!(throttled(&app).await, ["mails"]);
    let before = (app.contents().await, app.count("failures").await, app.count("events").await);
    for (path, body) in [
        ("/auth/forgot-password", json!({"email": ANN})),
        ("/auth/forgot-password", json!({"email": "nobody@example.org"})),
        ("/auth/verify-email/request", json!({"email": ANN})),
        ("/auth/undo-email-change/request", json!({"email": ANN})),
        ("/auth/register", json!({"email": ANN, "password": PASSWORD})),
        ("/auth/register", json!({"email": "new@example.org", "password": PASSWORD})),
        // It is refused before the password is looked at.
        ("/auth/register", json!({"email": "new@example.org", "password": "password"})),
    ] {
        let answer = client.post(path, body).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
        assert!((3500..=3601).contains(&answer.retry_after()), "{path}: {}", answer.retry_after());
    }
    let after = (app.contents().await, app.count("failures").await, app.count("events").await);
    assert_eq!(after, before, "a refusal writes nothing");
    let mut page = app.browser().from("192.0.2.1").header("accept", "text/html");
    for (path, fields) in [
        ("/auth/forgot-password", vec![("email", ANN)]),
        ("/auth/verify-email/request", vec![("email", ANN)]),
        ("/auth/undo-email-change/request", vec![("email", ANN)]),
        ("/auth/register", vec![("email", "new@example.org"), ("password", PASSWORD)]),
    ] {
        let answer = page.form(path, &fields).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert!(
            answer.text.contains("There were too many attempts. Try again in 6"),
            "{path}: {}",
            answer.text
        );
        assert!(answer.headers.contains_key("retry-after"), "{path}");
    }
    // Another client still gets a mail, and this one does in an hour.
    let asked = app.anonymous().from("192.0.2.2").post("/auth/forgot-password", json!({"email": ANN})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    app.advance(Duration::from_secs(3602));
    let asked = client.post("/auth/forgot-password", json!({"email": ANN})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    assert_eq!(count(&app, "Choose a new password").await, 2);
}

#[tokio::test]
async fn strangers_do_not_use_up_the_mails_of_known_browsers_and_users() {
    let app = App::with(with_patience()).await;
    app.register(ANN).await;
    app.verify(ANN).await;
    let mut browser = app.browser_of(ANN).await.from("192.0.2.1");
    let mut program = app.bearer(&app.token(ANN).await).from("192.0.2.1");
    use_up(&mut app.anonymous().from("192.0.2.1")).await;
    // Ann's browser asks for a mail to Ann after the session has ended.
    assert_eq!(browser.log_out().await.status, StatusCode::NO_CONTENT);
    for expected in [202, 202, 202, 202] {
        let answer = browser.post("/auth/forgot-password", json!({"email": ANN})).await;
        assert_eq!(answer.status.as_u16(), expected, "{}", answer.text);
    }
    // The cookie opens no budget for other addresses.
    let other = browser.post("/auth/forgot-password", json!({"email": "bo@example.org"})).await;
    assert_eq!(other.status, StatusCode::TOO_MANY_REQUESTS);
    for number in 0..10 {
        let answer = program.change_email(&format!("ann{number}@example.org")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{number}: {}", answer.text);
    }
    let answer = program.change_email("ann10@example.org").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    // An unverified user is a stranger: anybody can register.
    let mut eve = app.bearer(&{
        app.add("eve@example.org").await;
        app.token("eve@example.org").await
    });
    eve = eve.from("192.0.2.1");
    assert_eq!(eve.change_email("eve2@example.org").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn in_open_mode_an_account_is_made_without_its_mail() {
    let app = App::with(with_patience()).await;
    let mut client = app.anonymous().from("192.0.2.1");
    use_up(&mut client).await;
    assert_eq!(client.register(ANN, PASSWORD).await.status, StatusCode::CREATED);
    assert!(app.mails().await.iter().all(|mail| mail.to != ANN));
    let asked = app.anonymous().post("/auth/verify-email/request", json!({"email": ANN})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    assert_eq!(app.newest_mail(ANN).await.subject, "Confirm your e-mail address");
}

#[tokio::test]
async fn the_limit_of_an_address_is_silent_and_recorded() {
    let app = App::with(with_patience()).await;
    app.add_verified(ANN).await;
    for email in [ANN, "nobody@example.org"] {
        for _ in 0..6 {
            let answer = app.anonymous().post("/auth/forgot-password", json!({"email": email})).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED);
        }
    }
    assert_eq!(count(&app, "Choose a new password").await, 3);
    assert_eq!(throttled(&app).await, ["mails_to_address", "mails_to_address"]);
}
