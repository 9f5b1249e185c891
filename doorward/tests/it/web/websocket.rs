//! WebSocket handshakes: only our own pages and those of listed origins open one with a user's cookie.
//!
//! The server alone can refuse: a browser asks for no permission before a handshake (RFC 6455, section 10.2).

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
    routing::any,
};
use doorward::{Auth, Config, CurrentUser};

use crate::app::{ANN, Actor, App, config};

const OWN: &str = "https://example.org";
const LISTED: &str = "https://app.example.org";
const EVIL: &str = "https://evil.example";

/// An application with a route for any method, and Ann's browser without any headers.
async fn app() -> App {
    let cors_origins = vec![LISTED.into(), "tauri://localhost".into()];
    let app = App::with(Config { public_url: OWN.into(), cors_origins, ..config() }).await;
    app.register(ANN).await;
    let routes: Router<Auth> = Router::new()
        .route("/needed", any(|CurrentUser(user): CurrentUser| async move { user.email }))
        .route(
            "/optional",
            any(|user: Option<CurrentUser>| async move {
                user.map_or("nobody".to_owned(), |CurrentUser(user)| user.email)
            }),
        );
    let router = routes.with_state(app.auth.clone()).nest("/auth", app.auth.router());
    app.serving(router)
}

async fn cookie_of_ann(app: &App) -> Actor<'_> {
    let cookies = app.browser_of(ANN).await.cookies;
    let mut browser = app.anonymous();
    browser.cookies = cookies;
    browser
}

/// A handshake as RFC 6455, section 4.1 describes it.
fn handshake<'a>(client: Actor<'a>) -> Actor<'a> {
    client
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

async fn assert_all(client: &Actor<'_>, allowed: bool, what: &str) {
    for path in ["/needed", "/optional", "/auth/me"] {
        let answer = client.clone().get(path).await;
        if allowed {
            assert!(
                answer.status.is_success() && answer.text.contains(ANN),
                "{path} {what}: {}",
                answer.text
            );
        } else {
            let refused = (answer.status, &*answer.code());
            assert_eq!(refused, (StatusCode::FORBIDDEN, "cross_site"), "{path} {what}");
        }
    }
}

#[tokio::test]
async fn a_handshake_with_a_cookie_is_judged_like_a_change() {
    let app = app().await;
    let ann = handshake(cookie_of_ann(&app).await);
    for (site, origin, allowed) in [
        (None, Some(OWN), true),
        (None, Some(LISTED), true),
        (None, Some("tauri://localhost"), true),
        (Some("same-origin"), Some(OWN), true),
        (Some("same-site"), Some(LISTED), true),
        (None, None, false),
        (None, Some(EVIL), false),
        (None, Some("null"), false),
        (None, Some("http://example.org"), false),
        (None, Some("https://example.org:8443"), false),
        (None, Some("https://evil.example.org"), false),
        (None, Some("tauri://evil"), false),
        // Browsers send the origin of the page, and never the address of the socket.
        (None, Some("wss://example.org"), false),
        (Some("cross-site"), Some(EVIL), false),
        (Some("same-site"), Some(EVIL), false),
        (Some("cross-site"), None, false),
    ] {
        let mut page = ann.clone();
        for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
            if let Some(value) = value {
                page = page.header(name, value);
            }
        }
        assert_all(&page, allowed, &format!("{site:?} {origin:?}")).await;
    }
}

#[tokio::test]
async fn no_spelling_of_the_headers_hides_a_handshake() {
    let app = app().await;
    let ann = cookie_of_ann(&app).await.header("origin", EVIL);
    for (connection, upgrade) in [
        ("Upgrade", "websocket"),
        ("upgrade", "WebSocket"),
        ("UPGRADE", "WEBSOCKET"),
        ("keep-alive, Upgrade", "websocket"),
        ("keep-alive,upgrade", "foo, websocket"),
        ("keep-alive", "websocket"),
        ("Upgrade", "websocket/13"),
        ("Upgrade", " websocket "),
        ("Upgrade", "h2c, websocket"),
        ("Upgrade", "h2c"),
        ("Upgrade", "TLS/1.3"),
        ("Upgrade", "connect-udp"),
        ("Upgrade", ""),
    ] {
        let page = ann.clone().header("connection", connection).header("upgrade", upgrade);
        assert_all(&page, false, &format!("{connection:?} {upgrade:?}")).await;
    }
    let on_two_lines = ann.header("upgrade", "h2c").another_header("upgrade", "websocket");
    let on_two_lines = on_two_lines.without(["origin"].into_iter());
    assert_all(&on_two_lines, false, "two lines").await;
}

#[tokio::test]
async fn a_handshake_over_http_2_is_judged_too() {
    // RFC 8441, section 4: the method is `CONNECT`, and there is no `Upgrade`.
    let app = app().await;
    let cookies = cookie_of_ann(&app).await.cookies;
    let cookie: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    for (origin, status) in [
        (Some(OWN), StatusCode::OK),
        (Some(LISTED), StatusCode::OK),
        (Some(EVIL), StatusCode::FORBIDDEN),
        (None, StatusCode::FORBIDDEN),
    ] {
        for path in ["/needed", "/optional"] {
            let mut request = Request::builder()
                .method(Method::CONNECT)
                .uri(format!("{OWN}{path}"))
                .header(header::COOKIE, cookie.join("; "))
                .header("sec-websocket-version", "13");
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            let answer = app.anonymous().raw(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, status, "{path} {origin:?}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_handshake_without_a_cookie_is_no_matter_of_origins() {
    let app = app().await;
    let token = app.token(ANN).await;
    for origin in [OWN, LISTED, EVIL, "null"] {
        // No browser sends a bearer token on its own.
        assert_all(&handshake(app.bearer(&token)).header("origin", origin), true, origin).await;
        let mut stranger = handshake(app.anonymous()).header("origin", origin);
        assert_eq!(stranger.get("/optional").await.text, "nobody", "{origin}");
        assert_eq!(stranger.get("/needed").await.code(), "not_authenticated", "{origin}");
    }
    assert_all(&handshake(app.bearer(&token)), true, "a program").await;
}

#[tokio::test]
async fn a_program_may_ask_for_http_2_with_each_request() {
    // Java's client sends this with each request over plain http (RFC 7540, section 3.2). A page cannot.
    let app = app().await;
    let program = cookie_of_ann(&app).await.header("connection", "Upgrade, HTTP2-Settings");
    for upgrade in ["h2c", "H2C"] {
        assert_all(&program.clone().header("upgrade", upgrade), true, upgrade).await;
        let answer = program.clone().header("upgrade", upgrade).change_email("new@example.org").await;
        assert_eq!(answer.code(), "cross_site", "a change stays a change");
    }
}
