//! Attempts to set a password are counted for each client address before the password is checked or hashed.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{
    Config,
    config::{LimitConfig, PasswordConfig},
    event::EventKind,
};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    accounts::event::count,
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD, config},
    mail::mailbox::with_mail,
};

/// Settings that allow three attempts a minute.
fn three(config: Config) -> Config {
    let limit = LimitConfig { new_passwords_per_address: 3.try_into().unwrap(), ..config.limit };
    Config { limit, ..config }
}

#[tokio::test]
async fn registrations_that_fail_are_limited_for_a_client_address() {
    let app = App::with(three(config())).await;
    let from = |ip: &str| app.anonymous().from(ip);
    app.register(ANN).await;
    let refusals = async |ip: &str| {
        for (email, password, status) in [
            (ANN, PASSWORD, StatusCode::BAD_REQUEST),
            (BOB, "password", StatusCode::UNPROCESSABLE_ENTITY),
            (ANN, PASSWORD, StatusCode::BAD_REQUEST),
            (BOB, PASSWORD, StatusCode::TOO_MANY_REQUESTS),
        ] {
            let answer = from(ip).register(email, password).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            if status == StatusCode::TOO_MANY_REQUESTS {
                assert!((1..=61).contains(&answer.retry_after()));
            }
        }
    };
    refusals("192.0.2.1").await;
    // All addresses of a /64 count as one.
    refusals("2001:db8::1").await;
    assert_eq!(from("2001:db8::2").register(BOB, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    // The limit is recorded once.
    let throttled = app.events().of_kind(EventKind::Throttled).next_page(10).await.unwrap();
    assert_eq!(throttled.iter().map(count).sum::<i64>(), 2);
    // The page has the same limit.
    let mut page = app.browser().from("192.0.2.1").header("accept", "text/html");
    let answer = page.form("/auth/register", &[("email", BOB), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    app.advance(Duration::from_secs(62));
    assert_eq!(from("192.0.2.1").register(BOB, PASSWORD).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn registrations_that_succeed_are_not_limited() {
    let app = App::with(three(config())).await;
    for number in 0..10 {
        let email = format!("u{number}@example.org");
        let answer = app.anonymous().from("192.0.2.1").register(&email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_registrations_at_once_take_few_hashing_threads() {
    let password = PasswordConfig { memory_kib: 8 * 1024, iterations: 4, ..config().password };
    let app = App::with(three(Config { password, ..config() })).await;
    let answers = join_all((0..60).map(async |number| {
        app.anonymous().from("192.0.2.1").register(&format!("u{number}@example.org"), PASSWORD).await.status
    }));
    let answers = answers.await;
    let made = answers.iter().filter(|status| **status == StatusCode::CREATED).count();
    let refused = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert!(made >= 3 && refused >= 1 && made + refused == 60, "{answers:?}");
}

#[tokio::test]
async fn new_passwords_by_mail_that_fail_are_limited_for_a_client_address() {
    let app = App::with(three(with_mail())).await;
    app.add_verified(ANN).await;
    let reset = |token: &str| json!({"token": token, "new_password": NEW_PASSWORD});
    let mut client = app.anonymous().from("192.0.2.1");
    for _ in 0..3 {
        client.post("/auth/reset-password", reset("dw_r_unknown")).await.assert_invalid_link();
    }
    client.post("/auth/forgot-password", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("reset-password");
    let refused = client.post("/auth/reset-password", reset(&token)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    // Nothing was used up.
    app.advance(Duration::from_secs(62));
    assert_eq!(client.post("/auth/reset-password", reset(&token)).await.status, StatusCode::NO_CONTENT);
}
