//! Only people with an invitation register.

use axum::http::StatusCode;
use doorward::{Config, test_util::PASSWORD};
use serde_json::{Value, json};

use super::requests::post;
use crate::app::for_tests;

#[path = "../../../examples/invite_only.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

#[tokio::test]
async fn only_people_with_an_invitation_register() {
    let settings = example::config(Config::default());
    let accounts = for_tests().config(settings).without_mail().await;
    let ann = accounts.new_user("ann@example.org").await;
    let app = example::app(&accounts);
    let register = async |email: &str, code: Value| {
        let body = json!({"email": email, "password": PASSWORD, "invite_code": code});
        post(&app, "/auth/register", None, body).await
    };
    assert_eq!(post(&app, "/invite", None, json!({})).await.0, StatusCode::UNAUTHORIZED);
    let ann = accounts.log_in_as(&ann).await;
    let (_, invited) = post(&app, "/invite", Some(&ann), json!({"email": "Bob@example.org"})).await;
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
}
