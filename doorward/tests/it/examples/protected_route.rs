//! A route that only users who are logged in reach.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::Value;

use super::requests::send;
use crate::app::for_tests;

#[path = "../../../examples/protected_route.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

#[tokio::test]
async fn the_example_answers_users_who_are_logged_in() {
    let accounts = for_tests().await;
    let app = example::app(&accounts);
    let ann = accounts.new_user("ann@example.org").await;
    let session = accounts.log_in_as(&ann).await;
    let request = Request::get("/protected-route").header(header::AUTHORIZATION, session.bearer());
    let (status, user) = send(&app, request.body(Body::empty()).unwrap()).await;
    assert_eq!((status, user), (StatusCode::OK, serde_json::to_value(&ann).unwrap()));
    let (status, problem) = send(&app, Request::get("/protected-route").body(Body::empty()).unwrap()).await;
    assert_eq!((status, &problem["detail"]), (StatusCode::UNAUTHORIZED, &Value::from("Not authenticated")));
}
