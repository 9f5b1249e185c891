//! The access tokens of apps: they are as strict as sessions, and open nothing else.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use super::parties::{
    API, API_SECRET, API_SERVICE, WIKI, access_token, ann_in_a_browser, as_wiki, code_for, exchange,
    is_accepted, with_apps,
};
use crate::app::{ANN, Actor, App, NEW_PASSWORD, PASSWORD};

/// Asserts that a token is accepted on both nodes before `end`, and on none of them after it.
async fn assert_ends(app: &App, other: &App, token: &str, what: &str, end: impl Future<Output = ()>) {
    // Both remember it.
    assert!(is_accepted(app, token).await && is_accepted(other, token).await, "before {what}");
    end.await;
    assert!(!is_accepted(other, token).await, "on the other node after {what}");
    assert!(!is_accepted(app, token).await, "after {what}");
}

#[tokio::test]
async fn a_token_ends_on_every_node_with_what_it_came_of() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let id = app.register(ANN).await.to_string().parse::<doorward::UserId>().unwrap();
    let fresh = async || {
        let mut browser = app.browser_of(ANN).await;
        let token = access_token(&app, &mut browser).await;
        (browser, token)
    };
    let (mut browser, token) = fresh().await;
    assert_ends(&app, &other, &token, "a log-out", async { drop(browser.log_out().await) }).await;

    let (browser, token) = fresh().await;
    let mut elsewhere = browser_on(&other, &browser);
    assert_ends(&app, &other, &token, "a log-out elsewhere", async { drop(elsewhere.log_out().await) }).await;

    let (_browser, token) = fresh().await;
    let revoke = async { drop(as_wiki(&app, "/auth/oauth/revoke", &[("token", &token)]).await) };
    assert_ends(&app, &other, &token, "a revocation", revoke).await;

    let (mut browser, token) = fresh().await;
    let session = browser.sessions().await[0]["id"].to_string();
    let mut second = app.browser_of(ANN).await;
    let end = async { drop(second.delete(&format!("/auth/sessions/{session}"), None).await) };
    assert_ends(&app, &other, &token, "the end of its session", end).await;

    let (_browser, token) = fresh().await;
    let mut second = app.browser_of(ANN).await;
    let end = async { drop(second.delete("/auth/sessions", None).await) };
    assert_ends(&app, &other, &token, "the end of all other sessions", end).await;

    let (mut browser, token) = fresh().await;
    let change = async {
        let answer = browser.change_password(PASSWORD, NEW_PASSWORD).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        app.set_password(id, PASSWORD).await.unwrap();
    };
    assert_ends(&app, &other, &token, "a new password", change).await;

    let (_browser, token) = fresh().await;
    let disable = async { assert!(app.disable_user(id).await.unwrap()) };
    assert_ends(&app, &other, &token, "the user was disabled", disable).await;
    app.enable_user(id).await.unwrap();
    assert!(!is_accepted(&app, &token).await, "it does not come back");

    let (mut browser, token) = fresh().await;
    let delete = async { drop(browser.delete_account(PASSWORD).await) };
    assert_ends(&app, &other, &token, "the user was deleted", delete).await;
}

/// The same browser, with the routes of another node.
fn browser_on<'a>(app: &'a App, browser: &Actor<'_>) -> Actor<'a> {
    let mut other = app.browser();
    other.cookies = browser.cookies.clone();
    other
}

#[tokio::test]
async fn a_token_lives_for_an_hour_and_no_longer_than_its_session() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    app.advance(Duration::from_secs(3599));
    assert!(is_accepted(&app, &token).await);
    app.advance(Duration::from_secs(1));
    assert!(!is_accepted(&app, &token).await);
    app.advance(Duration::from_secs(86400 - 3600 - 60));
    let code = code_for(&mut browser, &[]).await;
    assert_eq!(exchange(&app, &code).await.json()["expires_in"], 60);
    app.clean_up().await.unwrap();
    assert_eq!(app.count("access_tokens").await, 1, "the expired one is gone");
    assert_eq!(app.count("codes").await, 2, "codes are kept for a day, to notice a second use");
}

#[tokio::test]
async fn the_kinds_of_tokens_are_never_mixed() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let own = app.token(ANN).await;
    let of_client = access_token(&app, &mut browser).await;
    let code = code_for(&mut browser, &[]).await;
    let cookie = browser.cookies["doorward"].clone();
    for token in [&own, &code, &cookie, "dw_a_x", "dw_x_x"] {
        let answer = app.bearer(token).get("/auth/oauth/userinfo").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        assert!(answer.headers["www-authenticate"].to_str().unwrap().contains("error=\"invalid_token\""));
        let told = as_wiki(&app, "/auth/oauth/introspect", &[("token", token)]).await;
        assert_eq!(told.text, "{\"active\":false}");
        as_wiki(&app, "/auth/oauth/revoke", &[("token", token)]).await;
    }
    assert!(app.bearer(&own).is_logged_in().await, "a client cannot end a session");
    for token in [&of_client, &code] {
        for path in ["/auth/me", "/auth/sessions", "/protected-route", "/open-route"] {
            assert_eq!(app.bearer(token).get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        let body = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
        assert_eq!(app.bearer(token).post("/auth/password", body).await.status, StatusCode::UNAUTHORIZED);
        app.anonymous().form("/auth/revoke", &[("token", token)]).await;
    }
    assert!(is_accepted(&app, &of_client).await);
    let mut in_cookie = app.browser();
    in_cookie.cookies.insert("doorward".into(), of_client.clone());
    assert_eq!(in_cookie.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.anonymous().get("/auth/oauth/userinfo").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_for_an_api_is_for_this_api_alone() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let code = code_for(&mut browser, &[("scope", "openid read"), ("resource", API)]).await;
    let token = exchange(&app, &code).await.token();
    let ask = async |id: &str, secret: &str| {
        let form = [("token", &*token), ("client_id", id), ("client_secret", secret)];
        app.anonymous().form("/auth/oauth/introspect", &form).await.json()
    };
    let told = ask(API_SERVICE, API_SECRET).await;
    assert_eq!((&told["active"], &told["aud"]), (&true.into(), &API.into()));
    assert_eq!((&told["scope"], &told["client_id"]), (&"openid read".into(), &WIKI.into()));
    assert!(told.get("username").is_none(), "the app has no scope for that");
    let userinfo = app.bearer(&token).get("/auth/oauth/userinfo").await;
    assert_eq!(userinfo.status, StatusCode::UNAUTHORIZED);
    let code =
        code_for(&mut browser, &[("scope", "openid read"), ("resource", "https://other.example.org")]).await;
    let token = exchange(&app, &code).await.token();
    let form = [("token", &*token), ("client_id", API_SERVICE), ("client_secret", API_SECRET)];
    let told = app.anonymous().form("/auth/oauth/introspect", &form).await;
    assert_eq!(told.text, "{\"active\":false}", "an API learns nothing of tokens for others");
    // A token without a resource is not for the API either.
    let token = access_token(&app, &mut browser).await;
    let form = [("token", &*token), ("client_id", API_SERVICE), ("client_secret", API_SECRET)];
    assert_eq!(app.anonymous().form("/auth/oauth/introspect", &form).await.text, "{\"active\":false}");
    let revoked = app.anonymous().form("/auth/oauth/revoke", &form).await;
    assert_eq!(revoked.status, StatusCode::OK);
    assert!(is_accepted(&app, &token).await, "only its own client can end it");
    let public = [("token", &*token), ("client_id", super::parties::OWN)];
    let refused = app.anonymous().form("/auth/oauth/introspect", &public).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_ends_with_a_session_that_was_not_used_for_too_long() {
    let idle = Duration::from_secs(600);
    let app = App::with(Config { session_idle_timeout: idle, ..with_apps() }).await;
    app.stop_clock();
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let token = access_token(&app, &mut browser).await;
    // The use of the token is no use of the session. The use of the session is.
    app.advance(idle / 2);
    assert!(is_accepted(&app, &token).await && browser.is_logged_in().await);
    app.advance(idle / 2 + Duration::from_secs(10));
    assert!(is_accepted(&app, &token).await);
    app.advance(idle);
    assert!(!is_accepted(&app, &token).await);
    assert!(!browser.is_logged_in().await);
}

#[tokio::test]
async fn a_shorter_lifetime_of_sessions_counts_for_tokens_that_are_there() {
    let app = App::with(with_apps()).await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let token = access_token(&app, &mut browser).await;
    let shorter = app.sibling(Config { session_lifetime: Duration::from_secs(60), ..with_apps() }).await;
    assert!(is_accepted(&shorter, &token).await);
    shorter.advance(Duration::from_secs(60));
    assert!(!is_accepted(&shorter, &token).await && is_accepted(&app, &token).await);
}
