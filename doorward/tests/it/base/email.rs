//! Which text is an address, and which addresses are the same.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{App, PASSWORD};

#[tokio::test]
async fn an_address_that_looks_like_another_is_a_different_one() {
    let app = App::new().await;
    app.register("mike@example.org").await;
    for other in [
        "m\u{131}ke@example.org",
        "m\u{456}ke@example.org",
        "mike@examp\u{4cf}e.org",
        "mi\u{200d}ke@example.org",
        "mike\u{ff20}example.org",
    ] {
        let answer = app.anonymous().request_token(other, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{other}");
        assert!(app.find_user(other).await.unwrap().is_none(), "{other}");
    }
    // Other spellings of the same address are the same address.
    for same in
        ["MIKE@EXAMPLE.ORG", " mike@example.org ", "mike@\u{ff45}xample.org", "mike@example\u{3002}org"]
    {
        let answer = app.anonymous().request_token(same, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{same}");
    }
}

#[tokio::test]
async fn text_that_is_no_single_address_is_refused() {
    let app = App::new().await;
    let long = format!("{}@{}.org", "a".repeat(64), "b.".repeat(95));
    assert!(long.len() > 254);
    for wrong in [
        json!("a@x.org,b@y.org"),
        json!(["a@x.org", "b@y.org"]),
        json!({"email": "a@x.org"}),
        json!("a@x.org\nBcc: b@y.org"),
        json!("a@x.org\r\n"),
        json!("a@x.org\0"),
        json!("\"a\"@x.org"),
        json!("a@x@y.org"),
        json!("<a@x.org>b@y.org"),
        json!("Ann <a@x.org>"),
        json!("a@x.org;b@y.org"),
        json!("a(comment)@x.org"),
        json!("@x.org:a@y.org"),
        json!("a@[127.0.0.1]"),
        json!("a@localhost"),
        json!("mi\u{212a}e@x.org"),
        json!(long),
        json!(true),
    ] {
        let answer =
            app.anonymous().post("/auth/register", json!({"email": wrong, "password": PASSWORD})).await;
        assert_eq!(answer.wrong_fields(), ["email"], "{wrong}");
    }
    let twice = format!(r#"{{"email": "a@x.org", "email": "b@y.org", "password": "{PASSWORD}"}}"#);
    let answer = app
        .anonymous()
        .send("POST".parse().unwrap(), "/auth/register", Some("application/json"), twice)
        .await;
    assert_eq!(answer.wrong_fields(), ["body"]);
    assert_eq!(app.contents().await, "");
}
