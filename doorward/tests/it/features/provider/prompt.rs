//! `prompt` and `max_age`: what an app may ask of a person who is logged in.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::parties::{
    OWN, OWN_CALLBACK, TOOL, TOOL_CALLBACK, WIKI, access_token, address, ann_in_a_browser, claims_of,
    code_for, exchange, location, told, with_apps,
};
use crate::{
    app::{ANN, Actor, Answer, App, BOB, PASSWORD, Phone, WRONG},
    visitor::filled,
};

/// Where the form of a page leads to.
fn action_of(page: &Answer) -> String {
    let action = page.text.split("method=\"post\" action=\"").nth(1).unwrap().split('"').next().unwrap();
    action.replace("&#x2f;", "/").replace("&amp;", "&")
}

/// An ID token of the wiki for the person in this browser.
async fn id_token(app: &App, browser: &mut Actor<'_>) -> String {
    let code = code_for(browser, &[]).await;
    exchange(app, &code).await.json()["id_token"].as_str().unwrap().to_owned()
}

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
        let action = action_of(&page);
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
}

#[tokio::test]
async fn a_person_with_an_app_proves_it_by_a_code_and_not_by_the_password() {
    let app = App::with(with_apps()).await;
    let mut owner = app.ann().await;
    let (phone, codes) = Phone::add(&app, &mut owner).await;
    let mut browser = app.browser();
    browser.log_in(ANN, PASSWORD).await;
    browser.post("/auth/login/second-step", json!({"otp": phone.next(&app)})).await;
    let page = browser.get(&address(&[("prompt", "login")])).await;
    assert!(page.text.contains("name=\"code\"") && !page.text.contains("type=\"password\""), "{}", page.text);
    let action = action_of(&page);
    for wrong in [("password", PASSWORD), ("code", &*phone.wrong_code())] {
        let again = browser.form(&action, &[wrong]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let proved = browser.form(&action, &[("code", &phone.next(&app))]).await;
    assert!(location(&proved).starts_with("/auth/oauth/authorize?"));
    let action = action_of(&browser.get(&address(&[("prompt", "login")])).await);
    let proved = browser.form(&action, &[("code", &codes[0])]).await;
    assert!(location(&proved).starts_with("/auth/oauth/authorize?"));
    assert_eq!(app.count("events WHERE kind = 'stepped_up'").await, 2);
    // A password of a moment ago does not take its place, whichever way it came.
    phone.wait(&app, 100);
    let fresh = browser.get(&address(&[("prompt", "none"), ("max_age", "110")])).await;
    assert_eq!(told(&fresh)["error"], "consent_required", "the proof is fresh enough");
    let proved = browser.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT);
    let page = browser.get(&address(&[("max_age", "60")])).await;
    assert!(page.text.contains("name=\"code\""), "{}", page.text);
    let refused = browser.get(&address(&[("prompt", "none"), ("max_age", "60")])).await;
    assert_eq!(told(&refused)["error"], "login_required");
}

#[tokio::test]
async fn in_a_trusted_browser_an_app_that_wants_a_fresh_log_in_gets_the_second_factor() {
    let app = App::with(with_apps()).await;
    let mut owner = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut owner).await;
    let mut browser = app.browser();
    browser.log_in(ANN, PASSWORD).await;
    let step = json!({"otp": phone.next(&app), "trust_browser": true});
    browser.post("/auth/login/second-step", step).await;
    browser.log_out().await;
    assert_eq!(browser.log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    let page = browser.get(&address(&[("prompt", "login")])).await;
    let proved = browser.form(&action_of(&page), &[("code", &phone.next(&app))]).await;
    let back = location(&proved);
    assert!(!browser.get(&back).await.text.contains("name=\"code\""), "it is asked once");
}

#[tokio::test]
async fn a_person_can_look_again_at_what_they_allowed() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    access_token(&app, &mut browser).await;
    let page = browser.get(&address(&[("prompt", "consent")])).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Do not allow"));
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
async fn a_person_goes_on_with_their_account_or_uses_another_one() {
    let app = App::with(with_apps()).await;
    app.register(BOB).await;
    let mut browser = ann_in_a_browser(&app).await;
    access_token(&app, &mut browser).await;
    let wanted = address(&[("prompt", "select_account")]);
    let page = browser.get(&wanted).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("Which account?") && page.text.contains(&format!("Go on as {ANN}")),
        "{}",
        page.text
    );
    assert!(page.text.contains("The &lt;b&gt;wiki"));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://wiki.example.org;"), "{policy}");
    let action = action_of(&page);
    assert!(action.starts_with("/auth/oauth/choose?"), "{action}");

    // On, by a page that leads on without a form.
    let back = location(&browser.form(&action, &[("account", "this")]).await);
    assert!(browser.get(&back).await.text.contains("http-equiv=\"refresh\""));
    assert!(told(&browser.get(&format!("{back}&onward=1")).await).contains_key("code"));
    // Back to the app.
    let told_back = told(&browser.form(&action, &[("account", "none")]).await);
    assert_eq!(
        (&*told_back["error"], &*told_back["state"]),
        ("account_selection_required", "a state & more")
    );
    let unclear = browser.form(&action, &[("account", "")]).await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
    // No other site presses a button, and no link does.
    let mut elsewhere = browser.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.form(&action, &[("account", "another")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get(&action).await.status, StatusCode::METHOD_NOT_ALLOWED);
    // Another account.
    let log_in = location(&browser.form(&action, &[("account", "another")]).await);
    assert!(log_in.starts_with("/auth/login?next="), "{log_in}");
    assert!(!browser.is_logged_in().await && !browser.cookies.contains_key("doorward"));
    assert!(browser.get(&log_in).await.text.contains("name=\"password\""));
    let back = location(&browser.form(&log_in, &[("email", BOB), ("password", PASSWORD)]).await);
    let page = browser.get(&back).await;
    assert!(
        page.text.contains("Do not allow") && page.text.contains(BOB),
        "Bob has just chosen: {}",
        page.text
    );
    // Who is not logged in chooses by logging in.
    let stranger = location(&app.browser().get(&wanted).await);
    assert!(stranger.starts_with("/auth/login?next="));
    let late = app.browser().form(&action, &[("account", "another")]).await;
    assert!(location(&late).starts_with("/auth/login?next="));
    let unknown = browser.form("/auth/oauth/choose?client_id=x", &[("account", "this")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_request_may_ask_for_the_account_the_password_and_consent() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let wanted = address(&[("prompt", "login consent select_account")]);
    let page = browser.get(&wanted).await;
    assert!(page.text.contains("Which account?"));
    let back = location(&browser.form(&action_of(&page), &[("account", "this")]).await);
    let page = browser.get(&back).await;
    assert!(page.text.contains("Confirm that it is you"));
    let back = location(&browser.form(&action_of(&page), &[("password", PASSWORD)]).await);
    let page = browser.get(&back).await;
    assert!(page.text.contains("Do not allow"), "{}", page.text);
    let answer = browser.form(&action_of(&page), &[("decision", "allow")]).await;
    assert!(told(&answer).contains_key("code"));
}

#[tokio::test]
async fn an_app_that_means_somebody_else_gets_no_code_for_the_person_who_is_here() {
    let app = App::with(with_apps()).await;
    app.register(BOB).await;
    let mut of_bob = app.browser_of(BOB).await;
    let bob = id_token(&app, &mut of_bob).await;
    let mut browser = ann_in_a_browser(&app).await;
    let ann = id_token(&app, &mut browser).await;
    let hinted = |token: &str, more: &[(&str, &str)]| address(&[&[("id_token_hint", token)], more].concat());
    let none = [("prompt", "none")];
    assert!(told(&browser.get(&hinted(&ann, &none)).await).contains_key("code"));
    assert_eq!(told(&browser.get(&hinted(&bob, &none)).await)["error"], "login_required");
    assert_eq!(told(&app.browser().get(&hinted(&bob, &none)).await)["error"], "login_required");
    // The person is asked, and cannot go on with the wrong account.
    let page = browser.get(&hinted(&bob, &[])).await;
    assert!(
        page.text.contains("asks for another account") && !page.text.contains("Go on as"),
        "{}",
        page.text
    );
    let action = action_of(&page);
    let back = location(&browser.form(&action, &[("account", "this")]).await);
    assert!(browser.get(&back).await.text.contains("asks for another account"));
    let allowed = browser.form(&action.replacen("/choose?", "/consent?", 1), &[("decision", "allow")]).await;
    assert!(allowed.text.contains("asks for another account"));
    // The address in the token stands in the form, as one that the app sends does.
    let log_in = location(&app.browser().get(&hinted(&bob, &[])).await);
    let page = app.browser().get(&log_in).await;
    assert!(page.text.contains(&format!("value=\"{BOB}\"")), "{}", page.text);
    let log_in = location(&browser.form(&action, &[("account", "another")]).await);
    let back = location(&browser.form(&log_in, &[("email", BOB), ("password", PASSWORD)]).await);
    assert!(told(&browser.get(&format!("{back}&onward=1")).await).contains_key("code"));
    // A text that is no ID token of ours for this app says nothing.
    let forged = format!("{}x", &ann[..ann.len() - 1]);
    let own = [("client_id", OWN), ("redirect_uri", OWN_CALLBACK)];
    for (token, more) in [("x.y.z", &none[..]), (&forged, &none), (&ann, &[none[0], own[0], own[1]])] {
        assert!(told(&browser.get(&hinted(token, more)).await).contains_key("code"), "{token}");
    }
}

#[tokio::test]
async fn the_address_that_an_app_knows_stands_in_the_form() {
    let app = App::with(with_apps()).await;
    let mut browser = app.browser();
    for (hint, shown) in [
        (BOB, Some(BOB)),
        ("\"><script>alert(1)</script>@example.org", None),
        ("a name", None),
        ("+4912345", None),
        (&"a".repeat(300), None),
    ] {
        let log_in = location(&browser.get(&address(&[("login_hint", hint)])).await);
        let page = browser.get(&log_in).await;
        assert_eq!(page.status, StatusCode::OK);
        let field = page.text.split("name=\"email\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(field.contains(&format!("value=\"{}\"", shown.unwrap_or_default())), "{field}");
        let password = page.text.split("name=\"password\"").nth(1).unwrap().split('>').next().unwrap();
        assert_eq!(password.contains("autofocus"), shown.is_some(), "the cursor stands in the empty field");
    }
    // It does not decide who logs in.
    app.register(ANN).await;
    let log_in = location(&browser.get(&address(&[("login_hint", BOB)])).await);
    let back = location(&browser.form(&log_in, &[("email", ANN), ("password", PASSWORD)]).await);
    assert!(browser.get(&back).await.text.contains(ANN));
}

#[tokio::test]
async fn wishes_that_need_not_be_met_are_ignored() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    access_token(&app, &mut browser).await;
    for (name, value) in [
        ("acr_values", "urn:mace:incommon:iap:silver aal1"),
        ("acr_values", "unknown"),
        ("display", "popup"),
        ("claims", "{\"id_token\":{\"acr\":{\"essential\":true}}}"),
        ("claims_locales", "de"),
        ("ui_locales", "xx"),
        ("unknown", "x"),
    ] {
        let code = told(&browser.get(&address(&[(name, value)])).await)["code"].clone();
        let token = exchange(&app, &code).await.json();
        let claims = claims_of(&app, token["id_token"].as_str().unwrap(), WIKI).await;
        assert_eq!(claims["acr"], "aal1", "{name}={value}: the token says what is true");
    }
    for name in ["acr_values", "id_token_hint", "login_hint", "max_age", "ui_locales", "display", "claims"] {
        let twice = format!("{}&{name}=1&{name}=1", address(&[]));
        assert_eq!(told(&browser.get(&twice).await)["error"], "invalid_request", "{name}");
    }
    let answer = told(&browser.get(&address(&[("registration", "{}")])).await);
    assert_eq!(answer["error"], "registration_not_supported");
}

#[tokio::test]
async fn a_random_text_of_an_app_is_not_taken_for_a_token_of_a_mail() {
    let app = App::with(with_apps()).await;
    let log_in = location(&app.browser().get(&address(&[("state", "Zk3dw_9Xq"), ("nonce", "dw_b_")])).await);
    assert!(log_in.contains("dw_"), "{log_in}");
    let page = app.browser().get(&log_in).await;
    assert_eq!((page.status, filled(&page, "attempt_token")), (StatusCode::OK, None));
}
