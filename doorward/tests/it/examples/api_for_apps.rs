//! An app gets at an API what its user allowed it, and nothing else.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::Config;
use serde_json::json;

use super::requests::Example;
use crate::{
    app::{ANN, Actor, BOB, PASSWORD, for_tests},
    features::provider::parties::{VERIFIER, challenge, location, told},
};

#[path = "../../../examples/api_for_apps.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

const CALLBACK: &str = "http://127.0.0.1:4711/callback";

/// Asks for a token as the app, in a browser in which somebody is logged in.
async fn token(app: &Example, browser: &mut Actor<'_>, scope: &str, resource: &str) -> String {
    let challenge = challenge(VERIFIER);
    let mut request = form_urlencoded::Serializer::new(String::new());
    request.extend_pairs([
        ("response_type", "code"),
        ("client_id", "reader"),
        ("redirect_uri", CALLBACK),
        ("scope", scope),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    if !resource.is_empty() {
        request.append_pair("resource", resource);
    }
    let request = request.finish();
    let page = browser.get(&format!("/auth/oauth/authorize?{request}")).await;
    assert!(page.text.contains("Read your notes"), "{}", page.text);
    let allowed = browser.form(&format!("/auth/oauth/consent?{request}"), &[("decision", "allow")]).await;
    assert!(location(&allowed).starts_with(CALLBACK));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*told(&allowed)["code"]),
        ("redirect_uri", CALLBACK),
        ("client_id", "reader"),
        ("code_verifier", VERIFIER),
    ];
    app.client().form("/auth/oauth/token", &form).await.token()
}

async fn in_a_browser<'a>(app: &'a Example, email: &str) -> Actor<'a> {
    app.client().register(email, PASSWORD).await;
    let mut browser = app.browser();
    assert_eq!(browser.log_in(email, PASSWORD).await.status, StatusCode::OK);
    browser
}

#[tokio::test]
async fn an_app_reads_and_adds_notes_as_far_as_its_user_allows() {
    let config = example::config(Config::default(), &STANDARD.encode([7; 32]));
    let accounts = for_tests().config(config).without_mail().await;
    let app = Example::new(&accounts, example::app(&accounts).unwrap());
    // The app knows the address of the API alone. The refusal and the metadata tell it the rest.
    let refused = app.client().get("/api/notes").await;
    let metadata = format!("{}/.well-known/oauth-protected-resource", example::API);
    let challenge = refused.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.ends_with(&format!("resource_metadata=\"{metadata}\"")), "{challenge}");
    let metadata = app.client().get("/.well-known/oauth-protected-resource").await.json();
    assert_eq!(metadata["resource"], example::API);
    assert_eq!(metadata["scopes_supported"], json!(["notes:read", "notes:write"]));
    let issuer = metadata["authorization_servers"][0].as_str().unwrap();
    let (_, path) = issuer.split_once(example::API).unwrap();
    let provider = app.client().get(&format!("/.well-known/oauth-authorization-server{path}")).await.json();
    assert_eq!(provider["issuer"], issuer);

    let mut ann = in_a_browser(&app, ANN).await;
    let mut bob = in_a_browser(&app, BOB).await;
    let bearer = |token: String| app.client().header("authorization", &format!("Bearer {token}"));
    let mut writer = bearer(token(&app, &mut ann, "notes:read notes:write", example::API).await);
    let mut reader = bearer(token(&app, &mut bob, "notes:read", example::API).await);
    let mut without = bearer(token(&app, &mut bob, "notes:read", "").await);
    assert_eq!(writer.form("/api/notes", &[("milk", "")]).await.status, StatusCode::OK);
    let notes = json!(["milk= (by reader)"]);
    assert_eq!(writer.get("/api/notes").await.json(), notes);
    assert_eq!(ann.get("/notes").await.json(), notes);
    // Each user has their own notes, and the app of Bob may only read.
    assert_eq!(reader.get("/api/notes").await.json(), json!([]));
    assert_eq!(reader.form("/api/notes", &[]).await.code(), "insufficient_scope");
    assert_eq!(without.get("/api/notes").await.code(), "invalid_token");
    // People have their own way in, and apps theirs.
    assert_eq!(reader.get("/notes").await.code(), "invalid_session");
    assert_eq!(bob.get("/api/notes").await.code(), "not_authenticated");
}
