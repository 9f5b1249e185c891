//! The functions for operators.

use axum::http::StatusCode;
use doorward::{Error, UserId};

use crate::app::{App, BOB, NEW_PASSWORD, PASSWORD, config};

const ANN: &str = "Ann@example.org";

fn nobody() -> UserId {
    "1".parse().unwrap()
}

#[tokio::test]
async fn adding_a_user_follows_the_rules_of_registration() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    assert_eq!(ann.email, ANN);
    assert_eq!(app.add_user("ann@EXAMPLE.org", PASSWORD).await.unwrap_err(), Error::EmailExists);
    for (email, password, field) in [
        ("ann", PASSWORD, "email"),
        ("a@x.org,b@y.org", PASSWORD, "email"),
        (BOB, "short", "password"),
        (BOB, &"x".repeat(257), "password"),
    ] {
        let Err(Error::Invalid(errors)) = app.add_user(email, password).await else {
            panic!("{email} was added")
        };
        assert_eq!(errors.iter().map(|error| &*error.field).collect::<Vec<_>>(), [field]);
    }
    app.token("ann@example.org").await;
}

#[tokio::test]
async fn a_user_is_found_by_id_and_by_any_spelling() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    for name in [ANN, "ann@example.org", " ANN@EXAMPLE.ORG ", &ann.id.to_string()] {
        assert_eq!(app.find_user(name).await.unwrap().as_ref(), Some(&ann), "{name}");
    }
    for name in ["", BOB, "1", "-1", "ann", "ann@example.org' OR 1=1", "%"] {
        assert_eq!(app.find_user(name).await.unwrap(), None, "{name}");
    }
}

#[tokio::test]
async fn users_are_listed_page_by_page() {
    let app = App::new().await;
    let mut registered = Vec::new();
    for number in 0..5 {
        registered.push(app.add_user(&format!("u{number}@example.org"), PASSWORD).await.unwrap());
    }
    registered.sort_unstable_by_key(|user| user.id);
    let first = app.users(None, 3).await.unwrap();
    let second = app.users(Some(first[2].id), 3).await.unwrap();
    assert_eq!((first.len(), second.len()), (3, 2));
    assert_eq!([first, second].concat(), registered);
    assert!(app.users(Some(registered[4].id), 3).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_disabled_user_cannot_log_in_until_enabled() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    assert!(app.disable_user(ann.id).await.unwrap());
    assert!(app.find_user(ANN).await.unwrap().unwrap().disabled_at.is_some());
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    // The address stays taken.
    assert_eq!(app.add_user(ANN, PASSWORD).await.unwrap_err(), Error::EmailExists);
    assert!(app.enable_user(ann.id).await.unwrap());
    let mut token = app.bearer(&app.token(ANN).await);
    assert!(token.get("/auth/me").await.json().get("disabled_at").is_none());
}

#[tokio::test]
async fn setting_a_password_ends_every_session() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    let (mut bearer, mut browser) = (other.bearer(&app.token(ANN).await), other.browser_of(ANN).await);
    assert!(matches!(app.set_password(ann.id, "short").await, Err(Error::Invalid(_))));
    assert_eq!(bearer.get("/auth/me").await.status, StatusCode::OK);
    assert!(app.set_password(ann.id, NEW_PASSWORD).await.unwrap());
    for actor in [&mut bearer, &mut browser] {
        assert_eq!(actor.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    for (password, status) in [(PASSWORD, StatusCode::UNAUTHORIZED), (NEW_PASSWORD, StatusCode::OK)] {
        let answer = other.anonymous().request_token(ANN, password).await;
        assert_eq!(answer.status, status);
    }
    // A user without a password gets one.
    app.execute("DELETE FROM credentials").await;
    assert!(app.set_password(ann.id, PASSWORD).await.unwrap());
    app.token(ANN).await;
}

#[tokio::test]
async fn an_address_that_an_operator_sets_opens_nothing_until_its_owner_chooses_a_password() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    app.register("bob@example.org").await;
    let (mut bearer, mut browser) = (other.bearer(&app.token(ANN).await), other.browser_of(ANN).await);
    assert!(matches!(app.set_email(ann.id, "x").await, Err(Error::Invalid(_))));
    assert_eq!(app.set_email(ann.id, "BOB@example.org").await, Err(Error::EmailExists));
    assert_eq!(bearer.get("/auth/me").await.status, StatusCode::OK);
    assert!(app.set_email(ann.id, "Ann@example.com").await.unwrap());
    for actor in [&mut bearer, &mut browser] {
        assert_eq!(actor.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    for email in [ANN, "ann@example.com"] {
        let answer = app.anonymous().request_token(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
    }
    assert_eq!(app.find_user("ann@example.com").await.unwrap().unwrap().email, "Ann@example.com");
    assert!(app.set_password(ann.id, NEW_PASSWORD).await.unwrap());
    let answer = app.anonymous().request_token("ann@example.com", NEW_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
    let changed = "events WHERE kind = 'email_changed' AND actor = 'operator'";
    assert_eq!(app.count(changed).await, 1);
}

#[tokio::test]
async fn a_deleted_user_leaves_nothing() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    app.token(ANN).await;
    app.browser_of(ANN).await;
    assert!(app.delete_user(ann.id).await.unwrap());
    assert_eq!(app.contents().await, "");
}

#[tokio::test]
async fn unknown_users_are_reported() {
    let app = App::new().await;
    assert!(!app.disable_user(nobody()).await.unwrap());
    assert!(!app.enable_user(nobody()).await.unwrap());
    assert!(!app.set_password(nobody(), PASSWORD).await.unwrap());
    assert!(!app.set_email(nobody(), ANN).await.unwrap());
    assert!(!app.delete_user(nobody()).await.unwrap());
    assert_eq!(app.contents().await, "");
}
