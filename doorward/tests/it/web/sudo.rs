//! Handlers that only users may call who have proved themselves well enough.

use std::time::Duration;

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::{get, post},
};
use doorward::{Config, Error, Sudo, TwoFactor};
use serde_json::json;

use crate::app::{ANN, Actor, Answer, App, PASSWORD, Phone, config, with_key};

async fn both(TwoFactor(user): TwoFactor, _: Sudo) -> String {
    user.email
}

/// A handler of a page: it sends people to the page that asks for the proof.
async fn page(sudo: Result<Sudo, Error>) -> String {
    match sudo {
        Ok(Sudo(user)) => user.email,
        Err(Error::StepUpRequired(asked)) => asked.confirm_url.clone().unwrap(),
        Err(error) => error.code().to_owned(),
    }
}

/// A host with dangerous handlers.
pub(super) async fn host() -> App {
    let app =
        App::with(with_key(Config { public_url: "https://accounts.example.org".into(), ..config() })).await;
    app.stop_clock();
    let router = Router::new()
        .route("/sudo", get(|Sudo(user): Sudo| async move { user.email }))
        .route("/sudo", post(|Sudo(user): Sudo| async move { user.email }))
        .route("/minute", get(|Sudo(user): Sudo<60>| async move { user.email }))
        .route("/two", get(|TwoFactor(user): TwoFactor| async move { user.email }))
        .route("/two-now", get(|TwoFactor(user): TwoFactor<300>| async move { user.email }))
        .route("/both", get(both))
        .route("/page", get(page))
        .with_state(app.auth.clone())
        .nest("/auth", app.auth.router());
    app.serving(router)
}

#[track_caller]
fn assert_asks(answer: &Answer, challenge: &str) {
    assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
    let start = "Bearer realm=\"doorward\", error=\"insufficient_user_authentication\", error_description=\"";
    let told = answer.headers["www-authenticate"].to_str().unwrap();
    let (text, rest) = told.strip_prefix(start).unwrap().split_once('"').unwrap();
    assert_eq!((text, rest), (answer.json()["detail"].as_str().unwrap(), challenge));
    assert_eq!(answer.headers["cache-control"], "no-store");
}

async fn step_up(actor: &mut Actor<'_>, proof: serde_json::Value) {
    let answer = actor.post("/auth/step-up", proof).await;
    match answer.status {
        StatusCode::OK => {
            *actor = actor.clone().header("authorization", &format!("Bearer {}", answer.token()))
        }
        status => assert_eq!(status, StatusCode::NO_CONTENT, "{}", answer.text),
    }
}

#[tokio::test]
async fn sudo_takes_a_proof_of_299_seconds_ago_and_refuses_one_of_301() {
    let app = host().await;
    app.register(ANN).await;
    for is_browser in [false, true] {
        let mut ann = match is_browser {
            false => app.bearer(&app.token(ANN).await),
            true => app.browser_of(ANN).await,
        };
        app.advance(Duration::from_secs(60));
        assert_eq!(ann.get("/minute").await.text, ANN);
        app.advance(Duration::from_secs(1));
        assert_asks(&ann.get("/minute").await, ", max_age=\"60\"");
        app.advance(Duration::from_secs(238));
        assert_eq!(ann.get("/sudo").await.text, ANN, "at second 299");
        assert_eq!(ann.send(Method::POST, "/sudo", None, "").await.text, ANN);
        app.advance(Duration::from_secs(2));
        let refused = ann.get("/sudo").await;
        assert_asks(&refused, ", max_age=\"300\"");
        assert_eq!(
            refused.json(),
            json!({
                "type": "about:blank", "title": "Unauthorized", "status": 401, "code": "step_up_required",
                "detail": "Confirm that it is you: the last proof is too long ago", "max_age": 300,
                "methods": ["password"], "confirm_url": "https://accounts.example.org/confirm?next=",
            })
        );
        assert_eq!(ann.get("/page").await.text, "https://accounts.example.org/confirm?next=");
        step_up(&mut ann, json!({"current_password": PASSWORD})).await;
        assert_eq!(ann.get("/sudo").await.text, ANN);
    }
    let answer = app.anonymous().get("/sudo").await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "not_authenticated"));
    let mut other = app.browser_of(ANN).await.header("sec-fetch-site", "cross-site");
    assert_eq!(other.send(Method::POST, "/sudo", None, "").await.code(), "cross_site");
}

#[tokio::test]
async fn two_factor_asks_for_a_second_factor_in_this_session_and_a_password_never_is_one() {
    let app = host().await;
    let mut ann = app.ann().await;
    let refused = ann.get("/two").await;
    assert_asks(&refused, ", acr_values=\"aal2\"");
    // Nothing that she has would be enough.
    assert_eq!(refused.json()["methods"], json!([]));
    assert_eq!(refused.json()["acr_values"], "aal2");
    let (phone, _) = Phone::add(&app, &mut ann).await;
    assert_eq!(ann.get("/two").await.json()["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(ann.get("/two").await.status, StatusCode::UNAUTHORIZED);
    phone.wait(&app, 400);
    let both = ann.get("/sudo").await.json()["methods"].clone();
    assert_eq!(both, json!(["totp", "recovery_code", "password"]));
    step_up(&mut ann, json!({"current_password": PASSWORD})).await;
    assert_eq!(ann.get("/sudo").await.text, ANN);
    assert_eq!(ann.get("/two").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ann.get("/both").await.status, StatusCode::UNAUTHORIZED);
    step_up(&mut ann, json!({"otp": phone.next(&app)})).await;
    for path in ["/two", "/two-now", "/both", "/sudo"] {
        assert_eq!(ann.get(path).await.text, ANN, "{path}");
    }
    phone.wait(&app, 301);
    assert_eq!(ann.get("/two").await.text, ANN);
    assert_asks(&ann.get("/two-now").await, ", max_age=\"300\", acr_values=\"aal2\"");
    assert_asks(&ann.get("/both").await, ", max_age=\"300\"");
    // The password proves who she is, and the second factor of this session is still as old as it was.
    step_up(&mut ann, json!({"current_password": PASSWORD})).await;
    assert_eq!(ann.get("/both").await.text, ANN);
    assert_eq!(ann.get("/two-now").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_user_without_a_password_is_not_asked_for_one() {
    let app = host().await;
    let mut ann = app.ann().await;
    app.execute("DELETE FROM credentials").await;
    app.advance(Duration::from_secs(301));
    assert_eq!(ann.get("/sudo").await.json()["methods"], json!([]));
}

#[tokio::test]
async fn a_proof_in_the_future_does_not_count_for_ever() {
    let app = host().await;
    let mut ann = app.ann().await;
    app.go_back(Duration::from_secs(50));
    assert_eq!(ann.get("/sudo").await.text, ANN, "another node may be ahead");
    app.go_back(Duration::from_secs(20));
    assert_asks(&ann.get("/sudo").await, ", max_age=\"300\"");
}
