//! Private registration: the answer does not tell whether an account exists.

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use doorward::{Config, config::Registration, event::EventKind};
use serde_json::json;

use crate::{
    accounts::event::count,
    app::{ANN, Answer, App, BOB, PASSWORD, WRONG, config, refusal},
    mail::mailbox::with_mail,
};

fn private() -> Config {
    Config { registration: Some(Registration::Private), ..with_mail() }
}

async fn register(app: &App, email: &str, password: &str) -> Answer {
    app.anonymous().register(email, password).await
}

#[tokio::test]
async fn a_known_and_an_unknown_address_are_answered_alike() {
    let app = App::with(private()).await;
    let unknown = register(&app, ANN, PASSWORD).await;
    assert_eq!(unknown.status, StatusCode::ACCEPTED, "{}", unknown.text);
    assert!(unknown.json()["detail"].is_string() && unknown.json().get("id").is_none());
    let first = app.newest_mail(ANN).await;
    assert_eq!(first.subject, "Confirm your e-mail address");
    for spelling in [ANN, "ANN@example.org", " ann@example.org"] {
        let known = register(&app, spelling, "another password, longer").await;
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
        assert_eq!(known.headers, unknown.headers);
    }
    let verified = json!({"token": first.token("verify-email")});
    assert_eq!(app.anonymous().post("/auth/verify-email", verified).await.status, StatusCode::NO_CONTENT);
    // Mails of the same moment arrive in any order, so earlier ones are sent first.
    app.mails().await;
    app.advance(Duration::from_secs(15 * 60 + 2));
    register(&app, ANN, "another password, longer").await;
    // The first password stays, and the owner gets a notice.
    app.token(ANN).await;
    let notice = app.newest_mail(ANN).await;
    assert_eq!((&*notice.subject, &*notice.to), ("You have an account already", ANN));
    // Malformed values are reported for every address.
    for (email, password, field) in
        [("x", PASSWORD, "email"), (ANN, "password", "password"), ("b@x.org", "short", "password")]
    {
        assert_eq!(register(&app, email, password).await.wrong_fields(), [field]);
    }
}

#[tokio::test]
async fn one_of_many_concurrent_registrations_makes_the_account() {
    let app = App::with(private()).await;
    let answers = futures_util::future::join_all((0..20).map(|number| {
        let app = &app;
        async move { register(app, ANN, &format!("password number {number}")).await }
    }))
    .await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::ACCEPTED));
    assert_eq!(app.users(None, 100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn private_registration_needs_mail() {
    let config = Config { registration: Some(Registration::Private), ..config() };
    let error = refusal(config).await;
    assert!(error.contains("registration") && error.contains("smtp_url"), "{error}");
}

#[tokio::test]
async fn registering_and_then_logging_in_does_not_tell_whether_the_address_was_free() {
    let app = App::with(private()).await;
    register(&app, "joe@example.org", PASSWORD).await;
    app.verify("joe@example.org").await;
    let mine = "the password of a stranger";
    let mut outcomes = Vec::new();
    for email in ["joe@example.org", BOB] {
        let mut answers = vec![register(&app, email, mine).await];
        // Three rounds reach the limit.
        for _ in 0..3 {
            answers.push(app.anonymous().request_token(email, mine).await);
            answers.push(app.browser().log_in(email, mine).await);
            let mut page = app.browser().header("accept", "text/html");
            answers.push(page.form("/auth/login", &[("email", email), ("password", mine)]).await);
        }
        let answers = answers.into_iter().map(|mut answer| {
            answer.headers.remove("retry-after");
            (answer.status, answer.headers, answer.text.replace(email, "(email)"))
        });
        outcomes.push(answers.collect::<Vec<_>>());
    }
    let statuses: Vec<_> = outcomes[0].iter().map(|(status, ..)| status.as_u16()).collect();
    assert_eq!(statuses, [202, 401, 401, 401, 401, 401, 429, 429, 429, 429]);
    assert_eq!(outcomes[0], outcomes[1]);
    // Each failure is counted, and only the log tells why.
    let failed = app.events().of_kind(EventKind::LogInFailed).next_page(100).await.unwrap();
    let mut reasons = BTreeMap::new();
    for event in &failed {
        *reasons.entry(&*event.detail["reason"]).or_default() += count(event);
    }
    assert_eq!(reasons, [("unverified", 5), ("wrong_password", 5)].into());
}

#[tokio::test]
async fn logging_in_without_verifying_sends_another_mail() {
    let app = App::with(private()).await;
    register(&app, ANN, PASSWORD).await;
    app.mails().await;
    let mut browser = app.browser().header("accept", "text/html");
    let form = [("email", ANN), ("password", PASSWORD)];
    for _ in 0..5 {
        let page = browser.form("/auth/login", &form).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.text.contains("or the address is not confirmed yet"), "{}", page.text);
    }
    // All tries before a mail is sent add up to one mail. There are a few in all, and the newest works.
    for expected in [2, 3, 4, 4] {
        assert_eq!(app.mails().await.len(), expected);
        app.advance(Duration::from_secs(60));
        browser.form("/auth/login", &form).await;
    }
    app.verify(ANN).await;
    app.advance(Duration::from_secs(60));
    app.token(ANN).await;
    // A wrong password sends no mail.
    app.anonymous().request_token(ANN, WRONG).await;
    assert_eq!(app.mails().await.iter().filter(|mail| mail.subject.starts_with("Confirm")).count(), 4);
}

#[tokio::test]
async fn the_owner_of_the_mail_takes_over_the_account_of_a_stranger() {
    // If verifying is not required, the stranger logs in first and has a session.
    for required in [false, true] {
        let app = App::with(Config { require_verified_email: Some(required), ..private() }).await;
        register(&app, ANN, "the password of a stranger").await;
        app.mails().await;
        let token = app.anonymous().request_token(ANN, "the password of a stranger").await;
        let pending = app.newest_mail(ANN).await.token("verify-email");
        register(&app, ANN, PASSWORD).await;
        let mail = app.newest_mail(ANN).await;
        assert_eq!(mail.subject, "Finish your registration");
        // The mail has no code, because the page asks for the code of the other mail.
        assert!(!mail.text.contains("Or type this code"), "{}", mail.text);
        let dead = app.anonymous().post("/auth/verify-email", json!({"token": pending})).await;
        assert_eq!((dead.status, &*dead.code()), (StatusCode::BAD_REQUEST, "invalid_link"));
        // The stranger cannot request a mail that would keep the account as it is.
        app.anonymous().post("/auth/verify-email/request", json!({"email": ANN})).await;
        let mail = app.newest_mail(ANN).await;
        assert_eq!(mail.subject, "Finish your registration");
        let body = json!({"token": mail.token("reset-password"), "new_password": PASSWORD});
        let answer = app.anonymous().post("/auth/reset-password", body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        assert!(app.find_user(ANN).await.unwrap().unwrap().email_verified_at.is_some());
        app.token(ANN).await;
        assert_eq!(
            app.anonymous().request_token(ANN, "the password of a stranger").await.status,
            StatusCode::UNAUTHORIZED
        );
        if !required {
            let token = token.token();
            assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        }
    }
}

#[tokio::test]
async fn a_known_address_is_written_to_the_log_even_without_a_mail() {
    let app = App::with(private()).await;
    for _ in 0..6 {
        assert_eq!(register(&app, ANN, PASSWORD).await.status, StatusCode::ACCEPTED);
        app.mails().await;
    }
    assert_eq!(app.mails().await.len(), 3);
    let repeated = app.events().of_kind(EventKind::RegistrationRepeated).next_page(100).await.unwrap();
    assert_eq!(repeated.iter().map(count).sum::<i64>(), 5);
    let ann = app.id_of(ANN).await;
    assert!(repeated.iter().all(|event| event.user_id == Some(ann)));
}
