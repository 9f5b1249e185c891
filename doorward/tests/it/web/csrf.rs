//! Requests from the pages of other sites (CSRF), with and without a session.

use axum::http::{Method, StatusCode, header};
use doorward::Config;
use serde_json::json;

use crate::{
    app::{ANN, Actor, App, NEW_PASSWORD, PASSWORD, config},
    visitor::visitor_of,
};

async fn https() -> App {
    let config = Config {
        public_url: "https://example.org/auth".into(),
        cors_origins: vec!["https://app.example.org".into()],
        ..config()
    };
    let app = App::with(config).await;
    app.register(ANN).await;
    app
}

/// A client that sends Ann's cookie and no other header.
async fn cookie_of_ann(app: &App) -> Actor<'_> {
    let cookies = app.browser_of(ANN).await.cookies;
    let mut browser = app.anonymous();
    browser.cookies = cookies;
    browser
}

/// Sends changes by three methods, to our own routes and to one of the host.
async fn assert_changes_are_allowed(mut browser: Actor<'_>, allowed: bool, headers: &str) {
    for (method, path, content_type, body) in [
        (Method::PATCH, "/auth/me", "application/json", json!({"email": ANN, "current_password": PASSWORD})),
        (Method::DELETE, "/auth/sessions", "", json!({})),
        (Method::POST, "/protected-route", "application/x-www-form-urlencoded", json!({})),
    ] {
        let answer = browser.send(method, path, Some(content_type), body.to_string()).await;
        assert_eq!(answer.status.is_success(), allowed, "{path} {headers}: {}", answer.text);
        if !allowed {
            let refused = (answer.status, &*answer.code());
            assert_eq!(refused, (StatusCode::FORBIDDEN, "cross_site"), "{path} {headers}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn the_headers_of_the_browser_decide() {
    let app = https().await;
    let ann = cookie_of_ann(&app).await;
    let sites = [
        None,
        Some("same-origin"),
        Some("none"),
        Some("same-site"),
        Some("cross-site"),
        Some("Same-Origin"),
        Some(""),
    ];
    let origins = [
        (None, false),
        (Some("https://example.org"), true),
        (Some("https://app.example.org"), true),
        (Some("http://example.org"), false),
        (Some("https://example.org:8443"), false),
        (Some("https://example.org."), false),
        (Some("https://EXAMPLE.org"), false),
        (Some("http://app.example.org"), false),
        (Some("https://app.example.org.evil.example"), false),
        (Some("https://evil.example"), false),
        (Some("https://example.org, https://evil.example"), false),
        (Some("null"), false),
        (Some(""), false),
    ];
    let referers =
        [None, Some("https://example.org/"), Some("http://example.org/"), Some("https://evil.example/")];
    for site in sites {
        for (origin, trusted) in origins {
            // A browser that sends `cross-site` never sends our own origin.
            if matches!(site, Some("same-site" | "cross-site")) && origin == Some("https://example.org") {
                continue;
            }
            let allowed = matches!(site, Some("same-origin" | "none")) || trusted;
            for referer in referers {
                let mut browser = ann.clone();
                for (name, value) in [("sec-fetch-site", site), ("origin", origin), ("referer", referer)] {
                    if let Some(value) = value {
                        browser = browser.header(name, value);
                    }
                }
                assert_changes_are_allowed(browser, allowed, &format!("{site:?} {origin:?} {referer:?}"))
                    .await;
            }
        }
    }
}

#[tokio::test]
async fn repeated_headers_are_refused() {
    let app = https().await;
    let ann = cookie_of_ann(&app).await;
    for (name, first, second) in [
        ("sec-fetch-site", "same-origin", "cross-site"),
        ("sec-fetch-site", "cross-site", "same-origin"),
        ("origin", "https://example.org", "https://evil.example"),
        ("origin", "https://evil.example", "https://example.org"),
    ] {
        let mut browser = ann.clone().another_header(name, first).another_header(name, second);
        let answer = browser.change_email("other@example.org").await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"), "{name}");
    }
}

#[tokio::test]
async fn another_site_cannot_log_in_or_out_or_register() {
    let app = https().await;
    let ann = cookie_of_ann(&app).await;
    let token = app.token(ANN).await;
    let login = json!({"email": ANN, "password": PASSWORD}).to_string();
    let form = format!("username={ANN}&password=correct+horse+battery");
    let requests = [
        ("/auth/login", "application/json", &*login),
        ("/auth/login", "text/plain", &login),
        (
            "/auth/register",
            "application/json",
            "{\"email\": \"new@example.org\", \"password\": \"correct horse\"}",
        ),
        ("/auth/token", "application/x-www-form-urlencoded", &form),
        ("/auth/logout", "application/x-www-form-urlencoded", ""),
        ("/auth/revoke", "application/x-www-form-urlencoded", "token=x"),
    ];
    for (path, content_type, body) in requests {
        for mut evil in [
            app.anonymous().header("sec-fetch-site", "cross-site").header("origin", "https://evil.example"),
            app.anonymous()
                .header("sec-fetch-site", "same-site")
                .header("origin", "https://evil.example.org"),
            app.anonymous().header("sec-fetch-site", "cross-site"),
            app.anonymous().header("origin", "https://evil.example"),
            app.anonymous().header("origin", "null"),
            // The cookie counts, whatever else comes with it.
            ann.clone().header("origin", "https://evil.example").header("authorization", "Bearer x"),
            ann.clone().header("origin", "null"),
            ann.clone(),
        ] {
            let answer = evil.send(Method::POST, path, Some(content_type), body.to_owned()).await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"), "{path}");
            assert!(!answer.headers.contains_key("set-cookie"));
        }
        // The log-out uses the token. The others do not.
        let bearers = [
            app.bearer(&token).header("origin", "https://evil.example"),
            app.bearer("x").header("sec-fetch-site", "cross-site"),
        ];
        for mut evil in bearers.into_iter().filter(|_| path != "/auth/logout") {
            let answer = evil.send(Method::POST, path, Some(content_type), body.to_owned()).await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"), "{path}");
        }
    }
    assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::OK);
    assert!(app.find_user("new@example.org").await.unwrap().is_none());
}

#[tokio::test]
async fn programs_need_no_headers_of_a_browser() {
    let app = https().await;
    let token = app.token(ANN).await;
    assert_eq!(app.anonymous().log_in(ANN, PASSWORD).await.status, 200);
    for mut program in [app.bearer(&token), app.bearer(&token).header("origin", "https://evil.example")] {
        assert_eq!(program.change_email(ANN).await.status, StatusCode::OK);
        assert_eq!(program.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
    }
    // A token that is not valid is refused for that, and opens nothing.
    let mut stale = app.bearer(&format!("dw_s_{}", "A".repeat(49))).header("origin", "https://evil.example");
    assert_eq!(stale.change_email(ANN).await.code(), "invalid_session");
    assert_eq!(
        app.bearer(&token).header("origin", "https://evil.example").log_out().await.status,
        StatusCode::NO_CONTENT
    );
    // A request with a cookie counts as a browser.
    let mut ann = cookie_of_ann(&app).await.header("x-requested-with", "XMLHttpRequest");
    let answer = ann.change_email(ANN).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"));
}

#[tokio::test]
async fn a_listed_origin_matches_by_scheme_and_port() {
    let app = https().await;
    let ann = cookie_of_ann(&app).await;
    for (origin, status) in [
        ("https://app.example.org", StatusCode::OK),
        ("http://app.example.org", StatusCode::FORBIDDEN),
        ("https://app.example.org:444", StatusCode::FORBIDDEN),
        ("https://app.example.org/", StatusCode::FORBIDDEN),
        ("https://x.app.example.org", StatusCode::FORBIDDEN),
    ] {
        let mut page = ann.clone().header("origin", origin).header("sec-fetch-site", "same-site");
        assert_eq!(page.change_email(ANN).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn on_this_machine_only_its_own_names_are_trusted() {
    let app = App::new().await;
    app.register(ANN).await;
    let ann = cookie_of_ann(&app).await;
    for (host, origin, allowed) in [
        ("localhost:8000", "http://localhost:8000", true),
        ("127.0.0.1:4000", "http://127.0.0.1:4000", true),
        ("[::1]:4000", "http://[::1]:4000", true),
        ("localhost", "http://localhost", true),
        ("localhost:8000", "http://localhost:3000", false),
        ("localhost:8000", "https://localhost:8000", false),
        ("localhost:8000", "http://127.0.0.1:3000", false),
        ("localhost:8000", "null", false),
        // An attacker can let these names point to this machine.
        ("evil.example:8000", "http://evil.example:8000", false),
        ("localhost.evil.example", "http://localhost.evil.example", false),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example", false),
        ("", "http://", false),
    ] {
        let mut page = ann.clone().header("host", host).header("origin", origin);
        let answer = page.change_email(ANN).await;
        assert_eq!(answer.status.is_success(), allowed, "{host} {origin}");
        // The same holds without a cookie.
        let mut page = app.anonymous().header("host", host).header("origin", origin);
        let answer = page.log_in(ANN, PASSWORD).await;
        assert_eq!(answer.status.is_success(), allowed, "{host} {origin}");
    }
}

#[tokio::test]
async fn safe_methods_change_nothing() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = app.browser_of(ANN).await;
    let before = app.contents().await;
    assert!(before.contains(ANN));
    let document: serde_json::Value = serde_json::from_str(&app.openapi()).unwrap();
    let paths: Vec<_> =
        document["paths"].as_object().unwrap().keys().map(|path| path.replace("{id}", "1")).collect();
    for path in paths.iter().map(String::as_str).chain(["/docs", "/openapi.json", "/nothing"]) {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            for query in ["", "?_method=DELETE", "?_method=POST&token=x"] {
                let overriding =
                    ann.clone().header("x-http-method-override", "DELETE").header("x-http-method", "DELETE");
                for mut actor in [ann.clone(), overriding] {
                    let answer = actor.send(method.clone(), &format!("/auth{path}{query}"), None, "").await;
                    assert!(!answer.status.is_server_error());
                    assert!(!answer.headers.contains_key("set-cookie"));
                }
            }
        }
    }
    assert_eq!(app.contents().await, before);
    // A field in a form does not change the method either.
    let answer = ann.form("/auth/sessions", &[("_method", "DELETE")]).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_body_needs_a_content_type_that_other_sites_cannot_send() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let body = json!({"email": "new@example.org", "password": PASSWORD}).to_string();
    let content_types = [
        None,
        Some("text/plain"),
        Some("text/plain; application/json"),
        Some("multipart/form-data; boundary=x"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
        Some("application/json2"),
        Some("application/json; charset=x"),
        Some("application/json; charset=utf-16"),
        Some("application/json; charset=utf-7"),
        Some("application/json; charset=iso-8859-1"),
        Some("application/json; charset=utf8; charset=latin1"),
        Some("application/json, text/plain"),
        Some("application/problem+json"),
        Some("json"),
        Some(""),
    ];
    for content_type in content_types {
        for (method, path) in
            [(Method::POST, "/auth/register"), (Method::POST, "/auth/login"), (Method::PATCH, "/auth/me")]
        {
            let answer = ann.send(method, path, content_type, body.clone()).await;
            if content_type == Some("application/x-www-form-urlencoded") && path != "/auth/me" {
                // A form goes to the page on the same path. It does not have the fields of the page.
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
                assert!(answer.text.starts_with("<!doctype html>"), "{path}");
                continue;
            }
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {content_type:?}");
            assert_eq!(answer.code(), "unsupported_media_type");
        }
    }
    let change = json!({"email": ANN, "current_password": PASSWORD}).to_string();
    for content_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        "application/json;charset=\"utf-8\"",
        // As clients send it. It means nothing in JSON (RFC 8259, section 11).
        "application/json; charset=utf8",
        "application/json; charset=UTF8",
        "application/json; charset=\"utf8\"",
        "application/json; charset='utf-8'",
        "application/json; charset=utf_8; charset=utf-8",
        "application/json; Charset = utf8",
        "application/json; charset=",
        "application/json; charset",
        "application/json;",
        "application/json; charset=us-ascii",
    ] {
        let answer = ann.send(Method::PATCH, "/auth/me", Some(content_type), change.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{content_type}");
    }
    for charset in ["utf8", "UTF-8", "\"utf8\""] {
        let content_type = format!("application/x-www-form-urlencoded; charset={charset}");
        let form = format!("username={ANN}&password={PASSWORD}");
        let answer = app.anonymous().send(Method::POST, "/auth/token", Some(&content_type), form).await;
        assert_eq!(answer.status, StatusCode::OK, "{charset}");
    }
    for encoding in ["gzip", "br", "deflate", "gzip, identity", "x"] {
        let mut sender = app.anonymous().header("content-encoding", encoding);
        let answer = sender.register("new@example.org", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{encoding}");
    }
    for (path, content_type) in [
        ("/auth/token", "application/json"),
        ("/auth/token", "text/plain"),
        ("/auth/revoke", "multipart/form-data; boundary=x"),
    ] {
        let answer = ann.send(Method::POST, path, Some(content_type), body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {content_type}");
    }
    assert!(app.find_user("new@example.org").await.unwrap().is_none());
}

#[tokio::test]
async fn another_sites_forms_are_refused_with_a_page_and_change_nothing() {
    let app = App::new().await;
    app.register(ANN).await;
    let ann = visitor_of(&app, ANN).await;
    for (path, fields) in [
        ("/auth/login", vec![("email", ANN), ("password", PASSWORD)]),
        ("/auth/register", vec![("email", "eve@example.org"), ("password", PASSWORD)]),
        ("/auth/logout", vec![]),
        ("/auth/account/sessions", vec![]),
        ("/auth/account/sessions/1", vec![]),
        ("/auth/account/email", vec![("email", "eve@example.org"), ("password", PASSWORD)]),
        ("/auth/account/email-undo", vec![("password", PASSWORD)]),
        ("/auth/account/password", vec![("password", PASSWORD), ("new_password", NEW_PASSWORD)]),
        ("/auth/account/data", vec![("password", PASSWORD)]),
        ("/auth/account/delete", vec![("password", PASSWORD)]),
    ] {
        for site in ["cross-site", "same-site"] {
            let mut evil = ann.clone().header("sec-fetch-site", site);
            let answer = evil.form(path, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.text.contains("That came from another site"), "{path}: {}", answer.text);
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
        }
    }
    assert_eq!(ann.clone().get("/auth/me").await.json()["email"], ANN);
}
