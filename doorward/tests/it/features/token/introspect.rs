//! `POST /introspect`.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::Config;
use serde_json::json;

use crate::app::{ANN, Answer, App, config, refusal};

const SECRET: &str = "a secret+of%2B the service: long";

async fn app() -> App {
    let secrets = vec![SECRET.into(), "another secret, which is in use as well".into()];
    App::with(Config { introspection_secrets: secrets, ..config() }).await
}

async fn ask(app: &App, token: &str) -> Answer {
    app.anonymous().form("/auth/introspect", &[("token", token), ("client_secret", SECRET)]).await
}

#[tokio::test]
async fn a_service_learns_the_user_of_a_token() {
    let app = app().await;
    let id = app.register(ANN).await;
    let token = app.token(ANN).await;
    let answer = ask(&app, &token).await;
    assert_eq!(answer.status, StatusCode::OK);
    let listed = app.bearer(&token).get("/auth/sessions").await.json();
    let at = |name: &str| listed[0][name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(
        answer.json(),
        json!({
            "active": true, "sub": id.to_string(), "username": ANN, "token_type": "bearer", "exp": at("expires_at"),
            "acr": "aal1", "amr": ["pwd"], "auth_time": at("created_at"), "roles": [],
        })
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["pragma"], "no-cache");
}

#[tokio::test]
async fn any_other_token_is_only_inactive() {
    let app = app().await;
    let id = app.register(ANN).await.to_string().parse::<doorward::UserId>().unwrap();
    let (revoked, expired) = (app.token(ANN).await, app.token(ANN).await);
    let browser = app.browser_of(ANN).await;
    app.anonymous().form("/auth/revoke", &[("token", &revoked)]).await;
    let unknown = format!("dw_s_{}", "A".repeat(49));
    let mut told = vec![
        ask(&app, &revoked).await,
        ask(&app, &unknown).await,
        ask(&app, "x").await,
        ask(&app, &browser.cookies["doorward"]).await,
    ];
    app.advance(Duration::from_secs(86400));
    told.push(ask(&app, &expired).await);
    let disabled = app.token(ANN).await;
    app.disable_user(id).await.unwrap();
    told.push(ask(&app, &disabled).await);
    for answer in told {
        assert_eq!((answer.status, &*answer.text), (StatusCode::OK, "{\"active\":false}"));
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn a_request_without_a_configured_secret_is_refused() {
    let app = app().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
    let mut refused = Vec::new();
    for wrong in ["", "wrong", &SECRET[1..], &SECRET[..31], &SECRET.to_uppercase(), &format!("{SECRET} ")] {
        let form = [("token", &*token), ("client_secret", wrong)];
        refused.push(app.anonymous().form("/auth/introspect", &form).await);
        let mut service = app.anonymous().header("authorization", &basic(&format!("service:{wrong}")));
        refused.push(service.form("/auth/introspect", &form[..1]).await);
    }
    refused.push(app.anonymous().form("/auth/introspect", &[("token", &token)]).await);
    refused.push(app.bearer(&token).form("/auth/introspect", &[("token", &token)]).await);
    refused.push(app.bearer(SECRET).form("/auth/introspect", &[("token", &token)]).await);
    for header in
        ["Basic", "Basic ", "Basic %%%", "Basic ====", "basic Og==", &basic(SECRET), &basic("\u{e9}")]
    {
        refused.push(
            app.anonymous()
                .header("authorization", header)
                .form("/auth/introspect", &[("token", &token)])
                .await,
        );
    }
    // A secret that comes in two ways is refused, even if it is correct.
    let mut service = app.anonymous().header("authorization", &basic(&format!("s:{SECRET}")));
    refused.push(service.form("/auth/introspect", &[("token", &token), ("client_secret", SECRET)]).await);
    let mut service = service.another_header("authorization", &basic(&format!("s:{SECRET}")));
    refused.push(service.form("/auth/introspect", &[("token", &token)]).await);
    for answer in refused {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            answer.json(),
            json!({"error": "invalid_client", "error_description": "Expected the secret of a client",
                   "detail": "Expected the secret of a client"})
        );
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
    }
}

#[tokio::test]
async fn each_configured_secret_works_in_the_form_and_as_basic() {
    let app = app().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    for secret in [SECRET, "another secret, which is in use as well"] {
        let answer =
            app.anonymous().form("/auth/introspect", &[("token", &token), ("client_secret", secret)]).await;
        assert_eq!(answer.json()["active"], true);
        // The secret works as it is, and form-encoded as RFC 6749 section 2.3.1 demands.
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for secret in [secret, &encoded] {
            for name in ["", "service"] {
                let header = format!("Basic {}", STANDARD.encode(format!("{name}:{secret}")));
                let mut service = app.anonymous().header("authorization", &header);
                let answer = service.form("/auth/introspect", &[("token", &token)]).await;
                assert_eq!(answer.json()["active"], true, "{name}:{secret}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_configured_secret_the_route_refuses_everyone() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    for secret in ["", "undefined", SECRET] {
        let form = [("token", &*token), ("client_secret", secret)];
        let answer = app.anonymous().form("/auth/introspect", &form).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_secret_that_can_be_guessed_is_refused_at_the_start() {
    for weak in ["", "short", &"x".repeat(31)] {
        let config = Config { introspection_secrets: vec![weak.into()], ..config() };
        let refused = refusal(config).await;
        assert!(refused.contains("introspection_secrets"), "{refused}");
        assert!(weak.is_empty() || !refused.contains(weak), "the error shows the secret");
    }
}

#[tokio::test]
async fn only_a_form_can_ask_about_a_token() {
    let app = app().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let path = format!("/auth/introspect?token={token}");
    assert_eq!(app.anonymous().get(&path).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let form = [("client_secret", SECRET)];
    assert_eq!(app.anonymous().form(&path, &form).await.wrong_fields(), ["token"]);
    let body = json!({"token": token, "client_secret": SECRET}).to_string();
    let answer = app.anonymous().send(Method::POST, "/auth/introspect", Some("application/json"), body).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.json()["error"], "invalid_request");
}
