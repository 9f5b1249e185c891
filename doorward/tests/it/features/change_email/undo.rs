//! Who gets an account whose change of address is undone: a former address, a later one, or nobody.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, event::EventKind};
use serde_json::{Value, json};

use super::flow::{NEW, change, undo, undo_token, verified};
use crate::{
    app::{
        ANN, Actor, Answer, App, NEW_PASSWORD, PASSWORD, Phone, WRONG, patient, with_key, with_many_mails,
    },
    mail::mailbox::with_mail,
};

const DAY: u64 = 24 * 3600;
/// A little more than the week after which an address counts as settled.
const SETTLED: u64 = 7 * DAY + 60;

/// Moves Ann's account to [`NEW`] when her first address has been verified for these seconds. Returns the token with
/// which the first address undoes that.
pub(super) async fn moved(app: &App, age: u64) -> String {
    app.stop_clock();
    verified(app).await;
    app.advance(Duration::from_secs(age));
    let mut ann = app.bearer(&app.token(ANN).await);
    change(app, &mut ann, NEW).await;
    undo_token(app, ANN).await
}

/// The link of a mail with which the owner of this address chooses a password.
async fn reset_link(app: &App, email: &str) -> String {
    // Mails of the same moment arrive in any order, so earlier ones are sent first.
    app.mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": email})).await;
    app.newest_mail(email).await.token("reset-password")
}

async fn reset_with(app: &App, token: &str) -> Answer {
    let body = json!({"token": token, "new_password": NEW_PASSWORD});
    app.anonymous().post("/auth/reset-password", body).await
}

/// The owner of this address chooses [`NEW_PASSWORD`] with a mail: a proof of the address.
pub(super) async fn reset(app: &App, email: &str) {
    let link = reset_link(app, email).await;
    assert_eq!(reset_with(app, &link).await.status, StatusCode::NO_CONTENT);
    app.mails().await;
}

async fn end_undo(actor: &mut Actor<'_>, password: &str) -> Answer {
    actor.delete("/auth/undo-email-change", Some(json!({"current_password": password}))).await
}

async fn log_in(app: &App, email: &str, password: &str) -> StatusCode {
    app.anonymous().request_token(email, password).await.status
}

async fn has(app: &App, kind: EventKind) -> i64 {
    app.count(&format!("events WHERE kind = '{kind}'")).await
}

#[tokio::test]
async fn a_reset_by_mail_ends_the_undo_of_an_address_that_was_not_settled() {
    let app = App::with(with_mail()).await;
    let link = moved(&app, 3600).await;
    reset(&app, NEW).await;
    undo(&app, &link).await.assert_invalid_link();
    assert_eq!(log_in(&app, NEW, NEW_PASSWORD).await, StatusCode::OK);
    // The former address is free again, and its new account is another one.
    app.register(ANN).await;
    assert_ne!(app.id_of(ANN).await, app.id_of(NEW).await);
}

#[tokio::test]
async fn an_address_is_settled_after_more_than_seven_days() {
    for (age, status) in [(7 * DAY, StatusCode::BAD_REQUEST), (7 * DAY + 1, StatusCode::ACCEPTED)] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, age).await;
        reset(&app, NEW).await;
        assert_eq!(undo(&app, &link).await.status, status, "{age}");
    }
}

#[tokio::test]
async fn an_account_that_another_system_verified_long_ago_is_new_here() {
    let app = App::with(with_mail()).await;
    app.stop_clock();
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    change(&app, &mut ann, NEW).await;
    let link = undo_token(&app, ANN).await;
    reset(&app, NEW).await;
    undo(&app, &link).await.assert_invalid_link();
}

#[tokio::test]
async fn after_a_proof_a_settled_address_freezes_the_account_and_gets_nothing() {
    let app = App::with(with_mail()).await;
    let link = moved(&app, SETTLED).await;
    reset(&app, NEW).await;
    let mut later = app.bearer(&app.anonymous().request_token(NEW, NEW_PASSWORD).await.token());
    let answer = undo(&app, &link).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert!(answer.json()["detail"].as_str().unwrap().contains("operator decides"));
    // The account keeps its address, and nobody gets in.
    let frozen = app.find_user(NEW).await.unwrap().unwrap();
    assert!(frozen.disabled_at.is_some() && app.find_user(ANN).await.unwrap().is_none());
    assert_eq!(later.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    for (email, password) in [(ANN, PASSWORD), (NEW, PASSWORD), (NEW, NEW_PASSWORD)] {
        assert_eq!(log_in(&app, email, password).await, StatusCode::UNAUTHORIZED, "{email}");
    }
    let contents = app.contents().await;
    assert!(!contents.contains("credentials:") && !contents.contains("sessions:"), "{contents}");
    assert!(!contents.contains("devices:"), "{contents}");
    assert_eq!(has(&app, EventKind::AccountFrozen).await, 1);
    // Both addresses are told, and no mail opens the account.
    for owner in [ANN, NEW] {
        let letter = app.newest_mail(owner).await;
        assert_eq!(letter.subject, "Your account was stopped", "{owner}");
        assert!(!letter.text.contains("token="), "{}", letter.text);
    }
    let mails = app.mails().await.len();
    for email in [ANN, NEW] {
        for path in ["forgot-password", "undo-email-change/request", "verify-email/request"] {
            app.anonymous().post(&format!("/auth/{path}"), json!({"email": email})).await;
        }
    }
    assert_eq!(app.mails().await.len(), mails);
    undo(&app, &link).await.assert_invalid_link();
    // The former address stays reserved while an operator decides.
    app.advance(Duration::from_secs(29 * DAY));
    assert_eq!(app.anonymous().register(ANN, PASSWORD).await.code(), "email_exists");
}

#[tokio::test]
async fn an_operator_decides_about_a_frozen_account_for_the_present_address() {
    let app = App::with(with_mail()).await;
    let link = moved(&app, SETTLED).await;
    reset(&app, NEW).await;
    assert_eq!(undo(&app, &link).await.status, StatusCode::ACCEPTED);
    assert!(app.enable_user(app.id_of(NEW).await).await.unwrap());
    assert_eq!(log_in(&app, NEW, NEW_PASSWORD).await, StatusCode::UNAUTHORIZED);
    undo(&app, &link).await.assert_invalid_link();
    app.advance(Duration::from_secs(3600));
    reset(&app, NEW).await;
    assert_eq!(log_in(&app, NEW, NEW_PASSWORD).await, StatusCode::OK);
    let mails = app.mails().await.len();
    app.anonymous().post("/auth/undo-email-change/request", json!({"email": ANN})).await;
    assert_eq!(app.mails().await.len(), mails);
    app.register(ANN).await;
}

#[tokio::test]
async fn an_operator_decides_about_a_frozen_account_for_the_former_address() {
    let app = App::with(with_mail()).await;
    let link = moved(&app, SETTLED).await;
    reset(&app, NEW).await;
    assert_eq!(undo(&app, &link).await.status, StatusCode::ACCEPTED);
    let id = app.id_of(NEW).await;
    assert!(app.set_email(id, ANN).await.unwrap());
    let ann = app.find_user(ANN).await.unwrap().unwrap();
    assert!(ann.id == id && ann.email_verified_at.is_none() && ann.disabled_at.is_some());
    assert!(app.enable_user(id).await.unwrap());
    app.advance(Duration::from_secs(3600));
    reset(&app, ANN).await;
    assert_eq!(log_in(&app, ANN, NEW_PASSWORD).await, StatusCode::OK);
    assert!(app.find_user(ANN).await.unwrap().unwrap().email_verified_at.is_some());
    // Nothing of the dispute is left.
    assert_eq!(app.count("one_time_tokens").await, 0);
    app.register(NEW).await;
}

#[tokio::test]
async fn without_a_proof_an_undo_gives_the_account_back() {
    for age in [3600, SETTLED] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, age).await;
        let mut thief = app.bearer(&app.token(NEW).await);
        assert_eq!(thief.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
        app.advance(Duration::from_secs(6 * DAY));
        assert_eq!(undo(&app, &link).await.status, StatusCode::NO_CONTENT, "{age}");
        let ann = app.find_user(ANN).await.unwrap().unwrap();
        assert_eq!(ann.disabled_at, None);
        // The address counts as verified since it first was. So a thief who comes again finds it settled.
        let verified_at = ann.email_verified_at.unwrap().as_second();
        assert!((verified_at - ann.created_at.as_second()) < 60, "{age}");
        assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        reset(&app, ANN).await;
        assert_eq!(log_in(&app, ANN, NEW_PASSWORD).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_undo_is_a_proof_of_its_own_address() {
    for (age, status) in [(3600, StatusCode::BAD_REQUEST), (SETTLED, StatusCode::ACCEPTED)] {
        let app = App::with(with_many_mails(with_mail())).await;
        let first = moved(&app, age).await;
        let mut later = app.bearer(&app.token(NEW).await);
        change(&app, &mut later, "later@example.net").await;
        let second = undo_token(&app, NEW).await;
        assert_eq!(undo(&app, &second).await.status, StatusCode::NO_CONTENT);
        assert_eq!(undo(&app, &first).await.status, status, "{age}");
        let user = app.find_user(NEW).await.unwrap().unwrap();
        assert_eq!(user.disabled_at.is_some(), status == StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn a_proof_before_a_further_change_counts_for_earlier_addresses() {
    let app = App::with(with_many_mails(with_mail())).await;
    let first = moved(&app, SETTLED).await;
    reset(&app, NEW).await;
    let mut later = app.bearer(&app.anonymous().request_token(NEW, NEW_PASSWORD).await.token());
    let body = json!({"email": "later@example.net", "current_password": NEW_PASSWORD});
    assert_eq!(later.patch("/auth/me", body).await.status, StatusCode::ACCEPTED);
    let link = json!({"token": app.newest_mail("later@example.net").await.token("confirm-email")});
    assert_eq!(app.anonymous().post("/auth/confirm-email", link).await.status, StatusCode::NO_CONTENT);
    assert_eq!(undo(&app, &first).await.status, StatusCode::ACCEPTED);
    assert!(app.find_user("later@example.net").await.unwrap().unwrap().disabled_at.is_some());
    for owner in [ANN, "later@example.net"] {
        assert_eq!(app.newest_mail(owner).await.subject, "Your account was stopped", "{owner}");
    }
}

#[tokio::test]
async fn a_log_in_with_a_mailed_link_is_a_proof() {
    for (age, status) in [(3600, StatusCode::BAD_REQUEST), (SETTLED, StatusCode::ACCEPTED)] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, age).await;
        let answer = app.anonymous().post("/auth/login-attempt", json!({"email": NEW})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let token = app.newest_mail(NEW).await.token("login");
        let body = json!({"email": NEW, "password": PASSWORD, "attempt_token": token});
        assert_eq!(app.browser().post("/auth/login", body).await.status, StatusCode::OK);
        assert_eq!(undo(&app, &link).await.status, status, "{age}");
    }
}

#[tokio::test]
async fn an_owner_ends_outstanding_undos_with_the_password() {
    for (age, expected, status) in [
        (3600, json!({"ended": 1, "can_freeze": 0}), StatusCode::BAD_REQUEST),
        (SETTLED, json!({"ended": 0, "can_freeze": 1}), StatusCode::ACCEPTED),
    ] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, age).await;
        let mut owner = app.bearer(&app.token(NEW).await);
        assert_eq!(end_undo(&mut app.anonymous(), PASSWORD).await.code(), "not_authenticated");
        assert_eq!(end_undo(&mut owner, WRONG).await.code(), "wrong_password");
        let answer = owner.delete("/auth/undo-email-change", Some(json!({}))).await;
        assert_eq!(answer.wrong_fields(), ["current_password"]);
        assert_eq!(has(&app, EventKind::EmailUndoEnded).await, 0);
        let answer = end_undo(&mut owner, PASSWORD).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, expected));
        assert_eq!(has(&app, EventKind::EmailUndoEnded).await, 1);
        // The session goes on.
        assert_eq!(owner.get("/auth/me").await.status, StatusCode::OK);
        assert_eq!(undo(&app, &link).await.status, status, "{age}");
    }
}

#[tokio::test]
async fn ending_the_undos_renews_the_cookie_and_nothing_is_left_to_end() {
    let app = App::with(with_mail()).await;
    moved(&app, 3600).await;
    let mut owner = app.browser_of(NEW).await;
    let thief = owner.clone();
    assert_eq!(end_undo(&mut owner, PASSWORD).await.status, StatusCode::OK);
    assert!(owner.is_logged_in().await && !thief.is_logged_in().await);
    let again = end_undo(&mut owner, PASSWORD).await;
    assert_eq!(again.json(), json!({"ended": 0, "can_freeze": 0}));
    let mut other = owner.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(end_undo(&mut other, PASSWORD).await.code(), "cross_site");
}

#[tokio::test]
async fn of_an_undo_and_a_reset_at_the_same_time_one_wins() {
    for age in [3600, SETTLED] {
        for round in 0..8 {
            let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
            let link = moved(&app, age).await;
            let reset_link = reset_link(&app, NEW).await;
            let (undone, reset) = tokio::join!(undo(&app, &link), async {
                for _ in 0..round * 2 {
                    tokio::task::yield_now().await;
                }
                reset_with(&app, &reset_link).await
            });
            let case = format!("{age} {round}: {} {}", undone.text, reset.text);
            let password_works = log_in(&app, NEW, NEW_PASSWORD).await == StatusCode::OK;
            match (undone.status, reset.status) {
                (StatusCode::NO_CONTENT, StatusCode::BAD_REQUEST) => {
                    assert!(app.find_user(ANN).await.unwrap().is_some() && !password_works, "{case}");
                    assert_eq!(log_in(&app, ANN, NEW_PASSWORD).await, StatusCode::UNAUTHORIZED, "{case}");
                }
                (StatusCode::BAD_REQUEST, StatusCode::NO_CONTENT) => {
                    assert!(age == 3600 && password_works, "{case}");
                }
                (StatusCode::ACCEPTED, StatusCode::NO_CONTENT) => {
                    assert!(age == SETTLED && !password_works, "{case}");
                }
                other => panic!("{other:?} {case}"),
            }
        }
    }
}

#[tokio::test]
async fn of_an_undo_and_its_end_at_the_same_time_one_wins() {
    for round in 0..8 {
        let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
        let link = moved(&app, 3600).await;
        let mut owner = app.bearer(&app.token(NEW).await);
        let (undone, ended) = tokio::join!(undo(&app, &link), async {
            for _ in 0..round * 2 {
                tokio::task::yield_now().await;
            }
            end_undo(&mut owner, PASSWORD).await
        });
        let kept = owner.is_logged_in().await;
        match (undone.status, ended.status) {
            (StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => assert!(!kept),
            (StatusCode::BAD_REQUEST, StatusCode::OK) => assert!(kept && ended.json()["ended"] == 1),
            other => panic!("{round}: {other:?} {} {}", undone.text, ended.text),
        }
    }
}

#[tokio::test]
async fn two_undos_of_one_link_at_the_same_time_are_one() {
    for age in [3600, SETTLED] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, age).await;
        if age == SETTLED {
            reset(&app, NEW).await;
        }
        let (first, second) = tokio::join!(undo(&app, &link), undo(&app, &link));
        let won = [&first, &second].into_iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(won, 1, "{} {}", first.text, second.text);
    }
}

#[tokio::test]
async fn a_row_from_before_the_rule_counts_as_settled() {
    for (proof, status) in [(false, StatusCode::NO_CONTENT), (true, StatusCode::ACCEPTED)] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, 3600).await;
        app.execute("UPDATE one_time_tokens SET former_since = 0 WHERE purpose = 'undo_email_change'").await;
        if proof {
            reset(&app, NEW).await;
        }
        assert_eq!(undo(&app, &link).await.status, status);
        let me: Option<Value> =
            app.find_user(ANN).await.unwrap().map(|user| {
                json!(user.email_verified_at.unwrap().as_second() >= user.created_at.as_second())
            });
        assert_eq!(me, (!proof).then_some(json!(true)));
    }
}

#[tokio::test]
async fn an_undo_removes_the_second_factor_that_was_added_since_the_change_and_keeps_an_older_one() {
    for before in [true, false] {
        let app = App::with(with_key(with_mail())).await;
        app.stop_clock();
        verified(&app).await;
        let mut ann = app.bearer(&app.token(ANN).await);
        if before {
            Phone::add(&app, &mut ann).await;
            app.advance(Duration::from_secs(60));
        }
        change(&app, &mut ann, NEW).await;
        let link = undo_token(&app, ANN).await;
        if !before {
            app.advance(Duration::from_secs(60));
            Phone::add(&app, &mut ann).await;
        }
        assert_eq!(undo(&app, &link).await.status, StatusCode::NO_CONTENT);
        let left = (app.count("totp").await, app.count("recovery_codes").await);
        assert_eq!(left, if before { (1, 10) } else { (0, 0) });
        assert_eq!(app.count("events WHERE kind = 'ways_in_removed'").await, i64::from(!before));
        assert_eq!(app.count("sessions").await + app.count("devices").await, 0);
    }
}

#[tokio::test]
async fn an_app_that_was_begun_before_the_change_cannot_be_confirmed_after_it() {
    let app = App::with(with_key(with_mail())).await;
    verified(&app).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let phone = Phone::begin(&app, &mut ann).await;
    change(&app, &mut ann, NEW).await;
    let answer = ann.post("/auth/totp/confirm", json!({"otp": phone.code()})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "login_expired"));
}
