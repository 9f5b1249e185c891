//! An application with the provider switched on, and the apps that people log in to.

use std::collections::HashMap;

use axum::http::StatusCode;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use doorward::{Config, provider::ClientConfig};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::app::{ANN, Actor, Answer, App, config};

/// The public address of the routes, and the name of the provider.
pub(crate) const ISSUER: &str = "http://localhost:8000/auth";

/// An app on a server, which keeps a secret.
pub(crate) const WIKI: &str = "wiki";
pub(crate) const WIKI_SECRET: &str = "the secret of the wiki, 32 or more";
pub(crate) const WIKI_CALLBACK: &str = "https://wiki.example.org/callback";
pub(crate) const WIKI_GOODBYE: &str = "https://wiki.example.org/goodbye";

/// An app in the browser, without a secret, that is the operator's own.
pub(crate) const OWN: &str = "own-app";
pub(crate) const OWN_CALLBACK: &str = "https://own.example.org/callback";

/// An app on a person's computer.
pub(crate) const TOOL: &str = "tool";
pub(crate) const TOOL_CALLBACK: &str = "http://127.0.0.1:4711/callback";

/// An API, which asks about the tokens that it gets.
pub(crate) const API: &str = "https://api.example.org";
pub(crate) const API_SERVICE: &str = "api";
pub(crate) const API_SECRET: &str = "the secret of the api, 32 or more..";

/// A verifier of PKCE.
pub(crate) const VERIFIER: &str = "a-verifier-of-pkce-with-43-characters-or-more";

/// The settings of an application with apps.
pub(crate) fn with_apps() -> Config {
    let app = |id: &str, name: &str, address: &str| ClientConfig {
        id: id.into(),
        name: name.into(),
        redirect_uris: vec![address.into()],
        ..ClientConfig::default()
    };
    let wiki = ClientConfig {
        secret: Some(WIKI_SECRET.into()),
        post_logout_redirect_uris: vec![WIKI_GOODBYE.into()],
        scopes: ["openid", "profile", "email", "groups", "offline_access", "read"].map(str::to_owned).into(),
        resources: vec![API.into(), "https://other.example.org".into()],
        ..app(WIKI, "The <b>wiki</b>", WIKI_CALLBACK)
    };
    let own = ClientConfig {
        public: true,
        first_party: true,
        scopes: ["openid", "email", "profile", "offline_access"].map(str::to_owned).into(),
        ..app(OWN, "Our app", OWN_CALLBACK)
    };
    let tool = ClientConfig {
        public: true,
        id_token_alg: "ES256".into(),
        ..app(TOOL, "A tool", "http://127.0.0.1/callback")
    };
    let api = ClientConfig {
        secret: Some(API_SECRET.into()),
        resources: vec![API.into()],
        id_token_alg: "EdDSA".into(),
        ..app(API_SERVICE, "The API", "https://api.example.org/callback")
    };
    Config {
        public_url: ISSUER.into(),
        secret_key_id: Some("test".into()),
        secret_key: Some(STANDARD.encode([7; 32]).as_str().into()),
        scopes: [("read".into(), "Read your things".into())].into(),
        roles: vec!["editor".into()],
        client: vec![wiki, own, tool, api],
        ..config()
    }
}

/// The S256 challenge of a verifier.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// The parameters of an authorization request of the wiki. `more` replaces those of the same name; an empty value leaves
/// one out.
pub(crate) fn request(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = [
        ("response_type", "code"),
        ("client_id", WIKI),
        ("redirect_uri", WIKI_CALLBACK),
        ("scope", "openid profile email"),
        ("state", "a state & more"),
        ("nonce", "a nonce"),
        ("code_challenge", &challenge(VERIFIER)),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut all: Vec<(String, String)> = usual.into();
    for (name, value) in more {
        all.retain(|(known, _)| known != name);
        if !value.is_empty() {
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    all
}

/// The address of an authorization request.
pub(crate) fn address(more: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(request(more)).finish();
    format!("/auth/oauth/authorize?{query}")
}

/// The address of the form for an answer to this request.
pub(crate) fn consent_of(address: &str) -> String {
    address.replacen("/oauth/authorize?", "/oauth/consent?", 1)
}

/// Where an answer leads to.
#[track_caller]
pub(crate) fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// The parameters that an app gets with an answer.
#[track_caller]
pub(crate) fn told(answer: &Answer) -> HashMap<String, String> {
    let location = location(answer);
    let url = Url::parse(&location).unwrap_or_else(|_| panic!("it leads to {location}"));
    url.query_pairs().into_owned().collect()
}

/// Asks for a code as the wiki, in a browser in which somebody is logged in, and allows it.
pub(crate) async fn code_for(browser: &mut Actor<'_>, more: &[(&str, &str)]) -> String {
    let address = address(more);
    let mut answer = browser.get(&address).await;
    if answer.status == StatusCode::OK {
        answer = browser.form(&consent_of(&address), &[("decision", "allow")]).await;
    }
    let told = told(&answer);
    told.get("code").unwrap_or_else(|| panic!("{told:?}")).clone()
}

/// Sends a form as the wiki, with its secret in the form.
pub(crate) async fn as_wiki(app: &App, path: &str, more: &[(&str, &str)]) -> Answer {
    let own = [("client_id", WIKI), ("client_secret", WIKI_SECRET)];
    app.anonymous().form(path, &[&own[..], more].concat()).await
}

/// Exchanges a code as the wiki.
pub(crate) async fn exchange(app: &App, code: &str) -> Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", WIKI_CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    as_wiki(app, "/auth/oauth/token", &form).await
}

/// The scopes with which an app keeps access.
pub(crate) const LASTING: &str = "openid email offline_access";

/// The tokens of the wiki for the person in this browser. The wiki keeps access.
pub(crate) async fn lasting(app: &App, browser: &mut Actor<'_>) -> Value {
    let code = code_for(browser, &[("scope", LASTING)]).await;
    let answer = exchange(app, &code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// The refresh token in an answer.
#[track_caller]
pub(crate) fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap_or_else(|| panic!("no refresh token: {tokens}")).to_owned()
}

/// Exchanges a refresh token as the wiki.
pub(crate) async fn refresh(app: &App, token: &str) -> Answer {
    refresh_with(app, token, &[]).await
}

/// As [`refresh`], with more fields.
pub(crate) async fn refresh_with(app: &App, token: &str, more: &[(&str, &str)]) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    as_wiki(app, "/auth/oauth/token", &[&form[..], more].concat()).await
}

/// Exchanges a refresh token that works. Returns its successor.
pub(crate) async fn refreshed(app: &App, token: &str) -> String {
    let answer = refresh(app, token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    refresh_token(&answer.json())
}

/// Asserts that a refresh token is refused.
pub(crate) async fn assert_ended(app: &App, token: &str, what: &str) {
    let answer = refresh(app, token).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {}", answer.text);
    assert_eq!(answer.json()["error"], "invalid_grant", "{what}");
}

/// Ann, who has an account here, in a browser.
pub(crate) async fn ann_in_a_browser(app: &App) -> Actor<'_> {
    app.register(ANN).await;
    app.browser_of(ANN).await
}

/// An access token of the wiki for the person in this browser.
pub(crate) async fn access_token(app: &App, browser: &mut Actor<'_>) -> String {
    let code = code_for(browser, &[]).await;
    let answer = exchange(app, &code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.token()
}

/// Returns `true` if an access token is accepted at `/oauth/userinfo`, and for the wiki at `/oauth/introspect`.
pub(crate) async fn is_accepted(app: &App, token: &str) -> bool {
    let status = app.bearer(token).get("/auth/oauth/userinfo").await.status;
    let told = as_wiki(app, "/auth/oauth/introspect", &[("token", token)]).await.json();
    let accepted = status == StatusCode::OK;
    assert!(accepted || status == StatusCode::UNAUTHORIZED, "{status}");
    assert_eq!(told["active"], accepted, "both say the same");
    accepted
}

/// The claims of an ID token, read by another library with the published keys.
pub(crate) async fn claims_of(app: &App, token: &str, audience: &str) -> Value {
    let keys: JwkSet =
        serde_json::from_str(&app.anonymous().get("/auth/oauth/jwks.json").await.text).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = keys.find(header.kid.as_ref().unwrap()).expect("the key is published");
    let mut rules = Validation::new(header.alg);
    rules.set_audience(&[audience]);
    rules.set_issuer(&[ISSUER]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap().claims
}
