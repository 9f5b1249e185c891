//! An API of the host that apps call: its metadata, and tokens for it alone.

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::get,
};
use doorward::{Auth, Granted, Scope};
use serde_json::json;

use super::parties::{API, ISSUER, ann_in_a_browser, code_for, exchange, with_apps};
use crate::app::{Actor, App};

const OTHER: &str = "https://other.example.org";

struct Read;

impl Scope for Read {
    const NAME: &'static str = "read";
}

struct Email;

impl Scope for Email {
    const NAME: &'static str = "email";
}

struct Misspelt;

impl Scope for Misspelt {
    const NAME: &'static str = "raed";
}

/// A host with two APIs, and a route that belongs to none.
async fn host() -> App {
    let app = App::with(with_apps()).await;
    let read =
        || get(async |Granted(caller, ..): Granted<Read>| caller.resource().unwrap_or("none").to_owned());
    let api = app.protected_resource(API).unwrap().scope::<Read>().unwrap();
    let other = app.protected_resource(OTHER).unwrap().scope::<Read>().unwrap().scope::<Email>().unwrap();
    let routes: Router<Auth> = Router::new().route("/api", read()).route_layer(api.clone());
    let router = routes
        .merge(Router::new().route("/other", read()).route_layer(other.clone()))
        .route("/none", read())
        .merge(api.metadata())
        .with_state(app.auth.clone())
        .merge(other_at_its_own_host(&other.metadata()))
        .nest("/auth", app.auth.router());
    app.serving(router)
}

/// Another host would serve this one, because both stand at the root.
fn other_at_its_own_host(metadata: &Router) -> Router {
    Router::new().nest("/other-host", metadata.clone())
}

async fn token_for(app: &App, browser: &mut Actor<'_>, resource: &str) -> String {
    let code = code_for(browser, &[("scope", "openid read"), ("resource", resource)]).await;
    exchange(app, &code).await.token()
}

#[tokio::test]
async fn a_token_for_one_api_opens_no_other() {
    let app = host().await;
    let mut browser = ann_in_a_browser(&app).await;
    let tokens = [
        ("none", token_for(&app, &mut browser, "").await),
        (API, token_for(&app, &mut browser, API).await),
        (OTHER, token_for(&app, &mut browser, OTHER).await),
    ];
    let doors = [("/none", "none"), ("/api", API), ("/other", OTHER), ("/auth/oauth/userinfo", "none")];
    for (resource, token) in &tokens {
        for (path, own) in doors {
            let answer = app.bearer(token).get(path).await;
            let wanted = if *resource == own { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(answer.status, wanted, "a token for {resource} at {path}: {}", answer.text);
            if wanted == StatusCode::OK && path.len() < 7 {
                assert_eq!(answer.text, own);
            }
        }
    }
    // An app asks for no API that it is not registered for.
    let asked = browser
        .get(&super::parties::address(&[("scope", "read"), ("resource", "https://third.example.org")]))
        .await;
    assert_eq!(super::parties::told(&asked)["error"], "invalid_target");
}

#[tokio::test]
async fn a_refusal_names_the_metadata() {
    let app = host().await;
    let mut browser = ann_in_a_browser(&app).await;
    let metadata = "resource_metadata=\"https://api.example.org/.well-known/oauth-protected-resource\"";
    let challenge = async |path: &str, token: Option<&str>| {
        let mut actor = token.map_or_else(|| app.anonymous(), |token| app.bearer(token));
        let answer = actor.get(path).await;
        (answer.status.as_u16(), answer.headers["www-authenticate"].to_str().unwrap().to_owned())
    };
    assert_eq!(challenge("/api", None).await, (401, format!("Bearer realm=\"doorward\", {metadata}")));
    let wrong = challenge("/api", Some("x")).await;
    assert!(wrong.0 == 401 && wrong.1.ends_with(&format!("not valid here\", {metadata}")), "{wrong:?}");
    let code = code_for(&mut browser, &[("scope", "openid"), ("resource", API)]).await;
    let narrow = exchange(&app, &code).await.token();
    let less = challenge("/api", Some(&narrow)).await;
    assert_eq!(
        less.1,
        format!("Bearer realm=\"doorward\", error=\"insufficient_scope\", scope=\"read\", {metadata}")
    );
    assert_eq!(less.0, 403);
    // The routes of others have nothing of it.
    for path in ["/none", "/auth/me"] {
        assert!(!challenge(path, None).await.1.contains("resource_metadata"), "{path}");
    }
}

#[tokio::test]
async fn a_client_finds_the_provider_by_the_metadata_of_the_api() {
    let app = host().await;
    let document = |resource: &str, scopes: &[&str]| {
        json!({
            "resource": resource,
            "authorization_servers": [ISSUER],
            "scopes_supported": scopes,
            "bearer_methods_supported": ["header"],
        })
    };
    for (path, wanted) in [
        ("/.well-known/oauth-protected-resource", document(API, &["read"])),
        ("/other-host/.well-known/oauth-protected-resource", document(OTHER, &["read", "email"])),
    ] {
        let mut page = app.anonymous().header("origin", "https://any.example.org");
        let answer = page.get(path).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, wanted));
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        let asked = page.send(Method::OPTIONS, path, None, "").await;
        assert_eq!(asked.headers["access-control-allow-origin"], "*");
    }
}

#[tokio::test]
async fn the_path_of_an_api_stands_behind_the_one_of_the_metadata() {
    let app = App::with(with_apps()).await;
    for (address, path) in [
        ("https://api.example.org/", "/.well-known/oauth-protected-resource"),
        ("https://api.example.org/v1", "/.well-known/oauth-protected-resource/v1"),
        ("https://api.example.org/v1/", "/.well-known/oauth-protected-resource/v1/"),
        ("https://api.example.org:8443/a/b", "/.well-known/oauth-protected-resource/a/b"),
        ("http://localhost:3000/v1", "/.well-known/oauth-protected-resource/v1"),
        ("http://127.0.0.1:3000", "/.well-known/oauth-protected-resource"),
    ] {
        let resource = app.protected_resource(address).unwrap();
        let router = Router::new()
            .route("/", get(async |_: Granted<Read>| ()))
            .route_layer(resource.clone())
            .merge(resource.metadata())
            .with_state(app.auth.clone());
        let host = App::on(&app.database, with_apps()).await.serving(router);
        assert_eq!(host.anonymous().get(path).await.json()["resource"], address);
        let challenge = host.anonymous().get("/").await.headers["www-authenticate"].clone();
        let origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        assert!(challenge.to_str().unwrap().ends_with(&format!("resource_metadata=\"{origin}{path}\"")));
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_an_api_is_refused_at_the_start() {
    let app = App::with(with_apps()).await;
    for (address, why) in [
        ("", "expected an address"),
        ("api", "expected an address"),
        ("/v1", "expected an address"),
        ("ftp://api.example.org", "expected an address"),
        ("https://api.example.org/#a", "expected an address"),
        ("https://api.example.org/?a", "without a query"),
        ("https://ann:hunter2@api.example.org", "expected an address"),
        ("https://api.example.org/:id", "expected an address"),
        ("https://api.example.org/a/*b", "expected an address"),
        ("http://api.example.org", "expected https"),
        ("http://localhost.example.org", "expected https"),
        ("https://API.example.org", "browsers write it as \"https://api.example.org/\""),
        ("https://api.example.org:443", "browsers write it as"),
        ("https://api.example.org/a/../b", "browsers write it as"),
        ("https://api.example.org/{id}", "browsers write it as"),
    ] {
        let error = app.protected_resource(address).unwrap_err().to_string();
        assert!(error.contains(why), "{address}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let error = app.protected_resource(API).unwrap().scope::<Misspelt>().unwrap_err().to_string();
    assert_eq!(error, "the scope \"raed\" is not in the setting scopes");
}
