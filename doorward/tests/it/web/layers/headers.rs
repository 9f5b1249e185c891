//! What goes with every answer, and what no answer holds.

use axum::http::{HeaderMap, Method, StatusCode};
use doorward::Config;
use serde_json::{Value, json};

use crate::app::{ANN, Answer, App, PASSWORD, config};

/// Whether this is for people: pages have tests of their own.
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
                // Logging out comes last, or Ann would be out.
                let who = if path.ends_with("/logout") { &mut anyone } else { &mut ann };
                let answer = who.send(method.clone(), &path, content_type, body.clone()).await;
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
async fn over_https_every_answer_asks_for_it_to_stay_so() {
    let app = App::with(Config { public_url: "https://example.org".into(), ..config() }).await;
    for (request, answer) in answers(&app).await {
        assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000", "{request}");
    }
}

#[tokio::test]
async fn every_error_is_a_problem_that_shows_nothing_of_the_inside() {
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

fn allowed(headers: &HeaderMap) -> Vec<String> {
    let mut methods: Vec<_> =
        headers["allow"].to_str().unwrap().split(',').map(|method| method.trim().to_owned()).collect();
    methods.sort_unstable();
    methods
}

#[tokio::test]
async fn a_method_that_a_route_has_not_is_answered_with_those_it_has() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for (path, has) in [
        ("/auth/me", &["DELETE", "GET", "HEAD", "PATCH"][..]),
        ("/auth/token", &["POST"]),
        ("/auth/login", &["GET", "HEAD", "POST"]),
        ("/auth/sessions", &["DELETE", "GET", "HEAD"]),
        ("/auth/sessions/1", &["DELETE"]),
        ("/auth/healthz", &["GET", "HEAD"]),
        ("/auth/openapi.json", &["GET", "HEAD"]),
    ] {
        for method in ["PUT", "TRACE", "CONNECT", "PROPFIND", "QUERY", "get"] {
            let method: Method = method.parse().unwrap();
            let answer = ann.send(method.clone(), path, None, "").await;
            assert_eq!(
                (answer.status, &*answer.code()),
                (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
                "{method} {path}"
            );
            assert_eq!(allowed(&answer.headers), has, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_other_spellings_of_known_ones_are_not_found() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for path in [
        "/auth/nothing",
        "/auth//token",
        "/auth/token/",
        "/auth/TOKEN",
        "/auth/token;x",
        "/auth/me/",
        "/auth/.",
        "/auth/../me",
        "/auth/metrics",
        "/auth/admin",
        "/auth/%2e%2e/me",
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = ann.send(method, path, None, "").await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_documentation_is_shown_on_this_machine_and_elsewhere_if_asked_for() {
    for (public_url, docs, status) in [
        ("http://127.0.0.1:8000", None, StatusCode::OK),
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
async fn the_server_says_that_it_lives_and_whether_it_is_ready() {
    let app = App::new().await;
    for path in ["/auth/healthz", "/auth/readyz"] {
        let answer = app.anonymous().get(path).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"status": "ok"})));
    }
    app.start_draining();
    assert_eq!(app.anonymous().get("/auth/healthz").await.status, StatusCode::OK);
    let answer = app.anonymous().get("/auth/readyz").await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(answer.headers["retry-after"], "1");
}
