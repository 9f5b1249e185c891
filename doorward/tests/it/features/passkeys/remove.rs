//! Removing passkeys.

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::json;

use super::assert_refused;
use crate::app::{ANN, App, BOB, Passkey, Phone, config, with_key};

#[tokio::test]
async fn removing_a_passkey_ends_the_sessions_that_began_with_it_but_not_this_one() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, id) = Passkey::add(&mut ann).await;
    let (kept, _) = Passkey::add(&mut ann).await;
    let (mut one, mut two, mut three) = (app.browser(), app.browser(), app.browser());
    for browser in [&mut one, &mut two] {
        assert_eq!(passkey.log_in(browser).await.status, StatusCode::OK);
    }
    assert_eq!(kept.log_in(&mut three).await.status, StatusCode::OK);
    assert_eq!(two.delete(&format!("/auth/passkeys/{id}"), None).await.status, StatusCode::NO_CONTENT);
    assert!(!one.is_logged_in().await);
    assert!(two.is_logged_in().await && three.is_logged_in().await && ann.is_logged_in().await);
    assert_refused(&passkey.log_in(&mut app.browser()).await, StatusCode::UNAUTHORIZED, "unknown_passkey");
    let removed = format!("events WHERE kind = 'passkey_removed' AND detail LIKE '%{id}%'");
    assert_eq!(app.count(&removed).await, 1);
}

#[tokio::test]
async fn another_user_removes_and_sees_nothing() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (_, id) = Passkey::add(&mut ann).await;
    let mut bob = app.user(BOB).await;
    for missing in [&*id.to_string(), "1", "x", "%ff", "99999999999999999999"] {
        let answer = bob.delete(&format!("/auth/passkeys/{missing}"), None).await;
        assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
    }
    assert_eq!(bob.get("/auth/passkeys").await.json()["passkeys"], json!([]));
    assert_eq!(app.count("passkeys").await, 1);
}

#[tokio::test]
async fn the_last_way_in_stays_also_if_two_requests_remove_the_last_two_at_once() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, first) = Passkey::add(&mut ann).await;
    let (_, second) = Passkey::add(&mut ann).await;
    app.execute("DELETE FROM credentials").await;
    let mut browser = app.browser();
    assert_eq!(passkey.log_in(&mut browser).await.status, StatusCode::OK);
    let node = app.sibling(config()).await;
    let cookie = format!("doorward={}", browser.cookies["doorward"]);
    let removed = join_all([(&app, first), (&node, second)].map(async |(app, id)| {
        let mut client = app.browser().header("cookie", &cookie);
        let answer = client.delete(&format!("/auth/passkeys/{id}"), None).await;
        (answer.status, answer.text)
    }))
    .await;
    let refused = removed.iter().filter(|(status, _)| *status == StatusCode::CONFLICT).count();
    assert_eq!(refused, 1, "{removed:?}");
    assert_eq!(app.count("passkeys").await, 1);
    // A key that only serves as second step is no way in.
    app.execute("UPDATE passkeys SET discoverable = 0").await;
    let left = app.number("SELECT id FROM passkeys").await;
    app.execute("UPDATE passkeys SET discoverable = NULL").await;
    let answer = browser.delete(&format!("/auth/passkeys/{left}"), None).await;
    assert_refused(&answer, StatusCode::CONFLICT, "last_way_in");
}

#[tokio::test]
async fn recovery_codes_stay_as_long_as_something_can_be_lost() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (_, id) = Passkey::add(&mut ann).await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let mut browser = app.browser();
    browser.log_in(ANN, crate::app::PASSWORD).await;
    let answer = browser.post("/auth/login/second-step", json!({"otp": phone.next(&app)})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(browser.delete("/auth/totp", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.count("recovery_codes").await, 10);
    assert_eq!(browser.delete(&format!("/auth/passkeys/{id}"), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.count("recovery_codes").await, 0);
}

#[tokio::test]
async fn an_operator_resets_passkeys_with_the_other_second_factors() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let id = app.id_of(ANN).await;
    assert!(app.auth.reset_second_factor(id).await.unwrap());
    assert!(!app.auth.reset_second_factor(id).await.unwrap());
    assert_eq!(app.count("passkeys").await, 0);
    assert_refused(&passkey.log_in(&mut app.browser()).await, StatusCode::UNAUTHORIZED, "unknown_passkey");
}
