//! Requests to the app of an example.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use doorward::test_util::TestProgram;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(super) async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Posts JSON, as a program that is logged in or as a stranger.
pub(super) async fn post(
    app: &Router,
    path: &str,
    program: Option<&TestProgram>,
    body: Value,
) -> (StatusCode, Value) {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(program) = program {
        request = request.header(header::AUTHORIZATION, program.bearer());
    }
    send(app, request.body(body.to_string().into()).unwrap()).await
}
