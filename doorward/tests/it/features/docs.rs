//! The page with the documentation.

use axum::http::StatusCode;
use doorward::{Config, provider::ClientConfig};
use serde_json::json;

use super::provider::parties::with_apps;
use crate::app::{App, config};

#[tokio::test]
async fn the_documentation_is_shown_on_this_machine_or_if_configured() {
    for (public_url, docs, status) in [
        ("http://127.0.0.1:8000", None, StatusCode::OK),
        ("http://auth.localhost:8000", None, StatusCode::OK),
        ("http://127.0.0.1:8000", Some(false), StatusCode::NOT_FOUND),
        ("https://example.org", None, StatusCode::NOT_FOUND),
        ("https://example.org", Some(true), StatusCode::OK),
    ] {
        let app = App::with(Config { public_url: public_url.into(), docs, ..config() }).await;
        for path in ["/auth/docs", "/auth/openapi.json", "/auth/docs/swagger-ui.css"] {
            assert_eq!(app.anonymous().get(path).await.status, status, "{public_url} {path}");
        }
    }
}

#[tokio::test]
async fn the_document_has_the_code_flow_where_there_is_a_provider() {
    let app = App::with(with_apps()).await;
    let document = app.anonymous().get("/auth/openapi.json").await.json();
    let schemes = &document["components"]["securitySchemes"];
    let own = &schemes["app"]["flows"]["authorizationCode"];
    assert_eq!(own["authorizationUrl"], "/auth/oauth/authorize");
    assert_eq!(own["tokenUrl"], "/auth/oauth/token");
    let metadata = app.anonymous().get("/auth/.well-known/openid-configuration").await.json();
    for scope in metadata["scopes_supported"].as_array().unwrap() {
        let words = own["scopes"][scope.as_str().unwrap()].as_str().unwrap();
        assert!(!words.is_empty(), "{scope}");
    }
    assert_eq!(own["scopes"]["read"], "Read your things");
    assert_eq!(
        schemes["bearer"]["flows"].as_object().unwrap().len(),
        1,
        "a token of an app opens no other route"
    );
    assert_eq!(document["paths"]["/oauth/userinfo"]["get"]["security"], json!([{"app": ["openid"]}]));
    let without = App::new().await.openapi();
    assert!(!without.contains("authorizationCode") && !without.contains("userinfo"));
}

#[tokio::test]
async fn the_page_is_a_client_only_if_the_configuration_says_so() {
    let client = |public: bool, address: &str| ClientConfig {
        id: "the-docs".into(),
        name: "The documentation".into(),
        public,
        secret: (!public).then(|| "a secret of 32 characters or more".into()),
        redirect_uris: vec![address.into()],
        ..ClientConfig::default()
    };
    let own = "http://localhost:8000/auth/docs/oauth2-redirect.html";
    for (client, shown) in [
        (client(true, own), "the-docs"),
        // A page keeps no secret.
        (client(false, own), ""),
        (client(true, "http://localhost:8000/docs/oauth2-redirect.html"), ""),
        (client(true, "https://app.example.org/auth/docs/oauth2-redirect.html"), ""),
    ] {
        let app = App::with(Config { client: vec![client], ..with_apps() }).await;
        let page = app.anonymous().get("/auth/docs").await.text;
        assert!(page.contains(&format!("data-client=\"{shown}\"")), "{page}");
    }
    let app = App::new().await;
    let page = app.anonymous().get("/auth/docs/oauth2-redirect.html").await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let script = page.text.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let script = app.anonymous().get(&format!("/auth/docs/{script}")).await;
    assert_eq!(
        (script.status, script.headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "text/javascript; charset=utf-8")
    );
    // The window that opened it can be reached only by pages of the same origin.
    assert_eq!(page.headers["cross-origin-opener-policy"], "same-origin");
}
