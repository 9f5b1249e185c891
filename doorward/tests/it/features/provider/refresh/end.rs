//! What ends refresh tokens, on every node at once, and what does not.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, UserId, config::Registration, provider::ClientConfig};
use serde_json::{Value, json};

use super::super::parties::{
    LASTING, VERIFIER, WIKI, ann_in_a_browser, as_wiki, assert_ended, code_for, exchange, is_accepted,
    lasting, refresh_token, refreshed, with_apps,
};
use crate::{
    app::{ANN, Actor, App, NEW_PASSWORD, PASSWORD},
    mail::mailbox::with_mail,
};

fn access(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Asserts that tokens work on both nodes before `end`, and on none of them after it.
async fn assert_all_end(app: &App, other: &App, tokens: Value, what: &str, end: impl Future<Output = ()>) {
    let second = refreshed(app, &refresh_token(&tokens)).await;
    let third = refreshed(other, &second).await;
    let access = access(&tokens);
    assert!(is_accepted(app, &access).await && is_accepted(other, &access).await, "before {what}");
    end.await;
    for token in [&third, &second] {
        assert_ended(other, token, what).await;
        assert_ended(app, token, what).await;
    }
    assert!(!is_accepted(other, &access).await && !is_accepted(app, &access).await, "after {what}");
}

#[tokio::test]
async fn lasting_access_survives_a_plain_log_out_alone() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let plain = exchange(&app, &code_for(&mut browser, &[]).await).await.token();
    let tokens = lasting(&app, &mut browser).await;
    browser.log_out().await;
    assert!(!is_accepted(&other, &plain).await);
    assert!(is_accepted(&other, &access(&tokens)).await && is_accepted(&app, &access(&tokens)).await);
    let second = refreshed(&other, &refresh_token(&tokens)).await;
    // The next log-in, and the end of that one, change nothing.
    app.browser_of(ANN).await.log_out().await;
    refreshed(&app, &second).await;
}

#[tokio::test]
async fn lasting_access_survives_the_end_of_the_session_by_time() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    app.advance(Duration::from_secs(24 * 3600 - 60));
    let tokens = lasting(&app, &mut browser).await;
    assert_eq!(tokens["expires_in"], 3600);
    app.advance(Duration::from_secs(120));
    app.clean_up().await.unwrap();
    assert!(!browser.is_logged_in().await && is_accepted(&app, &access(&tokens)).await);
    refreshed(&app, &refresh_token(&tokens)).await;
}

#[tokio::test]
async fn whatever_ends_the_access_of_apps_ends_their_refresh_tokens_on_every_node() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let id: UserId = app.register(ANN).await.to_string().parse().unwrap();
    let fresh = async || {
        let mut browser = app.browser_of(ANN).await;
        let tokens = lasting(&app, &mut browser).await;
        (browser, tokens)
    };

    let (mut browser, tokens) = fresh().await;
    let change = async {
        let answer = browser.change_password(PASSWORD, NEW_PASSWORD).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    };
    assert_all_end(&app, &other, tokens, "a new password", change).await;
    app.set_password(id, PASSWORD).await.unwrap();

    let (_browser, tokens) = fresh().await;
    let set = async { assert!(app.set_password(id, PASSWORD).await.unwrap()) };
    assert_all_end(&app, &other, tokens, "a password by an operator", set).await;

    let (_browser, tokens) = fresh().await;
    let disable = async { assert!(app.disable_user(id).await.unwrap()) };
    assert_all_end(&app, &other, tokens.clone(), "the user was disabled", disable).await;
    app.enable_user(id).await.unwrap();
    assert_ended(&app, &refresh_token(&tokens), "it does not come back").await;

    let (_browser, tokens) = fresh().await;
    let mut second = app.browser_of(ANN).await;
    let everywhere = async { drop(second.delete("/auth/sessions", None).await) };
    assert_all_end(&app, &other, tokens, "a log-out everywhere else", everywhere).await;

    let (mut browser, tokens) = fresh().await;
    let session = browser.sessions().await[0]["id"].to_string();
    let mut second = app.browser_of(ANN).await;
    let end = async { drop(second.delete(&format!("/auth/sessions/{session}"), None).await) };
    assert_all_end(&app, &other, tokens, "the end of its session", end).await;

    let (_browser, tokens) = fresh().await;
    let revoke = async { drop(as_wiki(&app, "/auth/oauth/revoke", &[("token", &access(&tokens))]).await) };
    assert_all_end(&app, &other, tokens.clone(), "a revocation of an access token", revoke).await;

    let (mut browser, tokens) = fresh().await;
    assert_all_end(&app, &other, tokens, "the person ended it", end_app(&app, &mut browser)).await;

    let (_browser, tokens) = fresh().await;
    let set = async { assert!(app.set_email(id, "later@example.org").await.unwrap()) };
    assert_all_end(&app, &other, tokens, "another owner", set).await;
    app.set_email(id, ANN).await.unwrap();
    app.set_password(id, PASSWORD).await.unwrap();

    let (mut browser, tokens) = fresh().await;
    let delete = async { drop(browser.delete_account(PASSWORD).await) };
    assert_all_end(&app, &other, tokens, "the user was deleted", delete).await;
    assert_eq!((app.count("refresh_chains").await, app.count("refresh_tokens").await), (0, 0));
}

/// Ends the access of the one app on the page.
async fn end_app(app: &App, browser: &mut Actor<'_>) {
    let page = browser.get("/auth/account/apps").await.text;
    assert!(page.contains("Keep this access when you log out here, until you end it"), "{page}");
    let id = app.number("SELECT id FROM grants").await;
    assert!(page.contains(&id.to_string()));
    browser.form(&format!("/auth/account/apps/{id}"), &[]).await;
    assert_eq!(app.count("events WHERE kind = 'app_ended'").await, 1);
}

#[tokio::test]
async fn a_revocation_ends_the_chain_and_its_access_tokens_and_no_other() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let kept = lasting(&app, &mut browser).await;
    for newest in [true, false] {
        let tokens = lasting(&app, &mut browser).await;
        let first = refresh_token(&tokens);
        let second = refreshed(&app, &first).await;
        // Another client ends nothing.
        let own = [("token", &*second), ("client_id", super::super::parties::OWN)];
        assert_eq!(app.anonymous().form("/auth/oauth/revoke", &own).await.status, StatusCode::OK);
        assert!(is_accepted(&other, &access(&tokens)).await);
        let shown = if newest { &second } else { &first };
        for hint in ["refresh_token", "access_token"] {
            let form = [("token", &**shown), ("token_type_hint", hint)];
            let answer = as_wiki(&other, "/auth/oauth/revoke", &form).await;
            assert_eq!((answer.status, &*answer.text), (StatusCode::OK, ""));
        }
        assert!(!is_accepted(&app, &access(&tokens)).await && !is_accepted(&other, &access(&tokens)).await);
        assert_ended(&app, &first, "a revocation").await;
        assert_ended(&app, &second, "a revocation").await;
    }
    assert!(is_accepted(&app, &access(&kept)).await && browser.is_logged_in().await);
    refreshed(&app, &refresh_token(&kept)).await;
}

#[tokio::test]
async fn a_second_use_of_the_code_ends_the_chain_that_came_of_it() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let code = code_for(&mut browser, &[("scope", LASTING)]).await;
    let token = refresh_token(&exchange(&app, &code).await.json());
    let second = refreshed(&app, &token).await;
    assert_eq!(exchange(&app, &code).await.status, StatusCode::BAD_REQUEST);
    assert_ended(&app, &second, "somebody has the code").await;
    assert_eq!(app.count("refresh_tokens").await, 0);
}

#[tokio::test]
async fn a_disabled_client_keeps_no_access() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let added = ClientConfig {
        name: "Added".into(),
        public: true,
        redirect_uris: vec!["https://added.example.org/cb".into()],
        scopes: ["openid", "email", "offline_access"].map(str::to_owned).into(),
        ..ClientConfig::default()
    };
    let id = app.add_client(added).await.unwrap().id;
    let own = [("client_id", &*id), ("redirect_uri", "https://added.example.org/cb")];
    let code = code_for(&mut browser, &[own[0], own[1], ("scope", LASTING)]).await;
    let form =
        [("grant_type", "authorization_code"), ("code", &*code), ("code_verifier", VERIFIER), own[0], own[1]];
    let tokens = app.anonymous().form("/auth/oauth/token", &form).await.json();
    let token = refresh_token(&tokens);
    let send = async |node: &App| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &*token), own[0]];
        node.anonymous().form("/auth/oauth/token", &form).await
    };
    assert_eq!(send(&other).await.status, StatusCode::OK);
    assert!(app.disable_client(&id).await.unwrap());
    assert_eq!(send(&other).await.json()["error"], "invalid_grant");
    assert!(app.enable_client(&id).await.unwrap());
    for node in [&app, &other] {
        assert_eq!(send(node).await.json()["error"], "invalid_grant", "it does not come back");
    }
    assert!(app.delete_client(&id).await.unwrap());
    assert_eq!(app.count("refresh_chains").await, 0);
}

#[tokio::test]
async fn an_undo_of_a_change_of_address_ends_lasting_access() {
    let Config { smtp_url, mail_from, .. } = with_mail();
    let mailing = Config { smtp_url, mail_from, registration: Some(Registration::Open), ..with_apps() };
    let app = App::with(mailing).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    assert_eq!(browser.change_email("new@example.org").await.status, StatusCode::ACCEPTED);
    let confirm = app.newest_mail("new@example.org").await.token("auth/confirm-email");
    app.anonymous().post("/auth/confirm-email", json!({"token": confirm})).await;
    let undo = app.newest_mail(ANN).await.token("auth/undo-email-change");
    let mut thief = app.browser();
    assert_eq!(thief.log_in("new@example.org", PASSWORD).await.status, StatusCode::OK);
    let tokens = lasting(&app, &mut thief).await;
    let end = async {
        let answer = app.anonymous().post("/auth/undo-email-change", json!({"token": undo})).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    };
    assert_all_end(&app, &app, tokens, "an undo", end).await;
}

#[tokio::test]
async fn what_an_app_may_not_ask_for_any_more_is_not_given_again() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    let with_scopes = |scopes: &[&str]| {
        let mut config = with_apps();
        let wiki = config.client.iter_mut().find(|client| client.id == WIKI).unwrap();
        wiki.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        config
    };
    let fewer = app.sibling(with_scopes(&["openid", "offline_access"])).await;
    let answer = super::super::parties::refresh(&fewer, &token).await.json();
    assert_eq!(answer["scope"], "openid offline_access");
    let token = refresh_token(&answer);
    let none = app.sibling(with_scopes(&["openid", "email"])).await;
    assert_ended(&none, &token, "no lasting access any more").await;
    assert_eq!(app.count("refresh_tokens").await, 2, "it was not exchanged");
}
