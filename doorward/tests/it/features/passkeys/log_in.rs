//! Logging in with a passkey, and nothing else.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;
use futures_util::future::join_all;
use serde_json::json;

use super::assert_refused;
use crate::{
    app::{ANN, App, BACKED_UP, BOB, ELIGIBLE, Passkey, Phone, VERIFIED, config, with_key},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn a_passkey_logs_in_without_an_address_and_is_two_factors() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (passkey, id) = Passkey::add(&mut ann).await;
    // The account has an authenticator app too: the passkey needs no second step.
    Phone::add(&app, &mut ann).await;
    let mut browser = app.browser();
    let options = browser.post("/auth/login/passkey/options", json!({})).await.json();
    assert_eq!(options["allowCredentials"], json!([]));
    assert_eq!((&options["rpId"], &options["userVerification"]), (&json!("localhost"), &json!("required")));
    let answer = passkey.log_in(&mut browser).await;
    assert_eq!((answer.status, &answer.json()["email"]), (StatusCode::OK, &json!(ANN)));
    let sessions = browser.sessions().await;
    let current = sessions.iter().find(|one| one["current"] == true).unwrap();
    assert_eq!((&current["method"], &current["acr"]), (&json!("passkey"), &json!("aal2")));
    assert_eq!(current["amr"], json!(["hwk", "mfa"]));
    let list = browser.get("/auth/passkeys").await.json();
    assert!(list["passkeys"][0]["last_used_at"].is_string(), "{list}");
    let logged_in = "events WHERE kind = 'logged_in' AND detail LIKE '%\"method\":\"passkey\"%'";
    assert_eq!(app.count(logged_in).await, 1);
    assert_eq!(app.number("SELECT passkey_id FROM sessions WHERE passkey_id IS NOT NULL").await, id);
}

#[tokio::test]
async fn a_program_gets_a_token_for_a_passkey() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let mut program = app.anonymous();
    let options = program.post("/auth/login/passkey/options", json!({})).await.json();
    let credential = passkey.answer(&options).to_string();
    let form = [("grant_type", "urn:doorward:grant:passkey"), ("credential", &*credential)];
    let answer = program.form("/auth/token", &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(app.bearer(&answer.token()).is_logged_in().await);
    let again = program.form("/auth/token", &form).await;
    assert_eq!((again.status, &again.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_grant")));
    let malformed = [("grant_type", "urn:doorward:grant:passkey"), ("credential", "{}")];
    let answer = program.form("/auth/token", &malformed).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn every_wrong_answer_is_refused_alike() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (right, _) = Passkey::add(&mut ann).await;
    let mut bob = app.user(BOB).await;
    let (of_bob, _) = Passkey::add(&mut bob).await;
    let other_key = Passkey { id: right.id.clone(), handle: right.handle.clone(), ..Passkey::new() };
    for (what, wrong) in [
        ("another origin", Passkey { origin: "https://evil.example".into(), ..right.clone() }),
        ("another domain", Passkey { rp_id: "example.org".into(), ..right.clone() }),
        ("a user who was not verified", Passkey { flags: 0, ..right.clone() }),
        ("a frame of another site", Passkey { cross_origin: true, ..right.clone() }),
        ("backed up although it cannot be", Passkey { flags: VERIFIED | BACKED_UP, ..right.clone() }),
        ("the handle of another user", Passkey { handle: of_bob.handle.clone(), ..right.clone() }),
        ("another key", other_key),
        ("nobody's", Passkey::new()),
    ] {
        let mut browser = app.browser();
        let answer = wrong.log_in(&mut browser).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "wrong_credentials");
        assert!(!browser.is_logged_in().await, "{what}");
    }
    for reason in ["passkey_refused", "unknown_passkey"] {
        assert!(app.count(&format!("failures WHERE detail LIKE '%{reason}%'")).await > 0, "{reason}");
    }
    let mut browser = app.browser();
    assert_eq!(right.log_in(&mut browser).await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_challenge_is_answered_once_also_at_once_on_two_nodes() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let node = app.sibling(config()).await;
    for _ in 0..5 {
        let options = app.anonymous().post("/auth/login/passkey/options", json!({})).await.json();
        let body = json!({"credential": passkey.answer(&options)});
        let answers = join_all(
            [&app, &node, &app, &node]
                .map(async |app| app.browser().post("/auth/login/passkey", body.clone()).await.status),
        )
        .await;
        let right = answers.iter().filter(|status| **status == StatusCode::OK).count();
        assert_eq!(right, 1, "{answers:?}");
    }
    // One that is older than ten minutes.
    let options = app.anonymous().post("/auth/login/passkey/options", json!({})).await.json();
    app.auth.advance(Duration::from_secs(601));
    let body = json!({"credential": passkey.answer(&options)});
    let answer = app.browser().post("/auth/login/passkey", body).await;
    assert_refused(&answer, StatusCode::UNAUTHORIZED, "wrong_credentials");
}

#[tokio::test]
async fn a_disabled_or_unverified_user_is_refused_like_an_unknown_one() {
    let app = App::with(Config { require_verified_email: Some(true), ..with_mail() }).await;
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let (passkey, _) = Passkey::add(&mut ann).await;
    let mut browser = app.browser();
    assert_eq!(passkey.log_in(&mut browser).await.status, StatusCode::OK);
    app.execute("UPDATE users SET email_verified_at = NULL").await;
    assert_refused(&passkey.log_in(&mut app.browser()).await, StatusCode::UNAUTHORIZED, "wrong_credentials");
    app.execute("UPDATE users SET email_verified_at = 1, disabled_at = 1").await;
    assert_refused(&passkey.log_in(&mut app.browser()).await, StatusCode::UNAUTHORIZED, "wrong_credentials");
}

#[tokio::test]
async fn a_browser_may_forget_a_passkey_only_if_its_user_is_here() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (removed, id) = Passkey::add(&mut ann).await;
    assert_eq!(ann.delete(&format!("/auth/passkeys/{id}"), None).await.status, StatusCode::NO_CONTENT);
    assert_refused(&removed.log_in(&mut app.browser()).await, StatusCode::UNAUTHORIZED, "unknown_passkey");
    // Without a handle, with that of nobody, or with a challenge of nobody, it may be one of another server.
    for handle in [None, Some("AAAAAAAAAAA".to_owned()), Some("AA".to_owned())] {
        let elsewhere = Passkey { handle, ..removed.clone() };
        assert_refused(
            &elsewhere.log_in(&mut app.browser()).await,
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
        );
    }
    let foreign = json!({"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
    let body = json!({"credential": removed.answer(&foreign)});
    let answer = app.browser().post("/auth/login/passkey", body).await;
    assert_refused(&answer, StatusCode::UNAUTHORIZED, "wrong_credentials");
}

#[tokio::test]
async fn a_count_that_does_not_grow_is_told_and_the_log_in_goes_on() {
    let app = App::with(with_mail()).await;
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let (passkey, _) = Passkey::add(&mut ann).await;
    let counted = |count| Passkey { count, ..passkey.clone() };
    let mails = async || {
        let mails = app.mails().await;
        mails.iter().filter(|mail| mail.subject == "A passkey may have been copied").count()
    };
    // Both zero: it does not count.
    for count in [0, 0, 5, 9] {
        assert_eq!(counted(count).log_in(&mut app.browser()).await.status, StatusCode::OK, "{count}");
    }
    assert_eq!(app.count("events WHERE kind = 'passkey_counter_regressed'").await, 0);
    for count in [9, 3, 0] {
        assert_eq!(counted(count).log_in(&mut app.browser()).await.status, StatusCode::OK, "{count}");
        assert_eq!(app.number("SELECT sign_count FROM passkeys").await, 9);
    }
    assert_eq!(app.count("events WHERE kind = 'passkey_counter_regressed'").await, 3);
    assert_eq!(mails().await, 1);
}

#[tokio::test]
async fn a_passkey_may_become_one_that_is_backed_up_and_not_the_reverse() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let with = |flags| Passkey { flags, ..passkey.clone() };
    let synced = async |app: &App| app.number("SELECT backed_up FROM passkeys").await;
    assert_eq!(with(VERIFIED | ELIGIBLE).log_in(&mut app.browser()).await.status, StatusCode::OK);
    assert_eq!(app.count("events WHERE kind = 'passkey_backup_allowed'").await, 1);
    assert_eq!(synced(&app).await, 0);
    let mut browser = app.browser();
    assert_eq!(with(VERIFIED | ELIGIBLE | BACKED_UP).log_in(&mut browser).await.status, StatusCode::OK);
    assert_eq!(synced(&app).await, 1);
    let sessions = browser.sessions().await;
    let current = sessions.iter().find(|one| one["current"] == true).unwrap();
    assert_eq!(current["amr"], json!(["swk", "mfa"]));
    let answer = with(VERIFIED).log_in(&mut app.browser()).await;
    assert_refused(&answer, StatusCode::UNAUTHORIZED, "wrong_credentials");
    assert_eq!(app.count("events WHERE kind = 'passkey_backup_allowed'").await, 1);
}
