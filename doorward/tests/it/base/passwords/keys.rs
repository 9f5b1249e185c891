//! Keys for hashes: our own peppers, the pepper of Devise, and the keys of a Firebase project.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use doorward::{
    Config, Error,
    config::{FirebaseConfig, PasswordConfig, Secret},
};

use crate::app::{ANN, App, PASSWORD, config, refusal};

const OLD: &str = "canary: the key of last year";
const NEW: &str = "canary: the key of this year";

/// The beginning of a fresh hash: without a pepper, with the pepper `old`, and with the pepper `new`.
const PLAIN: &str = "$argon2id$v=19$m=64,t=1,p=1$";
const WITH_OLD: &str = "$argon2id$v=19$m=64,t=1,p=1,keyid=b2xk$";
const WITH_NEW: &str = "$argon2id$v=19$m=64,t=1,p=1,keyid=bmV3$";

fn with(change: impl FnOnce(&mut PasswordConfig)) -> Config {
    let mut config = config();
    change(&mut config.password);
    config
}

fn pepper(id: &str, key: &str) -> impl FnOnce(&mut PasswordConfig) {
    move |password| (password.pepper_id, password.pepper) = (Some(id.into()), Some(key.into()))
}

fn retired(id: &str, key: &str) -> BTreeMap<String, Secret> {
    BTreeMap::from([(id.into(), key.into())])
}

async fn log_in(app: &App, password: &str) -> StatusCode {
    app.anonymous().request_token(ANN, password).await.status
}

#[tokio::test]
async fn a_pepper_is_named_in_the_hash_and_can_be_rotated() {
    let app = App::with(with(pepper("old", OLD))).await;
    app.register(ANN).await;
    assert_eq!(log_in(&app, PASSWORD).await, StatusCode::OK);
    let before = app.contents().await;
    assert!(before.contains(WITH_OLD) && !before.contains(OLD), "{before}");

    // No key, another key with another name, and another key with the same name.
    let lost = [with(|_| ()), with(pepper("new", NEW)), with(pepper("old", NEW))];
    for config in lost {
        let other = app.sibling(config).await;
        assert_eq!(log_in(&other, PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(app.contents().await, before);
    }

    let rotated = with(|password| {
        pepper("new", NEW)(password);
        password.retired_peppers = retired("old", OLD);
    });
    let rotated = app.sibling(rotated).await;
    assert_eq!(log_in(&rotated, "another long password").await, StatusCode::UNAUTHORIZED);
    assert_eq!(app.contents().await, before);
    assert_eq!(log_in(&rotated, PASSWORD).await, StatusCode::OK);
    let after = app.contents().await;
    assert!(after.contains(WITH_NEW) && !after.contains(WITH_OLD), "{after}");

    // The old key is no longer needed.
    let without_old = app.sibling(with(pepper("new", NEW))).await;
    assert_eq!(log_in(&without_old, PASSWORD).await, StatusCode::OK);
}

#[tokio::test]
async fn a_pepper_is_added_to_old_hashes_and_can_be_retired() {
    let app = App::new().await;
    app.register(ANN).await;
    assert!(app.contents().await.contains(PLAIN));
    let peppered = app.sibling(with(pepper("new", NEW))).await;
    assert_eq!(log_in(&peppered, PASSWORD).await, StatusCode::OK);
    assert!(app.contents().await.contains(WITH_NEW));
    let given_up = app.sibling(with(|password| password.retired_peppers = retired("new", NEW))).await;
    assert_eq!(log_in(&given_up, PASSWORD).await, StatusCode::OK);
    assert!(app.contents().await.contains(PLAIN));
}

/// The key from the README of Firebase's scrypt utility.
const FIREBASE_KEY: &str =
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
const FIREBASE: &str = r#"{"passwordHash": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==", "salt": "42xEC+ixf3L2lw=="}"#;

#[tokio::test]
async fn users_of_firebase_log_in_with_the_keys_of_their_project() {
    let error = App::new().await.add_user_with_hash(ANN, FIREBASE).await.unwrap_err();
    let Error::Invalid(fields) = error else { panic!("{error:?}") };
    assert_eq!(fields[0].field, "password_hash");

    let configured = with(|password| {
        password.firebase = FirebaseConfig { signer_key: Some(FIREBASE_KEY.into()), ..Default::default() };
    });
    let app = App::with(configured).await;
    app.add_user_with_hash(ANN, FIREBASE).await.unwrap();
    assert_eq!(log_in(&app, "user2password").await, StatusCode::UNAUTHORIZED);
    assert!(app.contents().await.contains("passwordHash"));
    assert_eq!(log_in(&app, "user1password").await, StatusCode::OK);
    let after = app.contents().await;
    assert!(after.contains(PLAIN) && !after.contains("passwordHash"), "{after}");
    assert_eq!(log_in(&app, "user1password").await, StatusCode::OK);
}

#[tokio::test]
async fn users_of_devise_log_in_with_its_pepper() {
    /// The hash of "correct horse battery staple" followed by "devise-pepper".
    const DEVISE: &str = "$2a$04$PJcR/R3M8aKTQPwG5rqqYeXgrhWdV7.HgBqhWHJCKSzLJXsApB/Qa";
    let app = App::new().await;
    app.add_user_with_hash(ANN, DEVISE).await.unwrap();
    assert_eq!(log_in(&app, "correct horse battery staple").await, StatusCode::UNAUTHORIZED);
    let devise = with(|password| password.devise_pepper = Some("devise-pepper".into()));
    let app = app.sibling(devise).await;
    assert_eq!(log_in(&app, "correct horse battery staple").await, StatusCode::OK);
    let after = app.contents().await;
    assert!(after.contains(PLAIN) && !after.contains(DEVISE), "{after}");
}

#[tokio::test]
async fn wrong_keys_are_refused_without_repeating_them() {
    let firebase = |key: &str| FirebaseConfig { signer_key: Some(key.into()), ..Default::default() };
    for (config, told) in [
        (with(pepper("", OLD)), ".pepper_id: a pepper's key id must have one to eight bytes"),
        (with(pepper("canary-id", OLD)), ".pepper_id: a pepper's key id must have one to eight bytes"),
        (with(pepper("old", "canary")), ".pepper: a pepper's key must have at least 16 bytes"),
        (
            with(|password| password.retired_peppers = retired("old", "canary")),
            ".retired_peppers: a pepper's key must have",
        ),
        (
            with(|password| {
                pepper("old", NEW)(password);
                password.retired_peppers = retired("old", OLD);
            }),
            ".retired_peppers: two peppers have the same key id",
        ),
        (with(|password| password.pepper = Some(OLD.into())), ".pepper: expected with a password.pepper_id"),
        (with(|password| password.pepper_id = Some("canary".into())), ".pepper_id: expected with"),
        (
            with(|password| password.firebase = firebase("canary!")),
            ".firebase.signer_key: Firebase's signer key and salt",
        ),
        (
            with(|password| {
                password.firebase = FirebaseConfig { memory_cost: 40, ..firebase("c2lnbmVyIGtleQ==") }
            }),
            ".firebase.rounds: Firebase's rounds must be 1 to 8 and its memory cost 1 to 14",
        ),
    ] {
        assert!(!format!("{config:?}").contains(OLD));
        let error = refusal(config).await;
        assert!(error.starts_with(&format!("bad configuration: password{told}")), "{error}");
        assert!(!error.contains("canary") && !error.contains('\n'), "{error}");
    }
}
