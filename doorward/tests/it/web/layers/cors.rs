//! CORS: the origins whose pages may send requests and read the answers.

use axum::http::{Method, StatusCode};
use doorward::Config;
use serde_json::json;

use crate::app::{ANN, Actor, Answer, App, PASSWORD, WRONG, config, refusal};

const LISTED: &str = "https://app.example.org";

async fn app() -> App {
    let cors_origins = vec![LISTED.into(), "https://example.com:8443".into()];
    App::with(Config { public_url: "https://example.org".into(), cors_origins, ..config() }).await
}

/// Sends the preflight of a browser for a page of `origin`.
async fn preflight(app: &App, origin: &str, method: &str, headers: &str) -> Answer {
    let mut browser = app
        .anonymous()
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers);
    browser.send(Method::OPTIONS, "/auth/me", None, "").await
}

fn allowed_origin(answer: &Answer) -> Option<&str> {
    answer.headers.get("access-control-allow-origin").map(|origin| origin.to_str().unwrap())
}

#[tokio::test]
async fn a_page_of_a_listed_origin_reads_answers_with_its_cookies() {
    let app = app().await;
    app.register(ANN).await;
    let mut page = app.anonymous().header("origin", LISTED).header("sec-fetch-site", "same-site");
    let login = json!({"email": ANN, "password": PASSWORD});
    assert_eq!(page.post("/auth/login", login).await.status, StatusCode::OK);
    let answer = page.get("/auth/me").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(allowed_origin(&answer), Some(LISTED));
    assert_eq!(answer.headers["access-control-allow-credentials"], "true");
}

#[tokio::test]
async fn a_listed_origin_reads_errors_too() {
    let app = app().await;
    let mut page = app.anonymous().header("origin", LISTED);
    for answer in [
        page.get("/auth/me").await,
        page.log_in(ANN, WRONG).await,
        page.post("/auth/register", json!({})).await,
        page.get("/auth/nothing").await,
        page.post("/auth/me", json!({})).await,
        page.send(Method::POST, "/auth/register", Some("application/json"), "x".repeat(70_000)).await,
    ] {
        assert!(answer.status.is_client_error());
        assert_eq!(allowed_origin(&answer), Some(LISTED), "{}", answer.text);
    }
}

#[tokio::test]
async fn no_other_origin_is_allowed() {
    let app = app().await;
    for origin in [
        "https://evil-app.example.org",
        "https://app.example.org.evil.example",
        "https://app.example.org:444",
        "https://app.example.org:443",
        "http://app.example.org",
        "https://APP.example.org",
        "https://app.example.org.",
        "https://app.example.org/",
        "https://example.com",
        "https://evil.example",
        "https://app.example.org, https://evil.example",
        "https://appxexample.org",
        "null",
        "*",
        "",
        "file://",
    ] {
        let mut page = app.anonymous().header("origin", origin);
        for answer in [
            page.get("/auth/me").await,
            page.get("/auth/nothing").await,
            preflight(&app, origin, "PATCH", "content-type").await,
        ] {
            assert_eq!(allowed_origin(&answer), None, "{origin}");
        }
    }
}

#[tokio::test]
async fn answers_vary_by_origin_and_credentials() {
    let app = app().await;
    let varies = |answer: &Answer| {
        let lines = answer.headers.get_all("vary").iter().map(|line| line.to_str().unwrap().to_lowercase());
        lines.collect::<Vec<_>>().join(", ")
    };
    for mut actor in [
        app.anonymous(),
        app.anonymous().header("origin", LISTED),
        app.anonymous().header("origin", "https://evil.example"),
    ] {
        for path in ["/auth/me", "/auth/healthz", "/auth/nothing"] {
            let vary = varies(&actor.get(path).await);
            for name in ["origin", "authorization", "cookie"] {
                assert!(vary.split(", ").any(|varied| varied == name), "{path}: {vary}");
            }
        }
    }
}

#[tokio::test]
async fn a_preflight_lists_our_methods_and_repeats_nothing() {
    let app = app().await;
    let answer = preflight(&app, LISTED, "PATCH", "content-type").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(allowed_origin(&answer), Some(LISTED));
    assert_eq!(answer.headers["access-control-allow-methods"], "GET,POST,PATCH,DELETE");
    assert_eq!(
        answer.headers["access-control-allow-headers"],
        "authorization,content-type,doorward-device,traceparent,tracestate,baggage,sentry-trace,x-requested-with"
    );
    let other = preflight(&app, LISTED, "PROPFIND", "x-evil").await;
    for name in ["access-control-allow-methods", "access-control-allow-headers"] {
        assert_eq!(other.headers[name], answer.headers[name]);
    }
    let many = preflight(&app, LISTED, "POST", &"x,".repeat(100_000)).await;
    assert_eq!(many.headers, other.headers);
}

#[tokio::test]
async fn without_listed_origins_no_other_page_reads_answers() {
    let app = App::new().await;
    let own = "http://localhost:8000";
    for origin in [own, "http://localhost:3000", "null", "https://evil.example"] {
        let answer = app.anonymous().header("origin", origin).get("/auth/healthz").await;
        assert_eq!(allowed_origin(&answer), None, "{origin}");
        assert_eq!(allowed_origin(&preflight(&app, origin, "POST", "content-type").await), None);
    }
}

#[tokio::test]
async fn wildcards_and_malformed_origins_are_refused_at_the_start() {
    for origin in [
        "*",
        "https://*",
        "https://*.example.org",
        "null",
        "",
        "app.example.org",
        "https://app.example.org/",
        "https://App.example.org",
    ] {
        let config = Config { cors_origins: vec![LISTED.into(), origin.into()], ..config() };
        let refused = refusal(config).await;
        assert!(
            refused.starts_with("bad configuration: cors_origins") && !refused.contains('\n'),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_listed_origin_may_send_changes_like_our_own_pages() {
    let app = app().await;
    app.register(ANN).await;
    let browser: Actor<'_> = app.browser_of(ANN).await;
    for (origin, status) in
        [("https://example.com:8443", StatusCode::OK), ("https://example.com", StatusCode::FORBIDDEN)]
    {
        let mut page = browser.clone().header("origin", origin).header("sec-fetch-site", "cross-site");
        assert_eq!(page.change_email(ANN).await.status, status);
    }
}

#[tokio::test]
async fn the_headers_of_pages_are_a_setting() {
    for (cors_headers, allowed) in [
        (vec![], "authorization,content-type,doorward-device"),
        (vec!["X-B3-TraceId".into()], "authorization,content-type,doorward-device,x-b3-traceid"),
    ] {
        let cors_origins = vec![LISTED.into()];
        let app = App::with(Config {
            public_url: "https://example.org".into(),
            cors_origins,
            cors_headers,
            ..config()
        })
        .await;
        let answer = preflight(&app, LISTED, "POST", "x-b3-traceid").await;
        assert_eq!(answer.headers["access-control-allow-headers"], allowed);
    }
    for bad in ["*", "x custom", ""] {
        let refused = refusal(Config { cors_headers: vec![bad.into()], ..config() }).await;
        assert!(refused.starts_with("bad configuration: cors_headers"), "{refused}");
    }
}

#[tokio::test]
async fn a_page_reads_the_number_of_its_request_and_when_to_try_again() {
    let app = app().await;
    let answer = app.anonymous().header("origin", LISTED).get("/auth/me").await;
    let exposed = answer.headers["access-control-expose-headers"].to_str().unwrap();
    for name in ["retry-after", "www-authenticate", "x-request-id"] {
        assert!(exposed.split(',').any(|listed| listed == name), "{exposed}");
    }
}

#[tokio::test]
async fn an_app_with_a_scheme_of_its_own_logs_in() {
    // RFC 6454, section 6.2: an origin has any scheme.
    const APP: &str = "tauri://localhost";
    let cors_origins = vec![APP.into(), "capacitor://localhost".into()];
    let app = App::with(Config { public_url: "https://example.org".into(), cors_origins, ..config() }).await;
    app.register(ANN).await;
    for (origin, status) in [
        (APP, StatusCode::OK),
        ("capacitor://localhost", StatusCode::OK),
        ("ionic://localhost", StatusCode::FORBIDDEN),
        ("tauri://localhost:1", StatusCode::FORBIDDEN),
        ("TAURI://localhost", StatusCode::FORBIDDEN),
        ("http://localhost", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
        ("file://", StatusCode::FORBIDDEN),
    ] {
        let page = app.anonymous().header("origin", origin).header("sec-fetch-site", "cross-site");
        let allowed = (status == StatusCode::OK).then_some(origin);
        for answer in
            [page.clone().log_in(ANN, PASSWORD).await, page.clone().request_token(ANN, PASSWORD).await]
        {
            assert_eq!(answer.status, status, "{origin}: {}", answer.text);
            assert_eq!(allowed_origin(&answer), allowed, "{origin}");
        }
        assert_eq!(
            allowed_origin(&preflight(&app, origin, "POST", "content-type").await),
            allowed,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn the_error_for_other_origins_names_the_setting() {
    // A host may answer the preflight with a CORS layer of its own. The change is refused all the same.
    let app = app().await;
    app.register(ANN).await;
    let browser = app.browser_of(ANN).await;
    let mut page = browser.header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    let answer = page.post("/protected-route", json!({})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"));
    assert!(answer.json()["detail"].as_str().unwrap().contains("cors_origins"), "{}", answer.text);
}
