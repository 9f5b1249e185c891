//! `POST /step-up`.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::json;

use crate::app::{ANN, App, PASSWORD, Phone, WRONG, config, with_key};

#[tokio::test]
async fn a_session_gets_another_token_and_others_stay_as_they_are() {
    let app = App::new().await;
    app.stop_clock();
    let mut ann = app.ann().await;
    let mut browser = app.browser_of(ANN).await;
    let mut other = app.bearer(&app.token(ANN).await);
    let (bearer_id, browser_id) =
        (ann.sessions().await[2]["id"].clone(), browser.sessions().await[1]["id"].clone());
    app.advance(Duration::from_secs(1000));

    let answer = ann.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    let told = answer.json();
    assert_eq!((&told["token_type"], &told["expires_in"]), (&json!("bearer"), &json!(24 * 3600 - 1000)));
    assert!(!answer.headers.contains_key("set-cookie") && !ann.is_logged_in().await);
    let mut ann = app.bearer(&answer.token());

    let before = browser.clone();
    let answer = browser.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert!(!before.is_logged_in().await && browser.is_logged_in().await);

    let sessions = ann.sessions().await;
    assert_eq!(sessions.len(), 3, "no session was added or ended");
    for session in &sessions {
        let stepped_up = [&bearer_id, &browser_id].contains(&&session["id"]);
        assert_eq!(session["authenticated_at"] != session["created_at"], stepped_up, "{session}");
        assert_eq!(session["acr"], "aal1");
    }
    assert!(other.is_logged_in().await);
    assert_eq!(
        other.post("/auth/step-up", json!({"current_password": WRONG})).await.code(),
        "wrong_password"
    );
    assert_eq!(
        app.count("events WHERE kind = 'stepped_up' AND detail LIKE '%\"method\":\"password\"%'").await,
        2
    );
    assert_eq!(app.count("events WHERE kind = 'logged_in'").await, 3, "a step up is no log-in");
    assert_eq!(app.count("events WHERE kind = 'confirmation_failed'").await, 1);
}

#[tokio::test]
async fn a_second_factor_makes_a_session_of_two_factors_and_a_code_works_once() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, codes) = Phone::add(&app, &mut ann).await;
    assert_eq!(ann.sessions().await[0]["acr"], "aal1");
    let otp = json!({"otp": phone.next(&app)});
    let stepped_up = ann.post("/auth/step-up", otp.clone()).await;
    assert_eq!(stepped_up.status, StatusCode::OK, "{}", stepped_up.text);
    let mut ann = app.bearer(&stepped_up.token());
    let session = ann.sessions().await[0].clone();
    assert_eq!((&session["acr"], &session["amr"]), (&json!("aal2"), &json!(["pwd", "otp", "mfa"])));
    let again = ann.post("/auth/step-up", otp).await;
    assert_eq!((again.status, &*again.code()), (StatusCode::FORBIDDEN, "wrong_otp"));
    let recovery = json!({"recovery_code": codes[0]});
    let mut ann = app.bearer(&ann.post("/auth/step-up", recovery.clone()).await.token());
    assert_eq!(ann.post("/auth/step-up", recovery).await.code(), "wrong_recovery_code");
    assert_eq!(ann.get("/auth/recovery-codes").await.json()["left"], 9);
    let with = |method: &str| {
        format!("events WHERE kind = 'stepped_up' AND detail LIKE '%\"method\":\"{method}\"%'")
    };
    assert_eq!(app.count(&with("totp")).await, 1);
    assert_eq!(app.count(&with("recovery_code")).await, 1);
    // A password is no second factor, and takes none away.
    let mut ann = app.bearer(&ann.post("/auth/step-up", json!({"current_password": PASSWORD})).await.token());
    assert_eq!(ann.sessions().await[0]["acr"], "aal2");
    for (body, field) in [
        (json!({}), "current_password"),
        (json!({"otp": "1", "current_password": PASSWORD}), "current_password"),
        (json!({"otp": "1", "recovery_code": "A"}), "otp"),
        (json!({"otp": 1}), "otp"),
        (json!({"current_password": PASSWORD, "next": "/"}), "body"),
    ] {
        assert_eq!(ann.post("/auth/step-up", body).await.wrong_fields(), [field]);
    }
}

#[tokio::test]
async fn guesses_are_limited_and_a_session_that_ended_proves_nothing() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let mut refused = 0;
    for _ in 0..8 {
        let answer = ann.post("/auth/step-up", json!({"otp": phone.wrong_code()})).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 3);
    // The password has a counter of its own.
    let mut wrong = 0;
    loop {
        let answer = ann.post("/auth/step-up", json!({"current_password": WRONG})).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        assert_eq!(answer.code(), "wrong_password");
        wrong += 1;
    }
    assert!((1..20).contains(&wrong), "{wrong}");
    let mut gone = app.bearer(
        &app.anonymous()
            .form("/auth/token", &[("username", ANN), ("password", PASSWORD), ("otp", "1")])
            .await
            .text,
    );
    let answer = gone.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    assert_eq!(answer.code(), "invalid_session");
    ann.log_out().await;
    let answer = ann.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    assert_eq!(answer.code(), "invalid_session");
}

#[tokio::test]
async fn of_two_proofs_with_one_token_at_once_one_renews_it() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let other = app.sibling(with_key(config())).await;
    let proofs = [
        (
            app.bearer(ann.authorization().unwrap().strip_prefix("Bearer ").unwrap()),
            json!({"otp": phone.next(&app)}),
        ),
        (
            other.bearer(ann.authorization().unwrap().strip_prefix("Bearer ").unwrap()),
            json!({"current_password": PASSWORD}),
        ),
    ];
    let answers = join_all(
        proofs.into_iter().map(|(mut actor, proof)| async move { actor.post("/auth/step-up", proof).await }),
    )
    .await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
    assert!(statuses.contains(&StatusCode::UNAUTHORIZED), "{statuses:?}");
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn another_site_cannot_step_up() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut other = app.browser_of(ANN).await.header("sec-fetch-site", "cross-site");
    let answer = other.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"));
}
