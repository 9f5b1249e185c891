//! The metadata is true: everything that it names works, and nothing else does.

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::Config;
use serde_json::Value;

use super::parties::{
    ISSUER, OWN, OWN_CALLBACK, VERIFIER, WIKI, WIKI_CALLBACK, WIKI_SECRET, address, ann_in_a_browser,
    claims_of, code_for, location, told, with_apps,
};
use crate::app::{App, config};

async fn metadata(app: &App) -> Value {
    let answer = app.anonymous().get("/auth/.well-known/openid-configuration").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    let other = app.anonymous().get("/auth/.well-known/oauth-authorization-server").await;
    assert_eq!(answer.text, other.text);
    answer.json()
}

/// The texts of a list.
fn list(metadata: &Value, name: &str) -> Vec<String> {
    let list = metadata[name].as_array().unwrap_or_else(|| panic!("no {name}"));
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn everything_that_the_metadata_names_works() {
    let app = App::with(with_apps()).await;
    let metadata = metadata(&app).await;
    assert_eq!(metadata["issuer"], ISSUER);
    let mut browser = ann_in_a_browser(&app).await;

    // Every address is one of ours, and answers.
    let mut endpoints = 0;
    for (name, value) in metadata.as_object().unwrap() {
        let Some(address) = value.as_str().filter(|_| name.ends_with("_endpoint") || name == "jwks_uri")
        else {
            continue;
        };
        endpoints += 1;
        let path = address.strip_prefix("http://localhost:8000").unwrap();
        let status = app.anonymous().get(path).await.status;
        let status = if status == StatusCode::METHOD_NOT_ALLOWED {
            app.anonymous().form(path, &[]).await.status
        } else {
            status
        };
        assert_ne!(status, StatusCode::NOT_FOUND, "{name}");
        assert!(!status.is_server_error(), "{name}");
    }
    assert_eq!(endpoints, 7);

    // A key for each algorithm.
    let keys = app.anonymous().get("/auth/oauth/jwks.json").await;
    assert_eq!(keys.headers["cache-control"], "public, max-age=3600");
    assert_eq!(keys.headers["access-control-allow-origin"], "*");
    let mut algorithms: Vec<String> = keys.json()["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["alg"].as_str().unwrap().to_owned())
        .collect();
    algorithms.sort_unstable();
    let mut named = list(&metadata, "id_token_signing_alg_values_supported");
    named.sort_unstable();
    assert_eq!(algorithms, named);

    // Each way of an answer, and each way to show a client.
    for mode in list(&metadata, "response_modes_supported") {
        code_for(&mut browser, &[]).await;
        let answer = browser.get(&address(&[("response_mode", &mode)])).await;
        let has_code = answer.text.contains("name=\"code\"")
            || (answer.status == StatusCode::SEE_OTHER && told(&answer).contains_key("code"));
        assert!(has_code, "{mode}");
    }
    for method in list(&metadata, "token_endpoint_auth_methods_supported") {
        let public = method == "none";
        let (client, callback) = if public { (OWN, OWN_CALLBACK) } else { (WIKI, WIKI_CALLBACK) };
        let code = code_for(&mut browser, &[("client_id", client), ("redirect_uri", callback)]).await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", callback),
            ("code_verifier", VERIFIER),
        ];
        let basic = format!("Basic {}", STANDARD.encode(format!("{WIKI}:{WIKI_SECRET}")));
        let mut program = app.anonymous();
        match &*method {
            "client_secret_basic" => program = program.header("authorization", &basic),
            "client_secret_post" => form.extend([("client_id", WIKI), ("client_secret", WIKI_SECRET)]),
            "none" => form.push(("client_id", OWN)),
            other => panic!("{other} has no test"),
        }
        let answer = program.form("/auth/oauth/token", &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{method}: {}", answer.text);
    }

    // Each scope and each claim.
    let scopes = list(&metadata, "scopes_supported").join(" ");
    assert_eq!(scopes, "openid profile email groups offline_access read");
    let code = code_for(&mut browser, &[("scope", &scopes), ("nonce", "n")]).await;
    let answer = super::parties::exchange(&app, &code).await;
    assert_eq!(answer.json()["scope"], scopes);
    let claims = claims_of(&app, answer.json()["id_token"].as_str().unwrap(), WIKI).await;
    let mut claimed: Vec<_> = claims.as_object().unwrap().keys().cloned().collect();
    claimed.sort_unstable();
    let mut named = list(&metadata, "claims_supported");
    named.sort_unstable();
    assert_eq!(claimed, named);
    assert!(list(&metadata, "acr_values_supported").contains(&claims["acr"].as_str().unwrap().to_owned()));

    // Each grant. The code was exchanged above.
    for grant in list(&metadata, "grant_types_supported") {
        let code = code_for(&mut browser, &[("scope", &scopes)]).await;
        let first = super::parties::exchange(&app, &code).await.json();
        match &*grant {
            "authorization_code" => assert!(first["access_token"].is_string()),
            "refresh_token" => {
                super::parties::refreshed(&app, &super::parties::refresh_token(&first)).await;
            }
            other => panic!("{other} has no test"),
        }
    }

    for prompt in list(&metadata, "prompt_values_supported") {
        let answer = browser.get(&address(&[("prompt", &prompt)])).await;
        let is_known = answer.status == StatusCode::OK || told(&answer).contains_key("code");
        assert!(is_known, "{prompt}");
    }
    assert!(told(&browser.get(&address(&[])).await).contains_key("iss"));
}

#[tokio::test]
async fn nothing_works_that_the_metadata_does_not_name() {
    let app = App::with(with_apps()).await;
    let metadata = metadata(&app).await;
    let mut browser = ann_in_a_browser(&app).await;
    for (name, values, parameter) in [
        ("response_types_supported", &["token", "id_token", "code token", "none"][..], "response_type"),
        ("response_modes_supported", &["fragment", "query.jwt", "jwt"], "response_mode"),
        ("code_challenge_methods_supported", &["plain", "S512"], "code_challenge_method"),
        ("prompt_values_supported", &["create", "x"], "prompt"),
    ] {
        for value in values {
            assert!(!list(&metadata, name).contains(&(*value).to_owned()));
            assert!(
                told(&browser.get(&address(&[(parameter, value)])).await).contains_key("error"),
                "{value}"
            );
        }
    }
    for grant in
        ["client_credentials", "password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"]
    {
        assert!(!list(&metadata, "grant_types_supported").contains(&grant.to_owned()));
        let answer = super::parties::as_wiki(&app, "/auth/oauth/token", &[("grant_type", grant)]).await;
        assert_eq!(answer.json()["error"], "unsupported_grant_type", "{grant}");
    }
    for path in ["register", "device", "par", "token/x"] {
        assert_eq!(app.anonymous().get(&format!("/auth/oauth/{path}")).await.status, StatusCode::NOT_FOUND);
    }
    for name in metadata.as_object().unwrap().keys() {
        let known = ["registration", "device", "pushed", "backchannel", "mtls", "check_session"];
        assert!(!known.iter().any(|known| name.contains(known)), "{name}");
    }
}

#[tokio::test]
async fn without_a_key_or_without_pages_the_provider_is_off() {
    let without_key = Config { secret_key: None, secret_key_id: None, ..with_apps() };
    let without_pages = Config { pages: false, ..with_apps() };
    for config in [without_key, without_pages, config()] {
        let app = App::with(config).await;
        for path in [
            ".well-known/openid-configuration",
            ".well-known/oauth-authorization-server",
            "oauth/jwks.json",
            "oauth/authorize",
            "oauth/userinfo",
            "oauth/logout",
            "account/apps",
        ] {
            let answer = app.anonymous().get(&format!("/auth/{path}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(app.anonymous().form("/auth/oauth/token", &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.count("signing_keys").await, 0);
    }
}

#[tokio::test]
async fn a_page_of_any_site_may_read_what_programs_may_read() {
    let app = App::with(Config { cors_origins: vec!["https://app.example.org".into()], ..with_apps() }).await;
    for origin in ["https://app.example.org", "https://other.example.org"] {
        for path in ["/auth/.well-known/openid-configuration", "/auth/oauth/jwks.json"] {
            let answer = app.anonymous().header("origin", origin).get(path).await;
            assert_eq!(answer.headers["access-control-allow-origin"], "*");
            assert_eq!(answer.headers.get_all("access-control-allow-origin").iter().count(), 1);
            assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        }
        let mut page =
            app.anonymous().header("origin", origin).header("access-control-request-method", "POST");
        let asked = page.send(Method::OPTIONS, "/auth/oauth/token", None, "").await;
        assert_eq!(asked.headers["access-control-allow-origin"], "*");
        // The log-in stays as it is.
        let asked = page.send(Method::OPTIONS, "/auth/login", None, "").await;
        assert_eq!(
            asked.headers.get("access-control-allow-origin").is_some(),
            origin == "https://app.example.org"
        );
    }
    assert!(location(&app.browser().get(&address(&[])).await).starts_with("/auth/login"));
}
