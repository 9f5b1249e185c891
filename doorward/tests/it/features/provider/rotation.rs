//! An operator replaces the keys that sign ID tokens.

use std::{collections::BTreeSet, time::Duration};

use doorward::provider::SigningKeyState::{Signs, Verifies, Waits};
use futures_util::future::join_all;

use super::{
    keys::published,
    parties::{WIKI, claims_of, code_for, exchange, with_apps},
};
use crate::app::{ANN, App};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// An ID token of Ann, who logs in on one node. The wiki exchanges its code on another.
pub(super) async fn id_token(app: &App, other: &App) -> String {
    let mut browser = app.browser_of(ANN).await;
    let code = code_for(&mut browser, &[]).await;
    exchange(other, &code).await.json()["id_token"].as_str().unwrap().to_owned()
}

/// The id of the key that signed a token.
pub(super) fn signer(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

/// The states of all keys, in their order, by algorithm.
async fn states(app: &App) -> Vec<(String, doorward::provider::SigningKeyState)> {
    app.signing_keys().await.unwrap().into_iter().map(|key| (key.algorithm, key.state)).collect()
}

#[tokio::test]
async fn a_new_key_of_an_operator_signs_after_a_day() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    app.stop_clock();
    other.stop_clock();
    app.register(ANN).await;
    assert_eq!(app.signing_keys().await.unwrap(), []);
    let old = signer(&id_token(&app, &other).await);
    let first = published(&other).await;

    app.rotate_signing_keys(Some("RS256"), false).await.unwrap();
    let four = published(&other).await;
    assert_eq!(
        (four.len(), four.difference(&first).count()),
        (4, 1),
        "it is published at once, on every node"
    );
    app.rotate_signing_keys(Some("RS256"), false).await.unwrap();
    assert_eq!(published(&app).await, four, "one waits already");
    let listed = states(&app).await;
    let expected = [("RS256", Waits), ("RS256", Signs), ("EdDSA", Signs), ("ES256", Signs)];
    assert_eq!(listed, expected.map(|(algorithm, state)| (algorithm.to_owned(), state)));
    let keys = app.signing_keys().await.unwrap();
    assert_eq!((keys[0].signs_from, &*keys[1].id), (keys[1].signs_until, &*old), "one follows the other");
    assert_eq!(
        (keys[0].signs_from.as_second() - keys[0].created_at.as_second(), &*keys[0].sealed_with),
        (86400, "test")
    );

    for node in [&app, &other] {
        node.advance(DAY - Duration::from_secs(1));
    }
    assert_eq!(signer(&id_token(&app, &other).await), old);
    for node in [&app, &other] {
        node.advance(Duration::from_secs(1));
    }
    let token = id_token(&app, &other).await;
    assert!(!first.contains(&signer(&token)));
    claims_of(&app, &token, WIKI).await;
    assert_eq!(published(&app).await, four, "the old key still verifies");
    assert_eq!(states(&app).await[1], ("RS256".to_owned(), Verifies));
    for node in [&app, &other] {
        node.advance(2 * DAY);
        node.clean_up().await.unwrap();
    }
    let kept = published(&other).await;
    assert!(kept.len() == 3 && !kept.contains(&old));
    assert_eq!(app.count("events WHERE kind = 'signing_key_made' AND actor = 'system'").await, 3);
    assert_eq!(app.count("events WHERE kind = 'signing_key_made' AND actor = 'operator'").await, 1);
}

#[tokio::test]
async fn a_leaked_key_neither_signs_nor_verifies_from_the_answer_on() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    app.register(ANN).await;
    let token = id_token(&app, &other).await;
    // Both nodes remember the keys. One waits, too.
    app.rotate_signing_keys(None, false).await.unwrap();
    let before = published(&app).await;
    assert_eq!((before.len(), published(&other).await), (6, before.clone()));

    app.rotate_signing_keys(Some("RS256"), true).await.unwrap();
    let now = published(&other).await;
    assert!(!now.contains(&signer(&token)));
    assert_eq!((now.len(), now.difference(&before).count()), (5, 1));
    for (app, other) in [(&app, &other), (&other, &app)] {
        let fresh = id_token(app, other).await;
        assert!(!before.contains(&signer(&fresh)));
        claims_of(other, &fresh, WIKI).await;
    }
    // An ID token of the leaked key speaks for nobody.
    let mut browser = app.browser_of(ANN).await;
    let asked = browser.get(&format!("/auth/oauth/logout?id_token_hint={token}")).await;
    assert!(asked.text.contains("Log out here?") && browser.is_logged_in().await);
    assert_eq!(app.count("events WHERE kind = 'signing_key_ended' AND actor = 'operator'").await, 2);

    app.rotate_signing_keys(None, true).await.unwrap();
    let last = published(&other).await;
    assert_eq!((last.len(), last.intersection(&now).count(), app.count("signing_keys").await), (3, 0, 3));
    assert!(states(&app).await.iter().all(|(_, state)| *state == Signs));
}

#[tokio::test]
async fn no_token_of_a_leaked_key_comes_after_its_end_is_acknowledged() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    app.register(ANN).await;
    id_token(&app, &other).await;
    for _ in 0..5 {
        let known: BTreeSet<String> = published(&other).await;
        let (ended, _) = tokio::join!(
            app.rotate_signing_keys(Some("RS256"), true),
            join_all((0..10).map(|_| id_token(&app, &other)))
        );
        ended.unwrap();
        let late = join_all((0..10).map(|_| id_token(&app, &other))).await;
        assert!(late.iter().all(|token| !known.contains(&signer(token))));
    }
}

#[tokio::test]
async fn two_operators_at_once_make_one_next_key_and_leave_no_leaked_one() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let first = published(&app).await;
    let (one, two) =
        tokio::join!(app.rotate_signing_keys(None, false), other.rotate_signing_keys(None, false));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(published(&app).await.len(), 6);
    let (one, two) = tokio::join!(app.rotate_signing_keys(None, true), other.rotate_signing_keys(None, true));
    assert!(one.is_ok() && two.is_ok());
    let last = published(&other).await;
    assert_eq!((last.len(), last.intersection(&first).count()), (3, 0));
}

#[tokio::test]
async fn keys_that_cannot_be_replaced_are_refused_by_name() {
    let app = App::with(with_apps()).await;
    for unknown in ["", "rs256", "HS256", "none"] {
        let refused = app.rotate_signing_keys(Some(unknown), true).await.unwrap_err();
        assert!(format!("{refused:?}").contains("algorithm"), "{refused:?}");
    }
    assert_eq!(app.count("signing_keys").await, 0);
    let off = App::new().await;
    let refused = off.rotate_signing_keys(None, false).await.unwrap_err();
    assert!(format!("{refused:?}").contains("secret_key"), "{refused:?}");
    assert_eq!(off.signing_keys().await.unwrap(), []);
}
