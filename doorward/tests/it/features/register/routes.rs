//! `POST /register`.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{ANN, App, PASSWORD, config};

#[tokio::test]
async fn registering_makes_an_account() {
    let app = App::new().await;
    let answer = app.anonymous().register("Ann@Example.org", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let user = answer.json();
    let id = user["id"].as_i64().expect("the id is an integer");
    assert!(0 < id && id < 1 << 53);
    assert_eq!(user["email"], "Ann@Example.org");
    assert_eq!(user["email_verified_at"], json!(null));
    assert!(user["created_at"].as_str().unwrap().ends_with('Z'));
    assert!(!answer.text.contains("argon2"));
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn an_address_is_registered_once_however_it_is_written() {
    let app = App::new().await;
    app.register("jos\u{e9}@b\u{fc}cher.example").await;
    for same in [
        "jos\u{e9}@b\u{fc}cher.example",
        "JOSE\u{301}@xn--bcher-kva.EXAMPLE",
        " jos\u{e9}@B\u{dc}CHER.example ",
    ] {
        let answer = app.anonymous().register(same, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{same}");
        assert_eq!(answer.code(), "email_exists");
        assert_eq!(answer.json()["detail"], "Email already exists");
    }
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let app = App::new().await;
    for (body, fields) in [
        (json!({}), &["email", "password"][..]),
        (json!({"email": ANN}), &["password"]),
        (json!({"email": "ann", "password": "short"}), &["email", "password"]),
        (json!({"email": ["a@x.org", "b@y.org"], "password": PASSWORD}), &["email"]),
        (json!({"email": "", "password": ""}), &["email", "password"]),
        (json!({"email": null, "password": 12_345_678}), &["email", "password"]),
        (json!([]), &["body"]),
        (json!("text"), &["body"]),
    ] {
        let answer = app.anonymous().post("/auth/register", body.clone()).await;
        assert_eq!(answer.wrong_fields(), fields, "{body}");
        assert_eq!(answer.code(), "invalid");
    }
}

#[tokio::test]
async fn unknown_fields_change_nothing() {
    let app = App::new().await;
    let answer = app
        .anonymous()
        .post(
            "/auth/register",
            json!({"email": ANN, "password": PASSWORD, "id": 1, "is_admin": true, "role": "admin",
                   "email_verified": true, "email_verified_at": 1, "disabled_at": 1, "created_at": 1, "hashed_password": "x"}),
        )
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let user = answer.json();
    assert_ne!(user["id"], 1);
    assert_eq!(user["email_verified_at"], json!(null));
    assert!(user.get("role").is_none() && user.get("disabled_at").is_none());
    assert!(user["created_at"].as_str().unwrap() > "2020");
}

#[tokio::test]
async fn one_of_many_concurrent_registrations_gets_the_address() {
    let app = App::new().await;
    for round in 0..5 {
        let spellings = [
            format!("r{round}@example.org"),
            format!("R{round}@EXAMPLE.org"),
            format!(" r{round}@ｅxample.org"),
        ];
        let attempts = (0..60).map(|attempt| {
            let (app, email) = (&app, &spellings[attempt % spellings.len()]);
            async move { app.anonymous().register(email, PASSWORD).await.status }
        });
        let statuses = futures_util::future::join_all(attempts).await;
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CREATED).count(), 1);
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::BAD_REQUEST).count(), 59);
    }
}

#[tokio::test]
async fn closed_registration_refuses_everyone() {
    let app = App::with(doorward::Config {
        registration: Some(doorward::config::Registration::Closed),
        ..config()
    })
    .await;
    let answer = app.anonymous().register(ANN, PASSWORD).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "registration_closed"));
    // The operator can still add users.
    app.add_user(ANN, PASSWORD).await.unwrap();
    app.token(ANN).await;
}
