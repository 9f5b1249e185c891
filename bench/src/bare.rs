//! The reference: an axum route that answers the JSON of `GET /me` and checks nothing.

use anyhow::Result;
use axum::{Json, Router, http::header, routing::get};
use serde_json::json;

/// Serves the route on a free port, and prints the address like the server does.
pub(crate) async fn serve() -> Result<()> {
    let app = Router::new().route(
        "/me",
        get(|| async {
            let user = json!({
                "id": 912_345_678_901_248_i64, "email": "user-00001@example.org", "email_verified_at": null,
                "created_at": "2026-11-21T08:30:00Z", "updated_at": "2026-11-21T08:30:00Z",
            });
            ([(header::CACHE_CONTROL, "no-store")], Json(user))
        }),
    );
    let app = app.route("/healthz", get(|| async { "ok" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("bare axum listens on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
