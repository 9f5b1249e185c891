//! Changing the address where mail can be sent: `PATCH /me`, `POST /confirm-email`, `POST /undo-email-change`.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    app::{Actor, Answer, App, PASSWORD},
    mailbox::with_mail,
};

const ANN: &str = "ann@example.org";
const NEW: &str = "ann@example.com";
const BETTER: &str = "a better one, longer";

/// Ann, whose address is verified.
async fn verified(app: &App) -> Actor<'_> {
    let ann = app.ann().await;
    verify(app, ANN).await;
    ann
}

async fn verify(app: &App, email: &str) {
    let link = json!({"token": app.newest_mail(email).await.token("verify-email")});
    assert_eq!(app.anonymous().post("/auth/verify-email", link).await.status, StatusCode::NO_CONTENT);
}

async fn ask(actor: &mut Actor<'_>, email: &str) {
    let answer = actor.patch("/auth/me", json!({"email": email})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
}

async fn confirm(app: &App, email: &str) -> Answer {
    let link = json!({"token": app.newest_mail(email).await.token("confirm-email")});
    app.anonymous().post("/auth/confirm-email", link).await
}

async fn undo_token(app: &App, email: &str) -> String {
    app.newest_mail(email).await.token("undo-email-change")
}

async fn undo(app: &App, token: &str) -> Answer {
    app.anonymous().post("/auth/undo-email-change", json!({"token": token})).await
}

#[track_caller]
fn assert_invalid_link(answer: &Answer) {
    assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "invalid_link"));
}

#[tokio::test]
async fn a_new_address_counts_once_mail_to_it_is_answered() {
    for by_code in [false, true] {
        let app = App::with(with_mail()).await;
        let mut ann = verified(&app).await;
        ask(&mut ann, NEW).await;
        let me = ann.get("/auth/me").await.json();
        assert_eq!((&me["email"], me["email_verified_at"].is_string()), (&json!(ANN), true));
        let answer = if by_code {
            let body = json!({"email": ANN, "code": app.newest_mail(NEW).await.code()});
            app.anonymous().post("/auth/confirm-email", body).await
        } else {
            confirm(&app, NEW).await
        };
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        let me = ann.get("/auth/me").await.json();
        assert_eq!((&me["email"], me["email_verified_at"].is_string()), (&json!(NEW), true));
        app.token(NEW).await;
        let old = app.anonymous().form("/auth/token", &[("username", ANN), ("password", PASSWORD)]).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED);
        let notice = app.newest_mail(ANN).await;
        assert!(notice.subject == "Your e-mail address was changed" && notice.text.contains(NEW));
    }
}

#[tokio::test]
async fn a_change_is_asked_for_by_who_has_just_proved_themselves() {
    let app = App::with(with_mail()).await;
    let mut ann = app.ann().await;
    app.auth.advance(Duration::from_secs(5 * 60));
    let answer = ann.patch("/auth/me", json!({"email": NEW})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "step_up_required"));
    let answer = ann.patch("/auth/me", json!({"email": NEW, "current_password": "wrong"})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
    let answer = ann.patch("/auth/me", json!({"email": NEW, "current_password": PASSWORD})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert!(app.mails().await.iter().any(|mail| mail.to == NEW));
}

#[tokio::test]
async fn nobody_learns_that_an_address_is_taken_but_its_owner() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    app.register("Bob@example.org").await;
    app.mails().await;
    let free = ann.patch("/auth/me", json!({"email": NEW})).await;
    let taken = ann.patch("/auth/me", json!({"email": "bob@example.org"})).await;
    assert_eq!((taken.status, &taken.text), (StatusCode::ACCEPTED, &free.text));
    assert_eq!(taken.headers, free.headers);
    let notice = app.newest_mail("Bob@example.org").await;
    assert_eq!(notice.subject, "You have an account already");
    assert!(!notice.text.contains("dw_c_") && !notice.text.contains(ANN));
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_not_taken_over() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    ask(&mut ann, NEW).await;
    app.mails().await;
    app.register(NEW).await;
    let link =
        app.mails().await.into_iter().find(|mail| mail.subject == "Confirm your new e-mail address").unwrap();
    let body = json!({"token": link.token("confirm-email")});
    assert_invalid_link(&app.anonymous().post("/auth/confirm-email", body).await);
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn of_two_changes_the_newer_one_counts_and_each_link_is_for_its_own_address() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    for round in 0..5 {
        let (own, foreign) = (format!("own{round}@example.org"), format!("victim{round}@example.org"));
        let mut same = ann.clone();
        join_all([
            ann.patch("/auth/me", json!({"email": own})),
            same.patch("/auth/me", json!({"email": foreign})),
        ])
        .await;
        let mails = app.mails().await;
        let link = mails.iter().find(|mail| mail.to == own).unwrap().token("confirm-email");
        app.anonymous().post("/auth/confirm-email", json!({"token": link})).await;
        let me = ann.get("/auth/me").await.json();
        assert!(me["email"] != json!(foreign), "{me}");
        app.auth.advance(Duration::from_secs(3600));
        let fresh = app.bearer(&app.token(me["email"].as_str().unwrap()).await);
        ann = fresh;
    }
}

#[tokio::test]
async fn another_spelling_must_be_confirmed_too() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    assert_eq!(ann.patch("/auth/me", json!({"email": ANN})).await.status, StatusCode::OK);
    ask(&mut ann, "Ann@Example.org").await;
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
    assert_eq!(confirm(&app, "Ann@example.org").await.status, StatusCode::NO_CONTENT);
    assert_eq!(ann.get("/auth/me").await.json()["email"], "Ann@Example.org");
}

#[tokio::test]
async fn a_pending_change_dies_with_the_password() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    // One whose mail is sent, and one whose mail is not.
    for sent in [true, false] {
        ask(&mut ann, NEW).await;
        if sent {
            app.mails().await;
        }
        let change = json!({"current_password": PASSWORD, "new_password": BETTER});
        assert_eq!(ann.post("/auth/password", change).await.status, StatusCode::NO_CONTENT);
        for mail in app.mails().await.iter().filter(|mail| mail.to == NEW) {
            let body = json!({"token": mail.token("confirm-email")});
            assert_invalid_link(&app.anonymous().post("/auth/confirm-email", body).await);
        }
        let back = json!({"current_password": BETTER, "new_password": PASSWORD});
        assert_eq!(ann.post("/auth/password", back).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn the_old_address_takes_the_change_back_for_a_week() {
    let app = App::with(with_mail()).await;
    let mut thief = verified(&app).await;
    ask(&mut thief, NEW).await;
    assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
    let link = undo_token(&app, ANN).await;
    // The thief changes it once more, and the password, and tries to keep the old address from coming back.
    ask(&mut thief, "thief@example.net").await;
    assert_eq!(confirm(&app, "thief@example.net").await.status, StatusCode::NO_CONTENT);
    let later_link = undo_token(&app, NEW).await;
    let change = json!({"current_password": PASSWORD, "new_password": BETTER});
    assert_eq!(thief.post("/auth/password", change).await.status, StatusCode::NO_CONTENT);
    app.mails().await;
    let squat = app.anonymous().post("/auth/register", json!({"email": ANN, "password": PASSWORD})).await;
    assert_eq!(squat.code(), "email_exists");
    app.auth.advance(Duration::from_secs(7 * 24 * 3600 - 3600));
    let answer = undo(&app, &link).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert!(app.find_user("thief@example.net").await.unwrap().is_none());
    assert!(app.find_user(ANN).await.unwrap().unwrap().email_verified_at.is_some());
    for dead in [&link, &later_link] {
        assert_invalid_link(&undo(&app, dead).await);
    }
    // The password that the thief may know is replaced with the mail that came.
    let body = json!({"token": app.newest_mail(ANN).await.token("reset-password"), "new_password": "quite another one"});
    assert_eq!(app.anonymous().post("/auth/reset-password", body).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_link_to_undo_lasts_a_week() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    ask(&mut ann, NEW).await;
    assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
    let link = undo_token(&app, ANN).await;
    app.auth.advance(Duration::from_secs(7 * 24 * 3600));
    assert_invalid_link(&undo(&app, &link).await);
    assert!(app.find_user(NEW).await.unwrap().is_some());
    // And then the old address is free.
    app.register(ANN).await;
}

#[tokio::test]
async fn an_old_address_that_nobody_proved_takes_nothing_back() {
    let app = App::with(with_mail()).await;
    let mut ann = app.ann().await;
    ask(&mut ann, NEW).await;
    assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
    assert!(app.mails().await.iter().all(|mail| !mail.text.contains("dw_u_")));
}
