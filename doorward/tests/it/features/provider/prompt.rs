//! `prompt` and `max_age`: what an app may ask of a person who is logged in.

use std::time::Duration;

use axum::http::StatusCode;

use super::parties::{
    OWN, OWN_CALLBACK, TOOL, TOOL_CALLBACK, WIKI, WIKI_CALLBACK, access_token, address, ann_in_a_browser,
    claims_of, code_for, exchange, location, told, with_apps,
};
use crate::{
    app::{ANN, App, BOB, PASSWORD, WRONG},
    visitor::{filled, focus},
};

#[tokio::test]
async fn an_app_that_may_ask_nothing_learns_what_is_missing() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let none = |more: &[(&str, &str)]| address(&[&[("prompt", "none")], more].concat());
    let own: &[(&str, &str)] = &[("client_id", OWN), ("redirect_uri", OWN_CALLBACK)];

    let stranger = told(&app.browser().get(&none(&[])).await);
    assert_eq!(stranger["error"], "login_required");
    let mut browser = ann_in_a_browser(&app).await;
    assert_eq!(told(&browser.get(&none(&[])).await)["error"], "consent_required");
    assert!(told(&browser.get(&none(own)).await).contains_key("code"), "no consent is needed");
    access_token(&app, &mut browser).await;
    assert!(told(&browser.get(&none(&[])).await).contains_key("code"));
    assert_eq!(told(&browser.get(&none(&[("scope", "openid groups")])).await)["error"], "consent_required");
    let tool = [("client_id", TOOL), ("redirect_uri", TOOL_CALLBACK)];
    assert_eq!(told(&browser.get(&none(&tool)).await)["error"], "consent_required");
    assert_eq!(told(&browser.get(&none(&[("max_age", "0")])).await)["error"], "login_required");
    app.advance(Duration::from_secs(100));
    assert_eq!(told(&browser.get(&none(&[("max_age", "99")])).await)["error"], "login_required");
    assert!(told(&browser.get(&none(&[("max_age", "100")])).await).contains_key("code"));
    let mut gone = browser.clone();
    gone.log_out().await;
    assert_eq!(told(&browser.get(&none(&[])).await)["error"], "login_required");
}

#[tokio::test]
async fn a_person_proves_again_who_they_are_and_the_app_learns_when() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    access_token(&app, &mut browser).await;
    for more in [("prompt", "login"), ("max_age", "0"), ("max_age", "60")] {
        app.advance(Duration::from_secs(100));
        let page = browser.get(&address(&[more])).await;
        assert_eq!(page.status, StatusCode::OK, "{more:?}");
        assert!(page.text.contains("Confirm that it is you") && page.text.contains(ANN));
        let action = page.text.split("method=\"post\" action=\"").nth(1).unwrap().split('"').next().unwrap();
        let action = action.replace("&#x2f;", "/").replace("&amp;", "&");
        assert!(action.starts_with("/auth/oauth/confirm?"), "{action}");

        let again = browser.form(&action, &[("password", WRONG)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("Confirm that it is you"));
        assert_eq!(browser.form(&action, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        app.advance(Duration::from_secs(5));
        let proved = browser.form(&action, &[("password", PASSWORD)]).await;
        let back = location(&proved);
        assert!(proved.headers.contains_key("set-cookie"), "the session has a new token");
        assert_eq!(browser.get(&back).await.status, StatusCode::OK, "a page leads on");
        let code = told(&browser.get(&format!("{back}&onward=1")).await)["code"].clone();
        let token = exchange(&app, &code).await.json();
        let claims = claims_of(&app, token["id_token"].as_str().unwrap(), WIKI).await;
        assert_eq!(claims["auth_time"], claims["iat"], "{more:?}");
    }
    // The old address proves nothing later on.
    app.advance(Duration::from_secs(100));
    let early = format!("{}&asked_at=1", address(&[("prompt", "login")]));
    assert!(location(&browser.get(&format!("{early}&onward=1")).await).starts_with(WIKI_CALLBACK));
    let late = format!("{}&asked_at=99999999999", address(&[("prompt", "login")]));
    assert_eq!(browser.get(&late).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_person_can_look_again_at_what_they_allowed() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    access_token(&app, &mut browser).await;
    for prompt in ["consent", "select_account", "consent select_account"] {
        let page = browser.get(&address(&[("prompt", prompt)])).await;
        assert_eq!(page.status, StatusCode::OK, "{prompt}");
        assert!(page.text.contains("Do not allow"));
    }
}

#[tokio::test]
async fn a_confirmation_from_another_site_or_without_a_session_proves_nothing() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let action = address(&[("prompt", "login")]).replacen("/authorize?", "/confirm?", 1);
    let mut other = browser.clone().header("sec-fetch-site", "cross-site");
    let refused = other.form(&action, &[("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stranger = app.browser().form(&action, &[("password", PASSWORD)]).await;
    assert!(location(&stranger).starts_with("/auth/login?next="));
    let unknown = browser.form("/auth/oauth/confirm?client_id=x", &[("password", PASSWORD)]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_app_can_say_whom_it_means() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let code = code_for(&mut browser, &[]).await;
    let id_token = exchange(&app, &code).await.json()["id_token"].as_str().unwrap().to_owned();
    let meant = [("prompt", "none"), ("id_token_hint", &*id_token)];
    assert!(told(&browser.get(&address(&meant)).await).contains_key("code"));

    // Somebody else is there. They are not taken for Ann, also if the app may ask.
    app.register(BOB).await;
    let mut bob = app.browser();
    bob.log_in(BOB, PASSWORD).await;
    for hint in [&meant[..], &meant[1..]] {
        assert_eq!(told(&bob.get(&address(hint)).await)["error"], "login_required");
    }
    // A token of another app, or of somebody else's making, says nothing.
    let own = [("client_id", OWN), ("redirect_uri", OWN_CALLBACK)];
    assert!(told(&bob.get(&address(&[&own, &meant[..]].concat())).await).contains_key("code"));
    let none = [("prompt", "none"), ("id_token_hint", "nothing")];
    assert_eq!(told(&bob.get(&address(&none)).await)["error"], "consent_required");
    let twice = format!("{}&id_token_hint=nothing", address(&meant));
    assert_eq!(told(&browser.get(&twice).await)["error"], "invalid_request");

    // The address of a hint stands in the form.
    let log_in = location(&app.browser().get(&address(&[("login_hint", "ann+1@example.org")])).await);
    let page = app.browser().get(&log_in).await;
    assert_eq!(filled(&page, "email").as_deref(), Some("ann+1@example.org"));
    assert_eq!(focus(&page), Some("password"));
}

#[tokio::test]
async fn a_random_text_of_an_app_is_not_taken_for_a_token_of_a_mail() {
    let app = App::with(with_apps()).await;
    let log_in = location(&app.browser().get(&address(&[("state", "Zk3dw_9Xq"), ("nonce", "dw_b_")])).await);
    assert!(log_in.contains("dw_"), "{log_in}");
    let page = app.browser().get(&log_in).await;
    assert_eq!((page.status, filled(&page, "attempt_token")), (StatusCode::OK, None));
}
