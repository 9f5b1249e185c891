//! A route that only users who are logged in reach.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::Value;

use super::requests::send;
use crate::app::App;

#[path = "../../../examples/protected_route.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

#[tokio::test]
async fn the_example_does_what_it_says() {
    let accounts = App::new().await;
    let app = example::app(&accounts.auth);
    let body = r#"{"email": "ann@example.org", "password": "correct horse battery"}"#;
    let request = Request::post("/auth/register").header(header::CONTENT_TYPE, "application/json");
    let (status, registered) = send(&app, request.body(body.into()).unwrap()).await;
    assert_eq!(status, StatusCode::CREATED);
    let body = "username=ann@example.org&password=correct horse battery";
    let request =
        Request::post("/auth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, token) = send(&app, request.body(body.into()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let token = token["access_token"].as_str().unwrap();
    let request = Request::get("/protected-route").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let (status, user) = send(&app, request.body(Body::empty()).unwrap()).await;
    assert_eq!((status, user), (StatusCode::OK, registered));
    let (status, problem) = send(&app, Request::get("/protected-route").body(Body::empty()).unwrap()).await;
    assert_eq!((status, &problem["detail"]), (StatusCode::UNAUTHORIZED, &Value::from("Not authenticated")));
}
