//! A log-in begins one session, and an account keeps a bounded number of them.

use std::{num::NonZeroU32, time::Duration};

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use crate::app::{ANN, App, BOB, PASSWORD, config, patient};

#[tokio::test]
async fn a_log_in_beside_a_deletion_or_disabling_leaves_no_live_session() {
    let app = App::with(patient()).await;
    for round in 0..12 {
        let email = format!("r{round}@example.org");
        let id: doorward::UserId = app.register(&email).await.to_string().parse().unwrap();
        let log_ins = (0..6).map(|_| async {
            let mut anyone = app.anonymous();
            anyone.request_token(&email, PASSWORD).await
        });
        let end = async {
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            if round % 2 == 0 { app.delete_user(id).await } else { app.disable_user(id).await }
        };
        let (answers, ended) = tokio::join!(futures_util::future::join_all(log_ins), end);
        assert!(ended.unwrap());
        for answer in answers {
            assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status), "{}", answer.text);
            if answer.status == StatusCode::OK {
                let token = answer.token();
                assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
            }
        }
    }
}

#[tokio::test]
async fn one_session_too_many_ends_the_oldest() {
    let app = App::with(Config { sessions_per_user: NonZeroU32::new(4).unwrap(), ..config() }).await;
    app.register(ANN).await;
    let bob = app.user(BOB).await;
    let mut sessions = Vec::new();
    for _ in 0..6 {
        sessions.push(app.bearer(&app.token(ANN).await));
        app.advance(Duration::from_secs(1));
    }
    sessions.push(app.browser_of(ANN).await);
    let mut alive = Vec::new();
    for session in &sessions {
        alive.push(session.is_logged_in().await);
    }
    assert_eq!(alive, [false, false, false, true, true, true, true]);
    assert_eq!(sessions[6].sessions().await.len(), 4);
    assert!(bob.is_logged_in().await);
}

#[tokio::test]
async fn a_hundred_sessions_are_kept_by_default() {
    let app = App::new().await;
    app.register(ANN).await;
    for _ in 0..120 {
        app.token(ANN).await;
    }
    let mut ann = app.bearer(&app.token(ANN).await);
    assert_eq!(ann.sessions().await.len(), 100);
}

#[tokio::test]
async fn a_new_session_is_never_ended_by_the_limit() {
    for most in [1, 3] {
        let app = App::with(Config { sessions_per_user: NonZeroU32::new(most).unwrap(), ..config() }).await;
        app.register(ANN).await;
        for _ in 0..3 {
            app.token(ANN).await;
        }
        // By its time the new session is the oldest.
        app.go_back(Duration::from_secs(3600));
        let mut ann = app.bearer(&app.token(ANN).await);
        assert!(ann.is_logged_in().await, "of {most}");
        assert_eq!(ann.sessions().await.len(), most as usize);
    }
}

#[tokio::test]
async fn many_log_ins_at_once_keep_to_the_limit() {
    let app = App::with(Config { sessions_per_user: NonZeroU32::new(5).unwrap(), ..config() }).await;
    app.register(ANN).await;
    let tokens = futures_util::future::join_all((0..40).map(|_| app.token(ANN))).await;
    let mut alive = 0;
    for token in &tokens {
        alive += u32::from(app.bearer(token).is_logged_in().await);
    }
    assert_eq!(alive, 5);
}

#[tokio::test]
async fn concurrent_requests_of_one_user_never_fail() {
    let app = App::with(Config { sessions_per_user: NonZeroU32::new(2).unwrap(), ..config() }).await;
    let id = app.register(ANN).await.to_string().parse::<doorward::UserId>().unwrap();
    for _ in 0..4 {
        let mut requests: Vec<std::pin::Pin<Box<dyn Future<Output = StatusCode> + '_>>> = Vec::new();
        for number in 0..5 {
            let (mut browser, mut bearer) = (app.browser_of(ANN).await, app.bearer(&app.token(ANN).await));
            let login = json!({"email": ANN, "password": PASSWORD});
            requests.push(match number {
                0 => Box::pin(async move { bearer.delete("/auth/sessions", None).await.status }),
                1 => Box::pin(async move { bearer.change_password(PASSWORD, PASSWORD).await.status }),
                2 => Box::pin(async move { bearer.change_email(ANN).await.status }),
                3 => Box::pin(async move { bearer.log_out().await.status }),
                _ => {
                    Box::pin(async { app.set_password(id, PASSWORD).await.map(|_| StatusCode::OK).unwrap() })
                }
            });
            requests.push(Box::pin(async move { browser.post("/auth/login", login).await.status }));
        }
        requests.push(Box::pin(async {
            assert!(app.disable_user(id).await.unwrap());
            assert!(app.enable_user(id).await.unwrap());
            StatusCode::OK
        }));
        for status in futures_util::future::join_all(requests).await {
            assert!(!status.is_server_error(), "{status}");
        }
    }
    let mut ann = app.bearer(&app.token(ANN).await);
    assert!(ann.sessions().await.len() <= 2);
}
