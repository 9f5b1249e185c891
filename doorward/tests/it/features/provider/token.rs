//! `/oauth/token`: a code works once, for its client, with its verifier.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::future::join_all;

use super::parties::{
    API_SECRET, API_SERVICE, OWN, OWN_CALLBACK, TOOL, TOOL_CALLBACK, VERIFIER, WIKI, WIKI_CALLBACK,
    WIKI_SECRET, access_token, address, ann_in_a_browser, as_wiki, claims_of, code_for, exchange,
    is_accepted, told, with_apps,
};
use crate::app::{ANN, Answer, App, PASSWORD};

/// The form of an exchange, with other values for some fields. An empty value leaves the field out.
async fn exchange_with(app: &App, code: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", WIKI_CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", WIKI),
        ("client_secret", WIKI_SECRET),
    ];
    for (name, value) in more {
        form.retain(|(known, _)| known != name);
        if !value.is_empty() {
            form.push((name, value));
        }
    }
    app.anonymous().form("/auth/oauth/token", &form).await
}

#[track_caller]
fn assert_refused(answer: &Answer, error: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert_eq!(answer.json()["error"], error, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.json()["error_description"].is_string());
}

#[tokio::test]
async fn of_a_hundred_exchanges_of_one_code_one_works_and_the_others_end_its_token() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let kept = access_token(&app, &mut browser).await;
    let code = code_for(&mut browser, &[]).await;
    let answers = join_all((0..100).map(|_| exchange(&app, &code))).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == StatusCode::OK);
    assert_eq!((good.len(), bad.len()), (1, 99));
    bad.iter().for_each(|answer| assert_refused(answer, "invalid_grant"));
    assert!(!is_accepted(&app, &good[0].token()).await, "somebody has a copy of the code");
    assert!(is_accepted(&app, &kept).await, "a token of another code goes on");
    assert_eq!(app.count("events WHERE kind = 'code_reused'").await, 1);
}

#[tokio::test]
async fn a_wrong_exchange_is_refused_and_uses_the_code_up() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    for (more, error) in [
        (&[("client_id", API_SERVICE), ("client_secret", API_SECRET)][..], "invalid_grant"),
        (&[("client_id", OWN), ("client_secret", "")], "invalid_grant"),
        (&[("redirect_uri", "https://wiki.example.org/callback/")], "invalid_grant"),
        (&[("redirect_uri", OWN_CALLBACK)], "invalid_grant"),
        (&[("code_verifier", &VERIFIER[1..])], "invalid_grant"),
        (&[("code_verifier", &format!("{VERIFIER}x"))], "invalid_grant"),
        (&[("code_verifier", &super::parties::challenge(VERIFIER))], "invalid_grant"),
        (&[("code_verifier", "short")], "invalid_grant"),
        (&[("code_verifier", &"v".repeat(129))], "invalid_grant"),
        (&[("code_verifier", "")], "invalid_request"),
    ] {
        let code = code_for(&mut browser, &[]).await;
        assert_refused(&exchange_with(&app, &code, more).await, error);
        assert_refused(&exchange(&app, &code).await, "invalid_grant");
    }
    let code = code_for(&mut browser, &[]).await;
    for (more, error) in [
        (("redirect_uri", ""), "invalid_request"),
        (("code", ""), "invalid_request"),
        (("grant_type", ""), "invalid_request"),
        (("grant_type", "password"), "unsupported_grant_type"),
        (("grant_type", "client_credentials"), "unsupported_grant_type"),
        (("code", &code[..50]), "invalid_grant"),
        (("code", &format!("dw_o_{}", "A".repeat(49))), "invalid_grant"),
    ] {
        assert_refused(&exchange_with(&app, &code, &[more]).await, error);
    }
    assert_eq!(exchange(&app, &code).await.status, StatusCode::OK, "these did not touch the code");
}

#[tokio::test]
async fn a_code_works_for_a_minute() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let (in_time, late) = (code_for(&mut browser, &[]).await, code_for(&mut browser, &[]).await);
    app.advance(Duration::from_secs(59));
    assert_eq!(exchange(&app, &in_time).await.status, StatusCode::OK);
    app.advance(Duration::from_secs(1));
    assert_refused(&exchange(&app, &late).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_ends_with_its_session_its_user_its_client_and_its_grant() {
    let app = App::with(with_apps()).await;
    let id = app.register(ANN).await;
    for end in 0..6 {
        let mut browser = app.browser_of(ANN).await;
        let code = code_for(&mut browser, &[]).await;
        match end {
            0 => drop(browser.log_out().await),
            1 => drop(app.end_sessions(id_of(id)).await.unwrap()),
            2 => {
                app.disable_user(id_of(id)).await.unwrap();
                app.enable_user(id_of(id)).await.unwrap();
            }
            3 => drop(browser.change_password(PASSWORD, PASSWORD).await),
            4 => app.execute("UPDATE oauth_clients SET disabled_at = 1 WHERE id = 'wiki'").await,
            _ => app.execute("DELETE FROM grants").await,
        }
        assert_refused(&exchange(&app, &code).await, "invalid_grant");
        app.execute("UPDATE oauth_clients SET disabled_at = NULL").await;
    }
}

fn id_of(id: i64) -> doorward::UserId {
    id.to_string().parse().unwrap()
}

#[tokio::test]
async fn a_client_shows_who_it_is_in_one_way() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let basic = |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let encoded: String = form_urlencoded::byte_serialize(WIKI_SECRET.as_bytes()).collect();
    for secret in [WIKI_SECRET, &encoded] {
        let code = code_for(&mut browser, &[]).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", WIKI_CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let mut client = app.anonymous().header("authorization", &basic(WIKI, secret));
        // Its own id may stand in the form too.
        let form = [&form[..], &[("client_id", WIKI)]].concat();
        assert_eq!(client.form("/auth/oauth/token", &form).await.status, StatusCode::OK);
    }
    let form =
        [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "x"), ("code_verifier", "x")];
    let wrong = [
        ("authorization", basic(WIKI, "wrong")),
        ("authorization", basic(WIKI, "")),
        ("authorization", basic("unknown", WIKI_SECRET)),
        ("authorization", basic(API_SERVICE, WIKI_SECRET)),
        ("authorization", basic(OWN, WIKI_SECRET)),
        ("authorization", "Basic %%%".into()),
        ("authorization", "Bearer x".into()),
    ];
    for (name, value) in wrong {
        let answer = app.anonymous().header(name, &value).form("/auth/oauth/token", &form).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{value}");
        assert_eq!(answer.json()["error"], "invalid_client");
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    }
    for more in [&[][..], &[("client_id", WIKI)], &[("client_id", WIKI), ("client_secret", "wrong")]] {
        let answer = app.anonymous().form("/auth/oauth/token", &[&form[..], more].concat()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{more:?}");
    }
    for more in [("client_secret", WIKI_SECRET), ("client_id", OWN)] {
        let mut client = app.anonymous().header("authorization", &basic(WIKI, WIKI_SECRET));
        let answer = client.form("/auth/oauth/token", &[&form[..], &[more]].concat()).await;
        assert_refused(&answer, "invalid_request");
    }
}

#[tokio::test]
async fn an_app_without_a_secret_exchanges_its_code_by_its_verifier_from_any_page() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let wanted = address(&[("client_id", OWN), ("redirect_uri", OWN_CALLBACK)]);
    let code = told(&browser.get(&wanted).await)["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", OWN_CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", OWN),
        ("client_secret", ""),
    ];
    // The page of the app sends it, from its own site. The cookie of the person does not matter.
    let mut page = browser.header("sec-fetch-site", "cross-site").header("origin", "https://own.example.org");
    let answer = page.form("/auth/oauth/token", &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    let mut page = app.bearer(&answer.token()).header("origin", "https://own.example.org");
    let info = page.get("/auth/oauth/userinfo").await;
    assert_eq!(
        (info.status, &info.headers["access-control-allow-origin"]),
        (StatusCode::OK, &"*".parse().unwrap())
    );
    let asked = page.send(Method::OPTIONS, "/auth/oauth/token", None, "").await;
    assert_eq!(asked.status, StatusCode::NO_CONTENT);
    assert_eq!(asked.headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn each_client_gets_tokens_with_the_signature_that_it_wants() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    for (client, secret, callback, algorithm) in [
        (WIKI, WIKI_SECRET, WIKI_CALLBACK, "RS256"),
        (TOOL, "", TOOL_CALLBACK, "ES256"),
        (API_SERVICE, API_SECRET, "https://api.example.org/callback", "EdDSA"),
    ] {
        let code = code_for(&mut browser, &[("client_id", client), ("redirect_uri", callback)]).await;
        let client_fields = [("client_id", client), ("client_secret", secret), ("redirect_uri", callback)];
        let answer = exchange_with(&app, &code, &client_fields).await.json();
        let token = answer["id_token"].as_str().unwrap();
        let header: serde_json::Value =
            serde_json::to_value(jsonwebtoken::decode_header(token).unwrap()).unwrap();
        assert_eq!((&header["alg"], &header["typ"]), (&algorithm.into(), &"JWT".into()));
        let claims = claims_of(&app, token, client).await;
        assert_eq!((&claims["aud"], &claims["iss"]), (&client.into(), &super::parties::ISSUER.into()));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
        let hash = claims["at_hash"].as_str().unwrap();
        assert_eq!(hash.len(), if algorithm == "EdDSA" { 43 } else { 22 });
    }
    // Without `openid` there is no ID token, and no userinfo.
    let code = code_for(&mut browser, &[("scope", "email")]).await;
    let answer = exchange(&app, &code).await;
    assert!(answer.json().get("id_token").is_none());
    let refused = app.bearer(&answer.token()).get("/auth/oauth/userinfo").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.headers["www-authenticate"].to_str().unwrap().contains("error=\"insufficient_scope\""));
}

#[tokio::test]
async fn a_malformed_form_is_an_oauth_error() {
    let app = App::with(with_apps()).await;
    for body in ["%", "grant_type=a&grant_type=b", "a=%ff"] {
        let answer = app
            .anonymous()
            .send(Method::POST, "/auth/oauth/token", Some("application/x-www-form-urlencoded"), body)
            .await;
        assert_refused(&answer, "invalid_request");
    }
    let json = app.anonymous().send(Method::POST, "/auth/oauth/token", Some("application/json"), "{}").await;
    assert_eq!(
        (json.status, &json.json()["error"]),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, &"invalid_request".into())
    );
    assert_refused(&as_wiki(&app, "/auth/oauth/introspect", &[]).await, "invalid_request");
    assert_refused(&as_wiki(&app, "/auth/oauth/revoke", &[]).await, "invalid_request");
}
