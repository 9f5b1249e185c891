//! A function of the host decides about attempts before they cost anything.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use doorward::{Attempt, AttemptKind, Config, Decision, EventKind};
use serde_json::json;

use crate::{
    app::{ANN, App, PASSWORD, WRONG, config},
    mail::mailbox::with_mail,
};

/// An application whose host refuses one address, and asks everybody else for an answer.
async fn asking(config: Config) -> (App, Arc<Mutex<Vec<Attempt>>>) {
    let app = App::with(config).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let attempts = Arc::clone(&seen);
    app.auth.before_attempt(move |attempt| {
        attempts.lock().unwrap().push(attempt.clone());
        async move {
            match attempt.answer.as_deref() {
                _ if attempt.email.contains("refused") => Decision::Refuse,
                Some("42") => Decision::Allow,
                _ => Decision::Challenge("What is six times seven?".into()),
            }
        }
    });
    (app, seen)
}

#[tokio::test]
async fn the_host_may_refuse_an_attempt_or_ask_for_more() {
    let (app, seen) = asking(with_mail()).await;
    let attempts = |email: &'static str| {
        [
            ("/auth/register", json!({"email": email, "password": PASSWORD}), AttemptKind::Register),
            ("/auth/login", json!({"email": email, "password": PASSWORD}), AttemptKind::LogIn),
            ("/auth/forgot-password", json!({"email": email}), AttemptKind::Mail),
            ("/auth/verify-email/request", json!({"email": email}), AttemptKind::Mail),
            ("/auth/undo-email-change/request", json!({"email": email}), AttemptKind::Mail),
        ]
    };
    for (path, body, kind) in attempts(ANN) {
        for answer in ["", "41"] {
            let mut client = app.browser().from("192.0.2.1");
            if !answer.is_empty() {
                client = client.header("doorward-answer", answer);
            }
            let asked = client.post(path, body.clone()).await;
            assert_eq!(
                (asked.status, &*asked.code()),
                (StatusCode::FORBIDDEN, "challenge_required"),
                "{path}"
            );
            assert_eq!(asked.json()["detail"], "What is six times seven?");
        }
        let attempt = seen.lock().unwrap().pop().unwrap();
        assert_eq!((attempt.kind, &*attempt.email, attempt.answer.as_deref()), (kind, ANN, Some("41")));
        assert_eq!(attempt.ip, Some("192.0.2.1".parse().unwrap()));
    }
    for (path, body, _) in attempts("refused@example.org") {
        let refused = app.browser().header("doorward-answer", "42").post(path, body).await;
        assert_eq!((refused.status, &*refused.code()), (StatusCode::FORBIDDEN, "attempt_refused"), "{path}");
    }
    // Nothing has happened yet.
    for table in ["users", "mails", "events"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    for (path, body, _) in attempts(ANN) {
        let allowed = app.browser().header("doorward-answer", "42").post(path, body).await;
        assert_ne!(allowed.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn a_token_is_refused_like_any_log_in() {
    let (app, _) = asking(config()).await;
    app.add(ANN).await;
    let asked = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!((asked.status, &*asked.code()), (StatusCode::FORBIDDEN, "challenge_required"));
    let allowed = app.anonymous().header("doorward-answer", "42").request_token(ANN, PASSWORD).await;
    assert_eq!(allowed.status, StatusCode::OK);
    // An attempt that the host refused is not counted as a wrong guess.
    for _ in 0..20 {
        app.anonymous().request_token(ANN, WRONG).await;
    }
    let allowed = app.anonymous().header("doorward-answer", "42").request_token(ANN, PASSWORD).await;
    assert_eq!(allowed.status, StatusCode::OK);
    assert_eq!(app.count(&format!("events WHERE kind = '{}'", EventKind::LogInFailed)).await, 0);
}

#[tokio::test]
async fn a_page_shows_the_challenge_and_takes_the_answer() {
    let (app, _) = asking(config()).await;
    app.add(ANN).await;
    let fields = [("email", ANN), ("password", PASSWORD)];
    let browser = || app.browser().header("accept", "text/html");
    let asked = browser().form("/auth/login", &fields).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text.contains("What is six times seven?"), "{}", asked.text);
    let answered = [fields[0], fields[1], ("answer", "42")];
    assert_eq!(browser().form("/auth/login", &answered).await.status, StatusCode::SEE_OTHER);
    let refused = browser().form("/auth/login", &[("email", "refused@example.org"), fields[1]]).await;
    assert!(refused.text.contains("This attempt was refused"), "{}", refused.text);
}
