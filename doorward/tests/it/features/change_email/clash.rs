//! Users whose addresses count as one, and who lose theirs: each gets back what they had.

use axum::http::StatusCode;
use doorward::{Auth, UserId};
use serde_json::json;

use super::{
    flow::{NEW, change, undo, undo_token},
    undo::reset,
};
use crate::{
    app::{App, NEW_PASSWORD, PASSWORD, with_many_mails},
    mail::mailbox::with_mail,
};

/// Two spellings of one address. The second one is its key.
const OWN: &str = "νίκος@example.org";
const KEY: &str = "νίκοσ@example.org";

/// A user with [`OWN`] and one with [`KEY`], as an older version registered them. The second one has the key.
async fn clash() -> (App, UserId, UserId) {
    let app = App::with(with_many_mails(with_mail())).await;
    for (number, email) in [OWN, KEY].into_iter().enumerate() {
        let id = app.add_verified(&format!("u{number}@example.org")).await;
        let set = format!("email = '{email}', email_key = '{email}', created_at = 1");
        app.execute(&format!("UPDATE users SET {set} WHERE id = {id}")).await;
    }
    assert_eq!(Auth::builder(&app.database).migrate().await.unwrap().clashes.len(), 1);
    let (own, holder) = (app.id_of(OWN).await, app.id_of(KEY).await);
    assert_ne!(own, holder);
    (app, own, holder)
}

/// A thief who knows the password moves an account. Returns the token of the mail to the former address.
async fn steal(app: &App, from: &str, to: &str) -> String {
    let mut thief = app.bearer(&app.token(from).await);
    change(app, &mut thief, to).await;
    undo_token(app, from).await
}

async fn assert_as_before(app: &App, own: UserId, holder: UserId) {
    for _ in 0..2 {
        assert_eq!((app.id_of(OWN).await, app.id_of(KEY).await), (own, holder));
        let users =
            app.count(&format!("users WHERE email IN ('{OWN}', '{KEY}') AND email_key = email")).await;
        assert_eq!((users, app.count("email_clashes").await), (2, 1));
        assert_eq!(Auth::builder(&app.database).migrate().await.unwrap().clashes.len(), 1);
    }
}

#[tokio::test]
async fn an_undo_gives_each_owner_the_key_back_that_they_had() {
    for (stolen, other, with_restart) in
        [(OWN, KEY, false), (OWN, KEY, true), (KEY, OWN, false), (KEY, OWN, true)]
    {
        let (app, own, holder) = clash().await;
        let link = steal(&app, stolen, NEW).await;
        if with_restart {
            Auth::builder(&app.database).migrate().await.unwrap();
        }
        let answer = undo(&app, &link).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{stolen} {with_restart} {}", answer.text);
        assert_as_before(&app, own, holder).await;
        app.mails().await;
        reset(&app, stolen).await;
        for (email, password) in [(stolen, NEW_PASSWORD), (other, PASSWORD)] {
            assert_eq!(app.anonymous().request_token(email, password).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn both_owners_get_their_addresses_back_in_any_order() {
    for own_first in [false, true] {
        let (app, own, holder) = clash().await;
        let mut links = [steal(&app, OWN, NEW).await, steal(&app, KEY, "other@example.com").await];
        Auth::builder(&app.database).migrate().await.unwrap();
        if !own_first {
            links.reverse();
        }
        for link in links {
            assert_eq!(undo(&app, &link).await.status, StatusCode::NO_CONTENT, "{own_first}");
        }
        assert_as_before(&app, own, holder).await;
    }
}

#[tokio::test]
async fn each_owner_can_ask_for_the_mail_once_more() {
    let (app, own, holder) = clash().await;
    let mut lost = Vec::new();
    for (from, to) in [(OWN, NEW), (KEY, "other@example.com")] {
        lost.push(steal(&app, from, to).await);
    }
    for (email, id) in [(OWN, own), (KEY, holder)] {
        app.mails().await;
        app.anonymous().post("/auth/undo-email-change/request", json!({"email": email})).await;
        let again = undo_token(&app, email).await;
        assert!(!lost.contains(&again), "{email}");
        assert_eq!(undo(&app, &again).await.status, StatusCode::NO_CONTENT, "{email}");
        assert_eq!(app.id_of(email).await, id);
    }
    assert_as_before(&app, own, holder).await;
}

#[tokio::test]
async fn an_operator_gives_a_frozen_account_its_clashing_address_back() {
    let (app, own, holder) = clash().await;
    let link = steal(&app, OWN, NEW).await;
    reset(&app, NEW).await;
    assert_eq!(undo(&app, &link).await.status, StatusCode::ACCEPTED);
    assert!(app.set_email(own, OWN).await.unwrap());
    let user = app.find_user(OWN).await.unwrap().unwrap();
    assert!(user.id == own && user.email_verified_at.is_none() && user.disabled_at.is_some());
    assert_as_before(&app, own, holder).await;
}
