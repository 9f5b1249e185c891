//! `POST /undo-email-change/request`: the mail to a former address comes once more.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use super::{
    flow::{NEW, undo, undo_token},
    undo::{moved, reset},
};
use crate::{
    app::{ANN, Answer, App, BOB, patient},
    mail::mailbox::with_mail,
};

const DAY: u64 = 24 * 3600;

async fn request(app: &App, email: &str) -> Answer {
    app.anonymous().post("/auth/undo-email-change/request", json!({"email": email})).await
}

#[tokio::test]
async fn a_lost_undo_mail_comes_again_and_works_until_the_same_moment() {
    let app = App::with(with_mail()).await;
    let lost = moved(&app, 3600).await;
    app.advance(Duration::from_secs(5 * DAY));
    // However the address is written.
    assert_eq!(request(&app, " ANN@Example.org").await.status, StatusCode::ACCEPTED);
    let letter = app.newest_mail(ANN).await;
    assert_eq!(letter.subject, "Your e-mail address was changed");
    let text = letter.text.replace(['\r', '\n'], " ");
    assert!(text.contains("within 2 days"), "{text}");
    // The present address may be one of a later change.
    assert!(!text.contains("example . com") && !text.contains("example.com"), "{text}");
    // It names the time of the change, and not the client that asked for it.
    assert!(text.contains("When:") && !text.contains("IP address"), "{text}");
    let newer = letter.token("undo-email-change");
    assert_ne!(newer, lost);
    undo(&app, &lost).await.assert_invalid_link();
    app.advance(Duration::from_secs(2 * DAY - 1));
    assert_eq!(undo(&app, &newer).await.status, StatusCode::NO_CONTENT);
    assert!(app.find_user(ANN).await.unwrap().is_some());
}

#[tokio::test]
async fn asking_again_does_not_make_the_week_longer() {
    let app = App::with(with_mail()).await;
    moved(&app, 3600).await;
    app.advance(Duration::from_secs(7 * DAY - 30));
    request(&app, ANN).await;
    let link = undo_token(&app, ANN).await;
    app.advance(Duration::from_secs(30));
    undo(&app, &link).await.assert_invalid_link();
    let mails = app.mails().await.len();
    request(&app, ANN).await;
    assert_eq!(app.mails().await.len(), mails);
}

#[tokio::test]
async fn the_answer_is_the_same_for_every_address() {
    let app = App::with(with_mail()).await;
    moved(&app, 3600).await;
    app.register(BOB).await;
    let mails = app.mails().await.len();
    let known = request(&app, ANN).await;
    assert_eq!(known.status, StatusCode::ACCEPTED);
    // The present address, another account, and nobody.
    for email in [NEW, BOB, "nobody@example.org"] {
        let other = request(&app, email).await;
        assert_eq!((other.status, &other.text), (known.status, &known.text), "{email}");
        assert_eq!(other.headers, known.headers, "{email}");
    }
    let sent = app.mails().await;
    assert_eq!((sent.len(), &*sent[0].to), (mails + 1, ANN));
    for wrong in [json!({}), json!({"email": "x"}), json!({"email": [ANN]})] {
        let answer = app.anonymous().post("/auth/undo-email-change/request", wrong).await;
        assert_eq!(answer.wrong_fields(), ["email"]);
    }
}

#[tokio::test]
async fn the_mail_has_a_budget_of_its_own() {
    let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
    moved(&app, 3600).await;
    let mails = app.mails().await.len();
    for expected in [1, 2, 3, 3, 3] {
        assert_eq!(request(&app, ANN).await.status, StatusCode::ACCEPTED);
        assert_eq!(app.mails().await.len(), mails + expected);
    }
    let newest = undo_token(&app, ANN).await;
    assert_eq!(undo(&app, &newest).await.status, StatusCode::NO_CONTENT);
    // The mail for a new password has its own.
    assert_eq!(app.newest_mail(ANN).await.subject, "Choose a new password");
    reset(&app, ANN).await;
}

#[tokio::test]
async fn no_mail_comes_once_the_undo_has_ended() {
    let app = App::with(with_mail()).await;
    moved(&app, 3600).await;
    reset(&app, NEW).await;
    let mails = app.mails().await.len();
    request(&app, ANN).await;
    assert_eq!(app.mails().await.len(), mails);
    // A disabled user cannot undo anything either.
    let app = App::with(with_mail()).await;
    moved(&app, 3600).await;
    app.disable_user(app.id_of(NEW).await).await.unwrap();
    let mails = app.mails().await.len();
    request(&app, ANN).await;
    assert_eq!(app.mails().await.len(), mails);
}

#[tokio::test]
async fn a_server_without_mail_says_so() {
    let app = App::new().await;
    assert_eq!(request(&app, ANN).await.code(), "mail_not_configured");
}
