//! What an app gets for a refresh token, and what it must show.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::Value;

use super::super::parties::{
    API, API_SECRET, API_SERVICE, LASTING, OWN, OWN_CALLBACK, VERIFIER, WIKI, WIKI_CALLBACK, address,
    ann_in_a_browser, as_wiki, assert_ended, claims_of, code_for, consent_of, exchange, is_accepted, lasting,
    location, refresh, refresh_token, refresh_with, refreshed, told, with_apps,
};
use crate::app::{ANN, Answer, App};

#[track_caller]
fn assert_refused(answer: &Answer, error: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert_eq!(answer.json()["error"], error, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn only_an_app_that_asks_for_lasting_access_gets_a_refresh_token() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let without = exchange(&app, &code_for(&mut browser, &[]).await).await.json();
    assert!(without.get("refresh_token").is_none(), "{without}");
    let tokens = lasting(&app, &mut browser).await;
    assert_eq!(tokens["scope"], LASTING);
    let token = refresh_token(&tokens);
    assert!(token.starts_with("dw_f_") && token.len() == 54, "{token}");
    assert!(!app.outside().await.contents_of(&["refresh_chains", "refresh_tokens"]).await.contains(&token));
    // An app that may not ask for it does not get it.
    let api = [
        ("client_id", API_SERVICE),
        ("redirect_uri", "https://api.example.org/callback"),
        ("scope", LASTING),
    ];
    let code = code_for(&mut browser, &api).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", api[1].1),
        ("code_verifier", VERIFIER),
        ("client_id", API_SERVICE),
        ("client_secret", API_SECRET),
    ];
    let answer = app.anonymous().form("/auth/oauth/token", &form).await.json();
    assert_eq!((&answer["scope"], answer.get("refresh_token")), (&"openid email".into(), None));
}

#[tokio::test]
async fn a_person_is_asked_in_plain_words_whether_an_app_keeps_access() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let wanted = address(&[("scope", LASTING)]);
    let words = "Keep this access when you log out here, until you end it";
    assert!(browser.get(&wanted).await.text.contains(words));
    browser.form(&consent_of(&wanted), &[("decision", "allow")]).await;
    assert!(location(&browser.get(&wanted).await).starts_with(WIKI_CALLBACK), "it is not asked again");
    assert!(browser.get("/auth/account/apps").await.text.contains(words));
    // An app of the operator does not ask.
    let own = address(&[("client_id", OWN), ("redirect_uri", OWN_CALLBACK), ("scope", LASTING)]);
    assert!(location(&browser.get(&own).await).starts_with(OWN_CALLBACK));
}

#[tokio::test]
async fn an_exchange_gives_new_tokens_that_tell_of_the_same_log_in() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let first = lasting(&app, &mut browser).await;
    let before = claims_of(&app, first["id_token"].as_str().unwrap(), WIKI).await;
    app.advance(Duration::from_secs(20));
    let answer = refresh(&app, &refresh_token(&first)).await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    let second = answer.json();
    assert_eq!((&second["token_type"], &second["expires_in"]), (&"Bearer".into(), &3600.into()));
    assert_eq!(second["scope"], LASTING);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    let access = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
    assert!(is_accepted(&app, &access(&second)).await);
    assert!(is_accepted(&app, &access(&first)).await, "a request that is under way is not refused");

    // OpenID Connect Core, section 12.2.
    let after = claims_of(&app, second["id_token"].as_str().unwrap(), WIKI).await;
    for claim in ["iss", "sub", "aud", "auth_time", "acr", "amr", "sid", "email"] {
        assert_eq!(after[claim], before[claim], "{claim}");
    }
    assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 20);
    assert_eq!((&before["nonce"], after.get("nonce")), (&"a nonce".into(), None));
    assert_ne!(after["at_hash"], before["at_hash"]);
    let narrow = refresh_with(&app, &refresh_token(&second), &[("scope", "email")]).await.json();
    assert!(narrow.get("id_token").is_none(), "without openid");
}

#[tokio::test]
async fn scopes_are_only_narrowed_for_one_exchange() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    for more in ["openid profile", "groups", "read", "unknown", " "] {
        assert_refused(&refresh_with(&app, &token, &[("scope", more)]).await, "invalid_scope");
    }
    let narrow = refresh_with(&app, &token, &[("scope", "email openid")]).await.json();
    assert_eq!(narrow["scope"], "openid email");
    let access = narrow["access_token"].as_str().unwrap();
    let told = as_wiki(&app, "/auth/oauth/introspect", &[("token", access)]).await.json();
    assert_eq!(told["scope"], "openid email");
    let wide = refresh(&app, &refresh_token(&narrow)).await.json();
    assert_eq!(wide["scope"], LASTING, "the refresh token has the scopes that the person allowed");
}

#[tokio::test]
async fn a_token_is_for_the_resource_for_which_it_was_given() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let plain = refresh_token(&lasting(&app, &mut browser).await);
    assert_refused(&refresh_with(&app, &plain, &[("resource", API)]).await, "invalid_target");
    let scopes = "read offline_access";
    let code = code_for(&mut browser, &[("scope", scopes), ("resource", API)]).await;
    let token = refresh_token(&exchange(&app, &code).await.json());
    for other in ["https://other.example.org", "https://api.example.org/", "x"] {
        assert_refused(&refresh_with(&app, &token, &[("resource", other)]).await, "invalid_target");
    }
    let second = refresh_with(&app, &token, &[("resource", API)]).await.json();
    let third = refresh(&app, &refresh_token(&second)).await.json();
    for tokens in [second, third] {
        let access = tokens["access_token"].as_str().unwrap().to_owned();
        let form = [("token", &*access), ("client_id", API_SERVICE), ("client_secret", API_SECRET)];
        let told = app.anonymous().form("/auth/oauth/introspect", &form).await.json();
        assert_eq!((&told["active"], &told["aud"]), (&true.into(), &API.into()));
    }
}

#[tokio::test]
async fn a_token_belongs_to_its_client() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*token)];
    let with = async |more: &[(&str, &str)]| {
        app.anonymous().form("/auth/oauth/token", &[&form[..], more].concat()).await
    };
    assert_refused(
        &with(&[("client_id", API_SERVICE), ("client_secret", API_SECRET)]).await,
        "invalid_grant",
    );
    assert_refused(&with(&[("client_id", OWN)]).await, "invalid_grant");
    for wrong in [&[][..], &[("client_id", WIKI)], &[("client_id", WIKI), ("client_secret", "wrong")]] {
        let answer = with(wrong).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::UNAUTHORIZED, &"invalid_client".into())
        );
    }
    let missing = as_wiki(&app, "/auth/oauth/token", &[("grant_type", "refresh_token")]).await;
    assert_refused(&missing, "invalid_request");
    refreshed(&app, &token).await;
    assert_eq!(app.count("events WHERE kind LIKE 'refresh_token_%'").await, 0);
}

#[tokio::test]
async fn an_app_without_a_secret_shows_its_id_alone() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let wanted = address(&[("client_id", OWN), ("redirect_uri", OWN_CALLBACK), ("scope", LASTING)]);
    let code = told(&browser.get(&wanted).await)["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", OWN_CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", OWN),
    ];
    let mut page =
        app.browser().header("sec-fetch-site", "cross-site").header("origin", "https://own.example.org");
    let mut token = refresh_token(&page.form("/auth/oauth/token", &form).await.json());
    for _ in 0..3 {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &*token), ("client_id", OWN)];
        let answer = page.form("/auth/oauth/token", &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        token = refresh_token(&answer.json());
    }
    assert_ended(&app, &token, "the token of another client").await;
}

#[tokio::test]
async fn a_token_of_another_kind_or_with_a_typing_error_costs_no_look_up() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let tokens = lasting(&app, &mut browser).await;
    let (token, access) = (refresh_token(&tokens), tokens["access_token"].as_str().unwrap().to_owned());
    let code = code_for(&mut browser, &[]).await;
    // From now on, each look-up of a token is an error of the server.
    app.execute("ALTER TABLE refresh_tokens RENAME TO away").await;
    let mut mistyped = token.clone().into_bytes();
    mistyped[20] ^= 1;
    let mistyped = String::from_utf8(mistyped).unwrap();
    for wrong in [&*mistyped, &token[..53], &format!("{token} "), &access, &code, "x", "dw_f_"] {
        assert_refused(&refresh(&app, wrong).await, "invalid_grant");
    }
    let looked_up = refresh(&app, &token).await;
    assert!(looked_up.status.is_server_error(), "{}", looked_up.text);
    app.execute("ALTER TABLE away RENAME TO refresh_tokens").await;
    refreshed(&app, &token).await;
}

#[tokio::test]
async fn a_client_learns_about_its_own_refresh_tokens_alone() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let id = app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    let ask = async |token: &str| as_wiki(&app, "/auth/oauth/introspect", &[("token", token)]).await.json();
    let told = ask(&token).await;
    assert_eq!((&told["active"], &told["sub"]), (&true.into(), &id.to_string().into()));
    assert_eq!((&told["client_id"], &told["scope"]), (&WIKI.into(), &LASTING.into()));
    assert!(told.get("token_type").is_none() && told["exp"].is_i64(), "{told}");
    let form = [("token", &*token), ("client_id", API_SERVICE), ("client_secret", API_SECRET)];
    let foreign = app.anonymous().form("/auth/oauth/introspect", &form).await;
    assert_eq!(foreign.text, "{\"active\":false}");
    let second = refreshed(&app, &token).await;
    assert_eq!(ask(&token).await["active"], true, "it would be answered again");
    refreshed(&app, &second).await;
    app.advance(Duration::from_secs(60));
    assert_eq!(ask(&token).await, serde_json::json!({"active": false}));
    assert_eq!(ask(&second).await["active"], true, "to ask ends nothing");
    // It opens no route.
    for path in ["/auth/oauth/userinfo", "/auth/me", "/protected-route"] {
        assert_eq!(app.bearer(&second).get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
