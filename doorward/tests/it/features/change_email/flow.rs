//! Changing the address with mail: `PATCH /me`, `POST /confirm-email`, `POST /undo-email-change`.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, Error};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    app::{ANN, Actor, Answer, App, BOB, NEW_PASSWORD, Outside, PASSWORD, WRONG, patient},
    mail::mailbox::with_mail,
    waiting::until,
};

pub(super) const NEW: &str = "ann@example.com";

/// Registers Ann and verifies her address.
pub(super) async fn verified(app: &App) -> Actor<'_> {
    let ann = app.ann().await;
    app.verify(ANN).await;
    ann
}

pub(super) async fn ask(actor: &mut Actor<'_>, email: &str) {
    let answer = actor.change_email(email).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
}

pub(super) async fn confirm_with(app: &App, token: &str) -> Answer {
    app.anonymous().post("/auth/confirm-email", json!({"token": token})).await
}

/// Asks for a change to this address, and confirms it with the link of its mail.
pub(super) async fn change(app: &App, actor: &mut Actor<'_>, email: &str) {
    ask(actor, email).await;
    confirm(app, email).await;
}

async fn confirm(app: &App, email: &str) {
    let token = app.newest_mail(email).await.token("confirm-email");
    assert_eq!(confirm_with(app, &token).await.status, StatusCode::NO_CONTENT);
}

pub(super) async fn undo_token(app: &App, email: &str) -> String {
    app.newest_mail(email).await.token("undo-email-change")
}

pub(super) async fn undo(app: &App, token: &str) -> Answer {
    app.anonymous().post("/auth/undo-email-change", json!({"token": token})).await
}

#[tokio::test]
async fn a_new_address_counts_once_it_is_confirmed() {
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
            confirm_with(&app, &app.newest_mail(NEW).await.token("confirm-email")).await
        };
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        let me = ann.get("/auth/me").await.json();
        assert_eq!((&me["email"], me["email_verified_at"].is_string()), (&json!(NEW), true));
        app.token(NEW).await;
        let old = app.anonymous().request_token(ANN, PASSWORD).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED);
        let notice = app.newest_mail(ANN).await;
        assert!(notice.subject == "Your e-mail address was changed");
        assert!(notice.text.replace('\n', " ").contains("ann @ example . com"), "{}", notice.text);
    }
}

#[tokio::test]
async fn a_change_always_needs_the_password() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    app.verify(ANN).await;
    // A thief has the token of a log-in that is a moment old, or older.
    for age in [0, 5 * 60, 24 * 3600 - 600] {
        app.advance(Duration::from_secs(age));
        for mut ann in [app.bearer(&app.token(ANN).await), app.browser_of(ANN).await] {
            for new in [NEW, ANN] {
                let answer = ann.patch("/auth/me", json!({"email": new})).await;
                assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
                // Another proof before the request would not help.
                let told = answer.json();
                assert_eq!(told["methods"], json!(["password"]));
                assert!(told.get("confirm_url").is_none() && told.get("max_age").is_none(), "{told}");
                assert_eq!(
                    answer.headers["www-authenticate"],
                    "Bearer realm=\"doorward\", error=\"insufficient_user_authentication\", \
                     error_description=\"Confirm this with the current password, in the same request\""
                );
            }
            let answer = ann.patch("/auth/me", json!({"email": NEW, "current_password": WRONG})).await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
            assert!(app.mails().await.iter().all(|mail| mail.to != NEW));
        }
    }
    let mut ann = app.bearer(&app.token(ANN).await);
    let answer = ann.patch("/auth/me", json!({"email": NEW, "current_password": PASSWORD})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert!(app.mails().await.iter().any(|mail| mail.to == NEW));
}

#[tokio::test]
async fn without_mail_a_change_needs_the_password_too() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let answer = ann.patch("/auth/me", json!({"email": NEW})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
    assert_eq!(ann.change_email(NEW).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_the_owner_learns_that_an_address_is_taken() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    app.register("Bob@example.org").await;
    app.mails().await;
    let free = ann.change_email(NEW).await;
    let taken = ann.change_email(BOB).await;
    assert_eq!((taken.status, &taken.text), (StatusCode::ACCEPTED, &free.text));
    assert_eq!(taken.headers, free.headers);
    let notice = app.newest_mail("Bob@example.org").await;
    assert_eq!(notice.subject, "You have an account already");
    assert!(!notice.text.contains("dw_c_") && !notice.text.contains(ANN));
}

#[tokio::test]
async fn an_address_that_was_registered_meanwhile_is_refused() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    ask(&mut ann, NEW).await;
    app.mails().await;
    app.register(NEW).await;
    let link =
        app.mails().await.into_iter().find(|mail| mail.subject == "Confirm your new e-mail address").unwrap();
    confirm_with(&app, &link.token("confirm-email")).await.assert_invalid_link();
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn a_link_confirms_only_the_address_it_was_sent_to() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    for round in 0..5 {
        let (own, foreign) = (format!("own{round}@example.org"), format!("victim{round}@example.org"));
        let mut same = ann.clone();
        join_all([ann.change_email(&own), same.change_email(&foreign)]).await;
        let mails = app.mails().await;
        let link = mails.iter().find(|mail| mail.to == own).unwrap().token("confirm-email");
        confirm_with(&app, &link).await;
        let me = ann.get("/auth/me").await.json();
        assert!(me["email"] != json!(foreign), "{me}");
        app.advance(Duration::from_secs(3600));
        let fresh = app.bearer(&app.token(me["email"].as_str().unwrap()).await);
        ann = fresh;
    }
}

#[tokio::test]
async fn another_spelling_must_be_confirmed_too() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    assert_eq!(ann.change_email(ANN).await.status, StatusCode::OK);
    ask(&mut ann, "Ann@Example.org").await;
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
    confirm(&app, "Ann@example.org").await;
    assert_eq!(ann.get("/auth/me").await.json()["email"], "Ann@Example.org");
}

#[tokio::test]
async fn a_new_password_cancels_a_pending_change() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    // The first change has its mail sent. The second does not.
    for sent in [true, false] {
        ask(&mut ann, NEW).await;
        if sent {
            app.mails().await;
        }
        assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
        for mail in app.mails().await.iter().filter(|mail| mail.to == NEW) {
            confirm_with(&app, &mail.token("confirm-email")).await.assert_invalid_link();
        }
        assert_eq!(ann.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::OK);
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn the_old_address_can_undo_a_change_for_a_week() {
    let app = App::with(with_mail()).await;
    let mut thief = verified(&app).await;
    change(&app, &mut thief, NEW).await;
    let link = undo_token(&app, ANN).await;
    // The thief changes the address again and the password, and tries to register the old address.
    change(&app, &mut thief, "thief@example.net").await;
    let later_link = undo_token(&app, NEW).await;
    assert_eq!(thief.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
    app.mails().await;
    let squat = app.anonymous().register(ANN, PASSWORD).await;
    assert_eq!(squat.code(), "email_exists");
    app.advance(Duration::from_secs(7 * 24 * 3600 - 3600));
    let answer = undo(&app, &link).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert!(app.find_user("thief@example.net").await.unwrap().is_none());
    assert!(app.find_user(ANN).await.unwrap().unwrap().email_verified_at.is_some());
    for dead in [&link, &later_link] {
        undo(&app, dead).await.assert_invalid_link();
    }
    // The password that the thief knows no longer works. The mail lets the owner choose a new one.
    for password in [PASSWORD, NEW_PASSWORD] {
        let again = app.anonymous().request_token(ANN, password).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    }
    let body = json!({"token": app.newest_mail(ANN).await.token("reset-password"), "new_password": "quite another one"});
    assert_eq!(app.anonymous().post("/auth/reset-password", body).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_undo_link_lasts_a_week() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    change(&app, &mut ann, NEW).await;
    let link = undo_token(&app, ANN).await;
    app.advance(Duration::from_secs(7 * 24 * 3600));
    undo(&app, &link).await.assert_invalid_link();
    assert!(app.find_user(NEW).await.unwrap().is_some());
    // Now the old address is free.
    app.register(ANN).await;
}

#[tokio::test]
async fn an_unverified_old_address_gets_no_undo_link() {
    let app = App::with(with_mail()).await;
    let mut ann = app.ann().await;
    change(&app, &mut ann, NEW).await;
    assert!(app.mails().await.iter().all(|mail| !mail.text.contains("dw_u_")));
}

#[tokio::test]
async fn a_log_in_beside_an_undo_leaves_no_live_session() {
    let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
    let mut ann = verified(&app).await;
    change(&app, &mut ann, NEW).await;
    let link = undo_token(&app, ANN).await;
    let log_ins = (0..8).map(|number| {
        let app = &app;
        async move {
            for _ in 0..number {
                tokio::task::yield_now().await;
            }
            let username = if number % 2 == 0 { NEW } else { ANN };
            app.anonymous().request_token(username, PASSWORD).await
        }
    });
    let (answers, undone) = tokio::join!(join_all(log_ins), undo(&app, &link));
    assert_eq!(undone.status, StatusCode::NO_CONTENT);
    for answer in answers {
        if answer.status == StatusCode::OK {
            let token = answer.token();
            assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        }
    }
}

#[tokio::test]
async fn the_old_address_is_reserved_before_its_mail_is_sent() {
    let app = App::with(with_mail()).await;
    app.stop_clock();
    let mut ann = verified(&app).await;
    change(&app, &mut ann, NEW).await;
    // For a whole day no mail is sent.
    for _ in 0..2 {
        let squat = app.anonymous().register(ANN, PASSWORD).await;
        assert_eq!(squat.code(), "email_exists");
        assert_eq!(app.add_user(ANN, PASSWORD).await.unwrap_err(), Error::EmailExists);
        app.advance(Duration::from_secs(24 * 3600));
    }
    // The week begins when the mail is sent.
    let link = undo_token(&app, ANN).await;
    app.advance(Duration::from_secs(7 * 24 * 3600 - 1));
    assert_eq!(app.add_user(ANN, PASSWORD).await.unwrap_err(), Error::EmailExists);
    assert_eq!(undo(&app, &link).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_registration_that_waits_for_a_change_is_refused_the_old_address() {
    let app = App::with(with_mail()).await;
    let id = app.register(ANN).await;
    let Outside::Postgres(client) = app.outside().await else {
        // On SQLite no statement waits for another.
        return;
    };
    client
        .batch_execute(&format!(
            "BEGIN; UPDATE users SET email = '{NEW}', email_key = '{NEW}' WHERE id = {id};
             INSERT INTO one_time_tokens (token_hash, user_id, purpose, sent_to, sent_to_key, asked_at, expires_at)
             VALUES ('x', {id}, 'undo_email_change', '{ANN}', '{ANN}', 0, 9999999999)"
        ))
        .await
        .unwrap();
    let waiting = app.outside().await;
    let (squat, ()) = tokio::join!(app.add_user(ANN, PASSWORD), async {
        until("the registration waits", || async {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            waiting.number(sql).await == 1
        })
        .await;
        client.batch_execute("COMMIT").await.unwrap();
    });
    assert_eq!(squat.unwrap_err(), Error::EmailExists);
    assert!(app.find_user(ANN).await.unwrap().is_none());
}

#[tokio::test]
async fn an_undo_ends_later_ones_even_when_clocks_differ() {
    for back in [0, 3600] {
        let app = App::with(with_mail()).await;
        let mut thief = verified(&app).await;
        change(&app, &mut thief, NEW).await;
        ask(&mut thief, "thief@example.net").await;
        let second = app.newest_mail("thief@example.net").await.token("confirm-email");
        app.go_back(Duration::from_secs(back));
        let answer = confirm_with(&app, &second).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let (victims, thiefs) = (undo_token(&app, ANN).await, undo_token(&app, NEW).await);
        assert_eq!(undo(&app, &victims).await.status, StatusCode::NO_CONTENT, "{back}");
        undo(&app, &thiefs).await.assert_invalid_link();
        assert!(app.find_user(ANN).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_deletion_is_reported_to_the_old_address_too() {
    for sent in [false, true] {
        let app = App::with(with_mail()).await;
        let mut thief = verified(&app).await;
        change(&app, &mut thief, NEW).await;
        if sent {
            undo_token(&app, ANN).await;
        }
        let before = app.mails_sent();
        let answer = thief.delete_account(PASSWORD).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let mut mails = app.mails().await;
        mails.truncate(mails.len() - before);
        for owner in [ANN, NEW] {
            let told =
                mails.iter().filter(|mail| mail.to == owner && mail.subject == "Your account was deleted");
            assert_eq!(told.count(), 1, "{owner}");
        }
        assert!(mails.iter().all(|mail| !mail.text.contains("dw_u_")));
        assert!(!app.contents().await.contains("mails:"));
    }
}

#[tokio::test]
async fn after_a_deletion_by_an_operator_the_old_address_gets_no_link() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    change(&app, &mut ann, NEW).await;
    let id = app.id_of(NEW).await;
    assert!(app.delete_user(id).await.unwrap());
    let mail = app.newest_mail(ANN).await;
    assert!(mail.subject == "Your account was deleted" && !mail.text.contains("dw_u_"), "{mail:?}");
    assert!(!app.contents().await.contains("mails:"));
}

/// The ways to end the session of a thief.
const WAYS: [&str; 6] = ["reset", "set", "disable", "others", "one", "undo"];

#[tokio::test]
async fn ending_the_session_of_a_thief_cancels_the_pending_change() {
    for way in WAYS {
        for sent in [true, false] {
            let app = App::with(with_mail()).await;
            let evil = format!("{way}-{sent}@example.net");
            let links = taken_over(&app).await;
            let mut thief = app.bearer(&app.token(NEW).await);
            let session = thief.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
            let mut victim = app.bearer(&app.token(NEW).await);
            ask(&mut thief, &evil).await;
            let letter = if sent { Some(app.newest_mail(&evil).await) } else { None };
            end_session(&app, way, &mut victim, session, &links).await;
            let letters = app.mails().await;
            let letters = letters.iter().filter(|mail| mail.to == evil);
            assert_eq!(letters.clone().count(), usize::from(sent), "{way}");
            if let Some(letter) = letter {
                confirm_with(&app, &letter.token("confirm-email")).await.assert_invalid_link();
            }
        }
    }
}

#[tokio::test]
async fn ending_the_session_of_a_thief_cancels_a_concurrent_change() {
    for way in WAYS {
        for round in 0..6 {
            let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
            let evil = format!("{way}-{round}@example.net");
            let links = taken_over(&app).await;
            let mut thief = app.bearer(&app.token(NEW).await);
            let session = thief.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
            let mut victim = app.bearer(&app.token(NEW).await);
            let body = json!({"email": evil, "current_password": PASSWORD});
            tokio::join!(thief.patch("/auth/me", body), async {
                for _ in 0..round * 2 {
                    tokio::task::yield_now().await;
                }
                end_session(&app, way, &mut victim, session, &links).await;
            });
            for mail in app.mails().await.iter().filter(|mail| mail.to == evil) {
                confirm_with(&app, &mail.token("confirm-email")).await.assert_invalid_link();
            }
        }
    }
}

/// The tokens that the owner has in their mail.
struct Links {
    undo: String,
    reset: String,
}

/// An account whose address was changed from [`ANN`] to [`NEW`].
async fn taken_over(app: &App) -> Links {
    let mut ann = verified(app).await;
    change(app, &mut ann, NEW).await;
    let undo = undo_token(app, ANN).await;
    app.anonymous().post("/auth/forgot-password", json!({"email": NEW})).await;
    Links { undo, reset: app.newest_mail(NEW).await.token("reset-password") }
}

async fn end_session(app: &App, way: &str, victim: &mut Actor<'_>, session: i64, links: &Links) {
    let id = app.id_of(NEW).await;
    let status = match way {
        "reset" => {
            let body = json!({"token": links.reset, "new_password": NEW_PASSWORD});
            app.anonymous().post("/auth/reset-password", body).await.status
        }
        "set" => {
            assert!(app.set_password(id, NEW_PASSWORD).await.unwrap());
            StatusCode::NO_CONTENT
        }
        "disable" => {
            assert!(app.disable_user(id).await.unwrap() && app.enable_user(id).await.unwrap());
            StatusCode::NO_CONTENT
        }
        "others" => victim.delete("/auth/sessions", None).await.status,
        "one" => victim.delete(&format!("/auth/sessions/{session}"), None).await.status,
        _ => undo(app, &links.undo).await.status,
    };
    assert_eq!(status, StatusCode::NO_CONTENT, "{way}");
}
