//! Changing the address where mail can be sent: `PATCH /me`, `POST /confirm-email`, `POST /undo-email-change`.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, Error};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    app::{ANN, Actor, Answer, App, BOB, NEW_PASSWORD, Outside, PASSWORD, patient},
    mail::mailbox::with_mail,
    waiting::until,
};

const NEW: &str = "ann@example.com";

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
    let answer = actor.change_email(email).await;
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
        let old = app.anonymous().request_token(ANN, PASSWORD).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED);
        let notice = app.newest_mail(ANN).await;
        assert!(notice.subject == "Your e-mail address was changed" && notice.text.contains(NEW));
    }
}

#[tokio::test]
async fn a_change_is_asked_for_by_who_has_just_proved_themselves() {
    let app = App::with(with_mail()).await;
    let mut ann = app.ann().await;
    app.advance(Duration::from_secs(5 * 60));
    let answer = ann.change_email(NEW).await;
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
    let free = ann.change_email(NEW).await;
    let taken = ann.change_email(BOB).await;
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
    app.anonymous().post("/auth/confirm-email", body).await.assert_invalid_link();
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn of_two_changes_the_newer_one_counts_and_each_link_is_for_its_own_address() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    for round in 0..5 {
        let (own, foreign) = (format!("own{round}@example.org"), format!("victim{round}@example.org"));
        let mut same = ann.clone();
        join_all([ann.change_email(&own), same.change_email(&foreign)]).await;
        let mails = app.mails().await;
        let link = mails.iter().find(|mail| mail.to == own).unwrap().token("confirm-email");
        app.anonymous().post("/auth/confirm-email", json!({"token": link})).await;
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
        assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
        for mail in app.mails().await.iter().filter(|mail| mail.to == NEW) {
            let body = json!({"token": mail.token("confirm-email")});
            app.anonymous().post("/auth/confirm-email", body).await.assert_invalid_link();
        }
        assert_eq!(ann.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::OK);
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
    // The password that the thief knows opens nothing, and is replaced with the mail that came.
    for password in [PASSWORD, NEW_PASSWORD] {
        let again = app.anonymous().request_token(ANN, password).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    }
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
    app.advance(Duration::from_secs(7 * 24 * 3600));
    undo(&app, &link).await.assert_invalid_link();
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

#[tokio::test]
async fn who_logs_in_while_a_change_is_taken_back_is_out_afterwards() {
    let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
    let mut ann = verified(&app).await;
    ask(&mut ann, NEW).await;
    assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
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
async fn the_old_address_is_kept_for_its_owner_before_their_mail_is_sent() {
    let app = App::with(with_mail()).await;
    app.stop_clock();
    let mut ann = verified(&app).await;
    ask(&mut ann, NEW).await;
    assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
    // No mail is sent at this moment, nor for a whole day.
    for _ in 0..2 {
        let squat = app.anonymous().register(ANN, PASSWORD).await;
        assert_eq!(squat.code(), "email_exists");
        assert_eq!(app.add_user(ANN, PASSWORD).await.unwrap_err(), Error::EmailExists);
        app.advance(Duration::from_secs(24 * 3600));
    }
    // It is kept for a week from the mail on.
    let link = undo_token(&app, ANN).await;
    app.advance(Duration::from_secs(7 * 24 * 3600 - 1));
    assert_eq!(app.add_user(ANN, PASSWORD).await.unwrap_err(), Error::EmailExists);
    assert_eq!(undo(&app, &link).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn who_waits_for_an_address_to_be_given_up_does_not_get_it() {
    let app = App::with(with_mail()).await;
    let id = app.register(ANN).await;
    let Outside::Postgres(client) = app.outside().await else {
        // On SQLite nobody waits within a statement.
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
        until("waiting", || async {
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
async fn of_two_changes_within_a_second_or_by_clocks_that_differ_the_first_undo_wins() {
    for back in [0, 3600] {
        let app = App::with(with_mail()).await;
        let mut thief = verified(&app).await;
        ask(&mut thief, NEW).await;
        assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
        ask(&mut thief, "thief@example.net").await;
        let second = app.newest_mail("thief@example.net").await.token("confirm-email");
        app.go_back(Duration::from_secs(back));
        let answer = app.anonymous().post("/auth/confirm-email", json!({"token": second})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let (victims, thiefs) = (undo_token(&app, ANN).await, undo_token(&app, NEW).await);
        assert_eq!(undo(&app, &thiefs).await.status, StatusCode::NO_CONTENT, "{back}");
        assert_eq!(undo(&app, &victims).await.status, StatusCode::NO_CONTENT, "{back}");
        assert!(app.find_user(ANN).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_deletion_is_told_to_whoever_could_have_taken_a_change_back() {
    for sent in [false, true] {
        let app = App::with(with_mail()).await;
        let mut thief = verified(&app).await;
        ask(&mut thief, NEW).await;
        assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
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
async fn an_account_that_an_operator_deletes_has_its_change_told_without_a_link() {
    let app = App::with(with_mail()).await;
    let mut ann = verified(&app).await;
    ask(&mut ann, NEW).await;
    assert_eq!(confirm(&app, NEW).await.status, StatusCode::NO_CONTENT);
    let id = app.id_of(NEW).await;
    assert!(app.delete_user(id).await.unwrap());
    let mail = app.newest_mail(ANN).await;
    assert!(mail.subject == "Your account was deleted" && !mail.text.contains("dw_u_"), "{mail:?}");
    assert!(!app.contents().await.contains("mails:"));
}

/// What gets rid of whoever is logged in.
const RIDDANCES: [&str; 6] = ["reset", "set", "disable", "others", "one", "undo"];

#[tokio::test]
async fn a_change_that_was_asked_for_ends_with_whoever_asked_for_it() {
    for riddance in RIDDANCES {
        for sent in [true, false] {
            let app = App::with(with_mail()).await;
            let evil = format!("{riddance}-{sent}@example.net");
            let links = taken_over(&app).await;
            let mut thief = app.bearer(&app.token(NEW).await);
            let session = thief.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
            let mut victim = app.bearer(&app.token(NEW).await);
            ask(&mut thief, &evil).await;
            let letter = if sent { Some(app.newest_mail(&evil).await) } else { None };
            get_rid(&app, riddance, &mut victim, session, &links).await;
            let letters = app.mails().await;
            let letters = letters.iter().filter(|mail| mail.to == evil);
            assert_eq!(letters.clone().count(), usize::from(sent), "{riddance}");
            if let Some(letter) = letter {
                let body = json!({"token": letter.token("confirm-email")});
                app.anonymous().post("/auth/confirm-email", body).await.assert_invalid_link();
            }
        }
    }
}

#[tokio::test]
async fn a_change_that_is_being_asked_for_meanwhile_ends_too() {
    for riddance in RIDDANCES {
        for round in 0..6 {
            let app = App::with(Config { limit: patient().limit, ..with_mail() }).await;
            let evil = format!("{riddance}-{round}@example.net");
            let links = taken_over(&app).await;
            let mut thief = app.bearer(&app.token(NEW).await);
            let session = thief.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
            let mut victim = app.bearer(&app.token(NEW).await);
            let body = json!({"email": evil, "current_password": PASSWORD});
            tokio::join!(thief.patch("/auth/me", body), async {
                for _ in 0..round * 2 {
                    tokio::task::yield_now().await;
                }
                get_rid(&app, riddance, &mut victim, session, &links).await;
            });
            for mail in app.mails().await.iter().filter(|mail| mail.to == evil) {
                let body = json!({"token": mail.token("confirm-email")});
                app.anonymous().post("/auth/confirm-email", body).await.assert_invalid_link();
            }
        }
    }
}

/// What its owner has in their mail.
struct Links {
    undo: String,
    reset: String,
}

/// An account whose address was changed from [`ANN`] to [`NEW`].
async fn taken_over(app: &App) -> Links {
    let mut ann = verified(app).await;
    ask(&mut ann, NEW).await;
    assert_eq!(confirm(app, NEW).await.status, StatusCode::NO_CONTENT);
    let undo = undo_token(app, ANN).await;
    app.anonymous().post("/auth/forgot-password", json!({"email": NEW})).await;
    Links { undo, reset: app.newest_mail(NEW).await.token("reset-password") }
}

async fn get_rid(app: &App, riddance: &str, victim: &mut Actor<'_>, session: i64, links: &Links) {
    let id = app.id_of(NEW).await;
    let status = match riddance {
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
    assert_eq!(status, StatusCode::NO_CONTENT, "{riddance}");
}
