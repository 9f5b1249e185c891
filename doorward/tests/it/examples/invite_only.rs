//! Only people with an invitation register.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::requests::{post, token};
use crate::app::{App, config};

#[path = "../../../examples/invite_only.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

#[tokio::test]
async fn only_people_with_an_invitation_register() {
    let accounts = App::with(example::config(config())).await;
    accounts.add("ann@example.org").await;
    let app = example::app(&accounts.auth);
    let register = async |email: &str, code: Value| {
        let body = json!({"email": email, "password": "correct horse battery", "invite_code": code});
        post(&app, "/auth/register", "", body).await
    };
    let ann = token(&app, "ann@example.org").await;
    assert_eq!(post(&app, "/invite", "", json!({})).await.0, StatusCode::UNAUTHORIZED);
    let (_, invited) = post(&app, "/invite", &ann, json!({"email": "Bob@example.org"})).await;
    let code = &invited["invite_code"];
    for (email, code) in [
        ("bob@example.org", Value::Null),
        ("bob@example.org", json!("0000")),
        ("eve@example.org", code.clone()),
        ("eve@example.org", Value::Null),
    ] {
        let (status, refused) = register(email, code).await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("invite_needed")), "{email}");
    }
    assert_eq!(register("bob@example.org", code.clone()).await.0, StatusCode::CREATED);
    token(&app, "bob@example.org").await;
}
