//! The OpenAPI document describes all routes, and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use axum::http::StatusCode;
use doorward::Config;
use serde_json::Value;

use crate::{
    app::{App, config},
    documented::Documented,
    tidy::rust_files,
};

#[tokio::test]
async fn the_document_is_as_it_was() {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let document = App::new().await.openapi();
    assert_eq!(document.matches(&version).count(), 1);
    insta::assert_snapshot!(document.replace(&version, "\"version\": \"(this)\""));
}

/// The text of every source file.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    rust_files(&root).iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

#[tokio::test]
async fn every_route_that_asks_for_a_recent_proof_says_so() {
    let document = Documented::of(&App::new().await.openapi());
    let operations = document.operations();
    let mut asking = 0;
    for annotation in sources().concat().split("#[utoipa::path(").skip(1) {
        let (method, rest) = annotation.trim_start().split_once(',').unwrap();
        let path = rest.split_once("path = \"").unwrap().1.split_once('"').unwrap().0;
        let handler = annotation.split_once("async fn ").unwrap().1;
        let arguments = handler.split_once("->").unwrap().0;
        let asks =
            ["Sudo", "TwoFactor", "Json<Option<OwnProof>>"].iter().any(|name| arguments.contains(name));
        let operation =
            operations.iter().find(|(verb, route, _)| *verb == method.to_uppercase() && *route == path);
        let told = operation.unwrap().2["responses"]["401"]["description"].as_str().unwrap_or_default();
        // `PATCH /me` asks for the password in its body.
        assert!(told.contains("`step_up_required`") == asks || path == "/me", "{method} {path}");
        asking += usize::from(asks);
    }
    assert!(asking >= 3, "{asking}");
}

#[tokio::test]
async fn every_route_is_documented_and_every_documented_route_exists() {
    let app = App::new().await;
    let document = Documented::of(&app.openapi());
    // The annotation of each handler has its method and path, and `routes!` registers it.
    let sources = sources();
    // A feature lists its pages in a `PagesOf`.
    let api =
        sources.iter().filter(|text| !text.contains("PagesOf = PagesOf {")).cloned().collect::<String>();
    let sources = sources.concat();
    let mut annotated = BTreeSet::new();
    for annotation in sources.split("#[utoipa::path(").skip(1) {
        let (method, rest) = annotation.trim_start().split_once(',').unwrap();
        let path = rest.split_once("path = \"").unwrap().1.split_once('"').unwrap().0;
        let handler = annotation.split_once("async fn ").unwrap().1.split_once('(').unwrap().0;
        annotated.insert((method.to_uppercase(), path.to_owned()));
        let registered = sources.split("routes!(").skip(1).filter_map(|rest| rest.split_once(')'));
        let count = registered.filter(|(names, _)| names.split(", ").any(|name| name == handler)).count();
        assert_eq!(count, 1, "{handler} is registered {count} times");
    }
    let operations = document.operations().into_iter();
    let documented: BTreeSet<_> = operations.map(|(method, path, _)| (method, path.clone())).collect();
    assert_eq!(annotated, documented);
    assert!(documented.len() >= 15);
    // Only the routes of the documentation, of the pages, and of the provider have no entry. The provider has standards
    // and metadata of its own.
    let plain: BTreeSet<_> = api
        .split(".route(")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .collect();
    let of_the_docs = plain.iter().filter(|path| {
        path.starts_with("/docs")
            || path.starts_with("/oauth/")
            || path.starts_with("/.well-known/o")
            || path.starts_with("/account/apps")
            || ["/openapi.json", "/dev/mailbox", "/static/{file}"].contains(path)
    });
    let of_tests =
        ["/hello", "/protected-route", "/panic", "/fine", "/drop-database", "/pay", "/close-books"];
    assert_eq!(
        of_the_docs.count() + plain.iter().filter(|path| of_tests.contains(path)).count(),
        plain.len(),
        "{plain:?}"
    );
    // Each documented route exists.
    for (method, path) in documented {
        let path = format!("/auth{}", path.replace("{id}", "1"));
        let answer = app.anonymous().send(method.parse().unwrap(), &path, None, "").await;
        assert!(
            ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&answer.status),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn the_token_url_is_where_the_routes_are() {
    for (public_url, mounted_at, base) in [
        ("http://127.0.0.1:8000", "", ""),
        ("http://127.0.0.1:8000", "/auth", "/auth"),
        ("http://127.0.0.1:8000", "/a/b", "/a/b"),
        ("http://127.0.0.1:8000/", "/auth", "/auth"),
        ("http://127.0.0.1:8000/accounts", "", "/accounts"),
        ("http://127.0.0.1:8000/accounts/", "/auth", "/accounts"),
    ] {
        let app = App::with(Config { public_url: public_url.into(), ..config() }).await;
        let routes = app.router();
        let router =
            if mounted_at.is_empty() { routes } else { axum::Router::new().nest(mounted_at, routes) };
        let app = app.serving(router);
        let answer = app.anonymous().get(&format!("{mounted_at}/openapi.json")).await;
        assert_eq!(
            (answer.status, &answer.headers["content-type"]),
            (StatusCode::OK, &"application/json".parse().unwrap())
        );
        let document = answer.json();
        assert_eq!(document["openapi"], "3.1.0");
        let flow = &document["components"]["securitySchemes"]["bearer"];
        assert_eq!(flow["type"], "oauth2");
        assert_eq!(
            flow["flows"]["password"]["tokenUrl"],
            format!("{base}/token"),
            "{public_url} {mounted_at}"
        );
        assert_eq!(document["servers"][0]["url"], if base.is_empty() { "/" } else { base });
        let token_route = app.anonymous().form(&format!("{mounted_at}/token"), &[]).await;
        assert_eq!(token_route.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Headers of the client do not change the document.
        let mut liar = app
            .anonymous()
            .header("host", "evil.example")
            .header("x-forwarded-prefix", "/evil")
            .header("x-forwarded-host", "evil.example");
        assert_eq!(liar.get(&format!("{mounted_at}/openapi.json")).await.json(), document);
    }
}

#[tokio::test]
async fn the_document_names_the_cookie_that_is_set() {
    for (public_url, name) in [("http://localhost", "doorward"), ("https://example.org", "__Host-doorward")] {
        let app =
            App::with(Config { public_url: public_url.into(), service_name: "Example".into(), ..config() })
                .await;
        let document: Value = serde_json::from_str(&app.openapi()).unwrap();
        let cookie = &document["components"]["securitySchemes"]["cookie"];
        assert_eq!(
            (&cookie["type"], &cookie["in"], &cookie["name"]),
            (&"apiKey".into(), &"cookie".into(), &name.into())
        );
        assert_eq!(document["info"]["title"], "Example");
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_nothing_secret_is_described() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::String(reference) if name == "$ref" => drop(found.insert(reference.clone())),
                        value => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(&App::new().await.openapi()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in &found {
        let schema = document.pointer(reference.strip_prefix('#').unwrap());
        assert!(schema.is_some(), "{reference} leads nowhere");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert!(found.contains(&format!("#/components/schemas/{name}")), "{name} is of no use");
        for secret in ["hash", "secret_hash", "token_hash", "email_key"] {
            assert!(schema["properties"].get(secret).is_none(), "{name} shows {secret}");
        }
    }
}
