//! People solve a CAPTCHA before they register, and have an address of one domain.

use std::sync::{Arc, Mutex};

use axum::{Form, Json, Router, http::StatusCode, routing::post};
use doorward::{Config, test_util::TestAuth};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::requests::Example;
use crate::app::{ANN, PASSWORD, for_tests};

#[path = "../../../examples/captcha.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

type Forms = Arc<Mutex<Vec<Vec<(String, String)>>>>;

/// A provider that accepts the token `solved`. Returns its address, and what it is asked.
async fn provider() -> (String, Forms) {
    let asked = Forms::default();
    let forms = Arc::clone(&asked);
    let verify = async move |Form(form): Form<Vec<(String, String)>>| {
        let solved = form.contains(&("response".into(), "solved".into()));
        forms.lock().unwrap().push(form);
        Json(json!({"success": solved, "error-codes": []}))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = Router::new().route("/siteverify", post(verify));
    tokio::spawn(axum::serve(listener, router).into_future());
    (address, asked)
}

async fn accounts() -> TestAuth {
    for_tests().config(example::config(Config::default())).without_mail().await
}

#[tokio::test]
async fn only_people_of_the_domain_who_solve_the_captcha_register() {
    let (address, asked) = provider().await;
    let accounts = accounts().await;
    let provider = example::Provider { address, secret: "a secret".into() };
    let app = Example::new(&accounts, example::app(&accounts, provider));
    let register = async |email: &str, token: Value| {
        let mut body = json!({"email": email, "password": PASSWORD});
        if !token.is_null() {
            body["captcha_token"] = token;
        }
        let answer = app.client().post("/auth/register", body).await;
        let code = (answer.status == StatusCode::FORBIDDEN).then(|| answer.code());
        (answer.status, code.unwrap_or_default())
    };
    for email in ["ann@example.com", "ann@example.org.evil.example", "ann@sub.example.org"] {
        assert_eq!(register(email, json!("solved")).await, (StatusCode::FORBIDDEN, "other_domain".into()));
    }
    let challenged = (StatusCode::FORBIDDEN, "challenge_required".to_owned());
    assert_eq!(register(ANN, Value::Null).await, challenged);
    assert!(asked.lock().unwrap().is_empty());
    assert_eq!(register(ANN, json!("guessed & wrong")).await, challenged);
    assert_eq!(register("Ann@EXAMPLE.org", json!("solved")).await.0, StatusCode::CREATED);
    let form = |token: &str| {
        [("secret", "a secret"), ("response", token)].map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    assert_eq!(*asked.lock().unwrap(), [form("guessed & wrong"), form("solved")]);
    // A log-in needs no CAPTCHA. A change of address keeps to the domain.
    let mut ann = app.program_of(ANN).await;
    assert_eq!(ann.get("/hello").await.text, "Ann@EXAMPLE.org");
    let moved = ann.change_email("ann@example.com").await;
    assert_eq!((moved.status, &*moved.code()), (StatusCode::FORBIDDEN, "other_domain"));
    assert_eq!(ann.change_email("anna@example.org").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_registers_while_the_provider_is_down() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap().to_string();
    drop(closed);
    let accounts = accounts().await;
    let provider = example::Provider { address, secret: String::new() };
    let app = Example::new(&accounts, example::app(&accounts, provider));
    let body = json!({"email": ANN, "password": PASSWORD, "captcha_token": "solved"});
    app.client().post("/auth/register", body).await.assert_unavailable();
    assert_eq!(accounts.user_by_email(ANN).await.unwrap(), None);
}
