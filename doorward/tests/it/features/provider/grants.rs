//! `GET /grants` and `DELETE /grants/{id}`: the apps with access, for programs of the user.

use axum::http::StatusCode;
use serde_json::json;

use super::parties::{
    OWN, OWN_CALLBACK, WIKI, access_token, address, ann_in_a_browser, assert_ended, code_for, exchange,
    is_accepted, lasting, refresh_token, told, with_apps,
};
use crate::app::{ANN, App, BOB};

#[tokio::test]
async fn the_user_sees_the_apps_with_access_oldest_first_and_only_their_own() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    assert_eq!(browser.get("/auth/grants").await.json(), json!([]));
    code_for(&mut browser, &[("scope", "openid email")]).await;
    let own = address(&[("client_id", OWN), ("redirect_uri", OWN_CALLBACK), ("scope", "openid")]);
    assert!(told(&browser.get(&own).await).contains_key("code"));
    app.register(BOB).await;
    let mut bob = app.browser_of(BOB).await;
    code_for(&mut bob, &[("scope", "openid")]).await;

    let grants = browser.get("/auth/grants").await;
    assert_eq!(grants.status, StatusCode::OK, "{}", grants.text);
    let grants = grants.json();
    assert_eq!(grants.as_array().unwrap().len(), 2, "{grants}");
    let first = &grants[0];
    assert_eq!(first["client_id"], WIKI);
    assert_eq!(first["client_name"], "The <b>wiki</b>");
    assert_eq!(first["scopes"], json!(["email", "openid"]));
    assert!(first["id"].is_i64() && first["created_at"].is_string(), "{first}");
    assert_eq!(grants[1]["client_id"], OWN);
    // A bearer session of the same user sees the same.
    assert_eq!(app.bearer(&app.token(ANN).await).get("/auth/grants").await.json(), grants);
}

#[tokio::test]
async fn ending_a_grant_ends_every_code_and_token_of_the_app_at_once() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let tokens = lasting(&app, &mut browser).await;
    let access = tokens["access_token"].as_str().unwrap();
    let code = code_for(&mut browser, &[]).await;
    let mut user = app.bearer(&app.token(ANN).await);
    let id = user.get("/auth/grants").await.json()[0]["id"].to_string();
    assert_eq!(user.delete(&format!("/auth/grants/{id}"), None).await.status, StatusCode::NO_CONTENT);

    assert!(!is_accepted(&app, access).await);
    assert_ended(&app, &refresh_token(&tokens), "the refresh token").await;
    assert_eq!(exchange(&app, &code).await.json()["error"], "invalid_grant");
    assert_eq!(user.get("/auth/grants").await.json(), json!([]));
    assert_eq!(app.count("events WHERE kind = 'app_ended'").await, 1);
    // The sessions of the user go on.
    assert!(browser.is_logged_in().await && user.is_logged_in().await);
}

#[tokio::test]
async fn a_grant_that_is_not_there_is_not_found() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    code_for(&mut browser, &[]).await;
    let id = browser.get("/auth/grants").await.json()[0]["id"].to_string();
    let mut bob = app.user(BOB).await;
    for wrong in [&*id, "1", "-1", "x", "%ff", "99999999999999999999"] {
        let answer = bob.delete(&format!("/auth/grants/{wrong}"), None).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found".into()), "{wrong}");
    }
    assert_eq!(browser.get("/auth/grants").await.json().as_array().unwrap().len(), 1);
    // The page of another site cannot end one.
    let mut foreign = browser.header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.delete(&format!("/auth/grants/{id}"), None).await.code(), "cross_site");
}

#[tokio::test]
async fn an_app_sees_and_ends_no_grants() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    let id = browser.get("/auth/grants").await.json()[0]["id"].to_string();
    let mut wiki = app.bearer(&token);
    assert_eq!(wiki.get("/auth/grants").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wiki.delete(&format!("/auth/grants/{id}"), None).await.status, StatusCode::UNAUTHORIZED);
    assert!(is_accepted(&app, &token).await);
}
