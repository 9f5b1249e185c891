//! Hashing is bounded: requests beyond the queue are refused at once, and the others are served.

use std::sync::Mutex;

use axum::http::StatusCode;
use doorward::{Config, config::PasswordConfig};
use futures_util::future::join_all;

use crate::app::{ANN, App, BOB, PASSWORD, config, patient};

#[tokio::test]
async fn log_ins_beyond_the_queue_are_refused_at_once() {
    const FLOOD: usize = 40;
    // A hash takes so long that none is done before all requests have come, one after another.
    let password =
        PasswordConfig { memory_kib: 48 * 1024, iterations: 16, hashing_queue: 2, ..config().password };
    let app = App::with(Config { password, ..patient() }).await;
    app.register(ANN).await;
    let token = app.token(ANN).await;

    let order = Mutex::new(Vec::new());
    let log_ins = (0..FLOOD).map(async |_| {
        let answer = app.anonymous().request_token(ANN, PASSWORD).await;
        order.lock().unwrap().push(answer.status);
        answer
    });
    let meanwhile = async {
        let me = app.bearer(&token).get("/auth/me").await;
        order.lock().unwrap().push(me.status);
        me
    };
    let (answers, me) = tokio::join!(join_all(log_ins), meanwhile);
    assert_eq!(me.status, StatusCode::OK);
    let (served, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == StatusCode::OK);
    // Two are hashed and two wait.
    assert!((2..=4).contains(&served.len()), "{} were served", served.len());
    for answer in refused {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        let seconds: u64 = answer.retry_after();
        assert!((1..=60).contains(&seconds));
    }
    // No refused request waited for a served one.
    let order = order.into_inner().unwrap();
    let last_refused = order.iter().rposition(|status| *status == StatusCode::SERVICE_UNAVAILABLE).unwrap();
    let served_before = order[..last_refused].iter().filter(|status| **status == StatusCode::OK).count();
    assert!(served_before <= 1, "{order:?}");

    // After the flood, log-ins are served again.
    app.token(ANN).await;
}

#[tokio::test]
async fn a_password_is_kept_as_argon2id_with_a_salt_of_its_own() {
    let app = App::with(Config { password: PasswordConfig::default(), ..config() }).await;
    app.register(ANN).await;
    app.register(BOB).await;
    let contents = app.contents().await;
    let hashes: Vec<_> =
        contents.split("$argon2id$v=19$m=19456,t=2,p=1$").skip(1).map(|rest| &rest[..65]).collect();
    assert_eq!(hashes.len(), 2, "{contents}");
    assert_ne!(hashes[0], hashes[1]);
    assert!(!contents.contains(crate::app::PASSWORD));
}

#[tokio::test]
async fn log_ins_beyond_the_queue_may_try_again() {
    let password = PasswordConfig {
        memory_kib: 32 * 1024,
        iterations: 2,
        hashing_threads: 1,
        hashing_queue: 2,
        ..PasswordConfig::default()
    };
    let app = App::with(Config { password, ..config() }).await;
    let tries = (0..12).map(|number| {
        let (app, email) = (&app, format!("u{number}@example.org"));
        async move { app.anonymous().request_token(&email, "x").await }
    });
    let answers = futures_util::future::join_all(tries).await;
    let (told, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE);
    assert!(told.len() >= 6 && refused.len() >= 2, "{} and {}", told.len(), refused.len());
    assert!(refused.iter().all(|answer| answer.status == StatusCode::UNAUTHORIZED));
    for answer in told {
        assert!((1..=4).contains(&answer.retry_after()));
        assert_eq!(answer.json()["error"], "temporarily_unavailable");
    }
    // Later log-ins are served again.
    let later = app.anonymous().request_token(ANN, "x").await;
    assert_eq!(later.status, StatusCode::UNAUTHORIZED);
}
