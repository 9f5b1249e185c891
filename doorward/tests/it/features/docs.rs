//! The page with the documentation.

use axum::http::StatusCode;
use doorward::Config;

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
