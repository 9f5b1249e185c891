//! `PATCH /me` without a mail server: a new address counts at once.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD};

#[tokio::test]
async fn an_address_is_changed() {
    let app = App::new().await;
    let id = app.register(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let changed = ann.change_email("Ann@b\u{fc}cher.example").await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(changed.json()["id"], id);
    assert_eq!(ann.get("/auth/me").await.json(), changed.json());
    app.token("ann@xn--bcher-kva.example").await;
    let old = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    // The old address is free again, and the user may change the spelling of the new one.
    app.register(ANN).await;
    let respelled = ann.change_email("ANN@B\u{dc}CHER.example").await;
    assert_eq!(
        (respelled.status, &respelled.json()["email"]),
        (StatusCode::OK, &json!("ANN@B\u{dc}CHER.example"))
    );
}

#[tokio::test]
async fn the_address_of_another_user_is_refused() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    app.register(BOB).await;
    for bobs in [BOB, "BOB@EXAMPLE.ORG", " bob@example.org", "bob@\u{ff45}xample.org"] {
        let answer = ann.change_email(bobs).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "email_exists"), "{bobs}");
    }
    for wrong in [json!({}), json!({"email": null}), json!({"email": "x"}), json!({"email": ["a@x.org"]})] {
        assert_eq!(ann.patch("/auth/me", wrong).await.wrong_fields(), ["email"]);
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn one_of_many_concurrent_changes_gets_the_address() {
    let app = App::new().await;
    let mut users = Vec::new();
    for number in 0..20 {
        users.push(app.user(&format!("u{number}@example.org")).await);
    }
    let attempts = users.iter_mut().map(|user| user.change_email("one@example.org"));
    let answers = futures_util::future::join_all(attempts).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(StatusCode::OK), count(StatusCode::BAD_REQUEST)), (1, 19));
}

#[tokio::test]
async fn a_change_sets_nothing_but_the_address() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let before = ann.get("/auth/me").await.json();
    let others = json!({
        "id": 1, "is_admin": true, "role": "admin", "email_verified": true, "email_verified_at": "2026-01-01T00:00:00Z",
        "disabled_at": 1, "created_at": 1, "password": NEW_PASSWORD, "hashed_password": "x",
        "user_metadata": {"role": "admin"}, "email_key": BOB,
    });
    for (name, value) in others.as_object().unwrap() {
        let change = json!({"email": ANN, "current_password": PASSWORD, name: value});
        assert_eq!(ann.patch("/auth/me", change).await.wrong_fields(), ["body"], "{name}");
        assert_eq!(ann.get("/auth/me").await.json(), before);
    }
    let change = json!({"email": ANN, "current_password": PASSWORD});
    let mut after = ann.patch("/auth/me", change).await.json();
    after["updated_at"] = before["updated_at"].clone();
    assert_eq!(after, before);
    app.token(ANN).await;
}

#[tokio::test]
async fn proving_the_password_again_renews_the_cookie() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = app.browser_of(ANN).await;
    let thief = ann.clone();
    let change = json!({"email": "b@example.com", "current_password": PASSWORD});
    assert_eq!(ann.patch("/auth/me", change).await.status, StatusCode::OK);
    assert_eq!(thief.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ann.get("/auth/me").await.json()["email"], "b@example.com");
}
