//! Headers that every answer has, and details that no answer shows.

use axum::http::{HeaderMap, Method, StatusCode};
use doorward::Config;
use serde_json::{Value, json};

use crate::app::{ANN, Answer, App, PASSWORD, config};

/// Returns `true` if this is a page. Pages have tests of their own.
fn answer_is_page(headers: &HeaderMap) -> bool {
    headers.get("content-type").is_some_and(|kind| kind == "text/html; charset=utf-8")
        && headers["content-security-policy"].to_str().unwrap().contains("sha256-")
}

/// Answers of every route and of every kind of error.
async fn answers(app: &App) -> Vec<(String, Answer)> {
    let mut ann = app.ann().await;
    let mut anyone = app.anonymous();
    let mut answers = Vec::new();
    let document: Value = serde_json::from_str(&app.openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = format!("/auth{}", path.replace("{id}", "1"));
        for method in
            methods.as_object().unwrap().keys().map(String::as_str).chain(["put", "trace", "options"])
        {
            let method: Method = method.to_uppercase().parse().unwrap();
            for (content_type, body) in [
                (None, String::new()),
                (Some("application/json"), "{\"email\": 1}".to_owned()),
                (Some("application/json"), "{'".to_owned()),
                (Some("application/x-www-form-urlencoded"), "username=a&password=b".to_owned()),
                (Some("application/json"), "x".repeat(65 * 1024)),
                (Some("application/x-www-form-urlencoded"), "x".repeat(65 * 1024)),
            ] {
                // Ann does not log out here: she needs her session.
                let client = if path.ends_with("/logout") { &mut anyone } else { &mut ann };
                let answer = client.send(method.clone(), &path, content_type, body.clone()).await;
                answers.push((format!("{method} {path}"), answer));
                let answer = anyone.send(method.clone(), &path, content_type, body).await;
                answers.push((format!("{method} {path}, nobody"), answer));
            }
        }
    }
    for path in [
        "/auth/nothing",
        "/auth/docs",
        "/auth/docs/",
        "/auth/docs/init.js",
        "/auth/openapi.json",
        "/auth/%ff",
        "/auth/sessions/%ff",
    ] {
        answers.push((path.to_owned(), ann.get(path).await));
        answers.push((format!("DELETE {path}"), ann.delete(path, None).await));
    }
    let evil = app.anonymous().header("origin", "null").post("/auth/login", json!({})).await;
    answers.push(("cross-site".into(), evil));
    answers.push((
        "two credentials".into(),
        ann.clone().header("cookie", "doorward=x; __Host-doorward=x").get("/auth/me").await,
    ));
    let login = json!({"email": ANN, "password": PASSWORD});
    answers.push(("login".into(), app.browser().post("/auth/login", login).await));
    answers.push(("logout".into(), ann.log_out().await));
    answers
}

#[tokio::test]
async fn every_answer_carries_the_safety_headers() {
    let app = App::new().await;
    let answers = answers(&app).await;
    assert!(answers.len() > 200);
    for (request, Answer { headers, status, .. }) in &answers {
        let has = |name: &str, value: &str| assert_eq!(headers[name], value, "{request}: {name}");
        has("x-content-type-options", "nosniff");
        has("x-frame-options", "DENY");
        let is_page = answer_is_page(headers);
        has("referrer-policy", if is_page { "same-origin" } else { "no-referrer" });
        has("cross-origin-opener-policy", "same-origin");
        has("cross-origin-resource-policy", "same-origin");
        assert!(headers.contains_key("permissions-policy"), "{request}");
        assert!(!headers.contains_key("strict-transport-security"), "{request}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        let form_action = if is_page { "form-action 'self'" } else { "form-action 'none'" };
        for rule in ["default-src 'none'", "base-uri 'none'", form_action, "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{request}: {policy}");
        }
        let cached = headers["cache-control"].to_str().unwrap();
        let of_the_docs = request.contains("/docs") && *status == StatusCode::OK;
        assert_eq!(cached == "no-store", !of_the_docs, "{request}: {cached}");
        assert!(!headers.contains_key("server") && !headers.contains_key("x-powered-by"), "{request}");
    }
}

#[tokio::test]
async fn over_https_every_answer_has_hsts() {
    let app = App::with(Config { public_url: "https://example.org".into(), ..config() }).await;
    for (request, answer) in answers(&app).await {
        assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000", "{request}");
    }
}

#[tokio::test]
async fn hsts_is_for_all_hosts_below_ours_if_the_settings_say_so() {
    for (public_url, expected) in
        [("https://example.org", Some("max-age=31536000; includeSubDomains")), ("http://127.0.0.1", None)]
    {
        let config = Config { public_url: public_url.into(), hsts_include_subdomains: true, ..config() };
        let answer = App::with(config).await.anonymous().get("/auth/me").await;
        let sent = answer.headers.get("strict-transport-security");
        assert_eq!(sent.map(|sent| sent.to_str().unwrap()), expected, "{public_url}");
    }
}

#[tokio::test]
async fn every_error_is_a_problem_without_internal_details() {
    let app = App::new().await;
    for (request, answer) in answers(&app).await {
        if !answer.status.is_client_error() && !answer.status.is_server_error() {
            continue;
        }
        if answer_is_page(&answer.headers) {
            continue;
        }
        let oauth = ["/token", "/revoke", "/introspect"].iter().any(|path| request.contains(path));
        let body = answer.json();
        if oauth && body.get("error").is_some() {
            assert_eq!(answer.headers["content-type"], "application/json", "{request}");
            assert!(body["error_description"].is_string() && body["detail"].is_string(), "{request}");
        } else {
            let code = answer.code();
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{request}: {code}");
            assert_eq!(body["type"], "about:blank");
            assert!(!body["title"].as_str().unwrap().is_empty());
        }
        for inside in [
            "rusqlite", "sqlite", "postgres", "SQLSTATE", "panicked", "/home", "/root", ".rs", "rustc",
            "serde", "axum", "SELECT", "0.1.0",
        ] {
            assert!(
                !answer.text.to_lowercase().contains(&inside.to_lowercase()),
                "{request}: {}",
                answer.text
            );
        }
    }
}
