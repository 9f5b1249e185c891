//! `POST /password`.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD, WRONG, config};

#[tokio::test]
async fn changing_a_password_takes_the_current_one() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let elsewhere = [other.bearer(&app.token(ANN).await), other.browser_of(ANN).await];
    let answer = ann.change_password(WRONG, NEW_PASSWORD).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
    for actor in &elsewhere {
        assert_eq!(actor.clone().get("/auth/me").await.status, StatusCode::OK);
    }
    let answer = ann.change_password(PASSWORD, NEW_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    for actor in &elsewhere {
        assert_eq!(actor.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
    for (password, status) in [(PASSWORD, StatusCode::UNAUTHORIZED), (NEW_PASSWORD, StatusCode::OK)] {
        let answer = app.anonymous().request_token(ANN, password).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn a_new_password_makes_copies_of_the_token_useless() {
    let app = App::new().await;
    let other = app.sibling(config()).await;

    let mut ann = app.ann().await;
    let mut thief = ann.clone();
    let before = ann.get("/auth/sessions").await.json();
    let answer = ann.change_password(PASSWORD, NEW_PASSWORD).await;
    let token = answer.json();
    assert_eq!((answer.status, &token["token_type"]), (StatusCode::OK, &json!("bearer")));
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(thief.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let mut elsewhere = other.bearer(token["access_token"].as_str().unwrap());
    assert_eq!(elsewhere.get("/auth/me").await.status, StatusCode::OK);
    // It is still the same session, and it ends at the same time.
    let after = elsewhere.get("/auth/sessions").await.json();
    for same in ["id", "current", "created_at", "expires_at"] {
        assert_eq!(after[0][same], before[0][same]);
    }
    assert_eq!(ann.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::OK);

    let mut browser = app.browser_of(ANN).await;
    let thief = browser.clone();
    app.advance(std::time::Duration::from_secs(3600));
    let answer = browser.change_password(PASSWORD, NEW_PASSWORD).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    let set = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let session = set.into_iter().find(|line| line.starts_with("doorward=")).unwrap();
    let lives: i64 = session.split("; Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    assert!((82_700..=82_800).contains(&lives), "{session}");
    assert_ne!(browser.cookies["doorward"], thief.cookies["doorward"]);
    assert_ne!(browser.cookies["doorward-device"], thief.cookies["doorward-device"]);
    assert_eq!(thief.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_follows_the_same_rules() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for (body, fields) in [
        (json!({}), &["current_password", "new_password"][..]),
        (json!({"new_password": NEW_PASSWORD}), &["current_password"]),
        (json!({"current_password": PASSWORD}), &["new_password"]),
        (json!({"current_password": PASSWORD, "new_password": "short"}), &["new_password"]),
        (json!({"current_password": PASSWORD, "new_password": "x".repeat(257)}), &["new_password"]),
        (json!({"current_password": "x".repeat(1025), "new_password": NEW_PASSWORD}), &["current_password"]),
    ] {
        assert_eq!(ann.post("/auth/password", body.clone()).await.wrong_fields(), fields, "{body}");
    }
    app.token(ANN).await;
}

#[tokio::test]
async fn one_of_two_concurrent_changes_counts() {
    let app = App::new().await;
    app.register(ANN).await;
    let (mut one, mut other) = (app.bearer(&app.token(ANN).await), app.bearer(&app.token(ANN).await));
    let change = |new: &str| json!({"current_password": PASSWORD, "new_password": new});
    let (first, second) = tokio::join!(
        one.post("/auth/password", change("the one of the first")),
        other.post("/auth/password", change("the one of the second")),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    // The later change has the old password, or its session has ended.
    assert_eq!(statuses[0], StatusCode::OK);
    assert!([StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&statuses[1]), "{statuses:?}");
    let new = if first.status == StatusCode::OK { "the one of the first" } else { "the one of the second" };
    let answer = app.anonymous().request_token(ANN, new).await;
    assert_eq!(answer.status, StatusCode::OK);
}
