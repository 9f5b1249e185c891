//! Requests to the app of an example.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(super) async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Posts JSON, with a token if there is one.
pub(super) async fn post(app: &Router, path: &str, token: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    send(app, request.body(body.to_string().into()).unwrap()).await
}

/// Logs in, and returns the token.
pub(super) async fn token(app: &Router, email: &str) -> String {
    let body = format!("username={email}&password=correct horse battery");
    let request =
        Request::post("/auth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, token) = send(app, request.body(body.into()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{token}");
    token["access_token"].as_str().unwrap().to_owned()
}
