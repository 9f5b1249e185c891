//! People who ask for a page at 127.0.0.1 or `[::1]` are led to `localhost`.

use axum::http::StatusCode;
use doorward::Config;

use crate::app::{ANN, App, config};

async fn app(public_url: &str) -> App {
    App::with(Config { public_url: public_url.into(), ..config() }).await
}

/// Returns where a page that is asked for at this host leads to, if it leads anywhere.
async fn led(app: &App, host: &str, path: &str) -> Option<String> {
    let answer = app.anonymous().header("host", host).get(path).await;
    match answer.status {
        StatusCode::TEMPORARY_REDIRECT => Some(answer.headers["location"].to_str().unwrap().to_owned()),
        StatusCode::OK => None,
        other => panic!("{host}{path}: {other}"),
    }
}

/// Browsers refuse passkeys at an address: the relying party is a domain (Web Authentication, section 5.1.3).
#[tokio::test]
async fn a_page_that_is_asked_for_at_a_loopback_address_leads_to_localhost() {
    let app = app(&Config::default().public_url).await;
    for host in ["127.0.0.1:8000", "[::1]:8000"] {
        for path in ["/auth/login", "/auth/register?lang=de&next=%2Fa", "/auth/forgot-password"] {
            assert_eq!(led(&app, host, path).await, Some(format!("http://localhost:8000{path}")), "{host}");
        }
    }
    // These are no addresses, or other servers: one behind a tunnel has another port.
    for host in [
        "localhost:8000",
        "auth.localhost:8000",
        "127.0.0.1",
        "127.0.0.1:80001",
        "[::1]:3000",
        "127.0.0.1.evil.example:8000",
    ] {
        assert_eq!(led(&app, host, "/auth/login").await, None, "{host}");
    }
    // Programs may ask at any name.
    for path in ["/auth/healthz", "/auth/docs", "/auth/openapi.json"] {
        assert_eq!(led(&app, "127.0.0.1:8000", path).await, None, "{path}");
    }
    let mut program = app.anonymous().header("host", "127.0.0.1:8000");
    assert_eq!(program.register(ANN, "correct horse battery").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_page_is_led_only_to_localhost_and_never_by_a_request_of_a_proxy() {
    for (public_url, host, location) in [
        ("http://localhost", "127.0.0.1", Some("http://localhost/auth/login")),
        ("http://localhost:80", "127.0.0.1:80", Some("http://localhost/auth/login")),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", None),
        ("http://auth.localhost:8000", "127.0.0.1:8000", None),
        ("https://localhost:8000", "127.0.0.1:8000", None),
        ("https://example.org", "127.0.0.1:8000", None),
    ] {
        let app = app(public_url).await;
        assert_eq!(led(&app, host, "/auth/login").await.as_deref(), location, "{public_url} {host}");
    }
    let app = app("http://localhost:8000").await;
    for header in ["forwarded", "x-forwarded-for", "x-forwarded-host"] {
        let mut proxied = app.anonymous().header("host", "127.0.0.1:8000").header(header, "localhost");
        assert_eq!(proxied.get("/auth/login").await.status, StatusCode::OK, "{header}");
    }
}
