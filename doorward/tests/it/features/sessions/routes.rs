//! `GET` and `DELETE /sessions`, `DELETE /sessions/{id}`, `POST /logout`.

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, StatusCode},
};
use doorward::Config;
use serde_json::json;

use crate::app::{ANN, App, BOB, PASSWORD, config};

#[tokio::test]
async fn sessions_are_listed_newest_first_without_their_tokens() {
    let app = App::new().await;
    app.register(ANN).await;
    app.user(BOB).await;
    let token = app.token(ANN).await;
    app.advance(Duration::from_secs(5));
    let mut browser = app.browser().header("user-agent", "Firefox/\u{2028}\u{202e} <script>");
    browser.log_in(ANN, PASSWORD).await;
    let answer = browser.get("/auth/sessions").await;
    assert!(!answer.text.contains(&token) && !answer.text.contains("dw_s_"));
    let sessions = browser.sessions().await;
    assert_eq!(sessions.len(), 2);
    let names: Vec<_> = sessions[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "id",
        "current",
        "transport",
        "method",
        "created_at",
        "last_seen_at",
        "expires_at",
        "ip",
        "user_agent",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(sessions[0]["current"], true);
    assert_eq!(sessions[0]["transport"], "cookie");
    assert_eq!(sessions[0]["method"], "password");
    assert_eq!(sessions[0]["user_agent"], "Firefox/\u{2028}\u{202e} <script>");
    assert_eq!(sessions[1]["current"], false);
    assert_eq!(sessions[1]["transport"], "bearer");
    assert!(sessions[1]["created_at"].as_str() < sessions[0]["created_at"].as_str());
}

#[tokio::test]
async fn the_last_use_is_noted_to_the_minute() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let begun = ann.sessions().await[0]["last_seen_at"].clone();
    app.advance(Duration::from_secs(3600));
    assert!(ann.is_logged_in().await);
    // Noted beside the request, which does not wait for it.
    for _ in 0..1000 {
        if ann.sessions().await[0]["last_seen_at"] != begun {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the use was never noted");
}

#[tokio::test]
async fn one_session_is_ended_by_its_number() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let other = app.bearer(&app.token(ANN).await);
    let sessions = ann.sessions().await;
    let id = sessions.iter().find(|session| session["current"] == false).unwrap()["id"].clone();
    let answer = ann.delete(&format!("/auth/sessions/{id}"), None).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert!(!other.is_logged_in().await);
    assert!(ann.is_logged_in().await);
    let again = ann.delete(&format!("/auth/sessions/{id}"), None).await;
    assert_eq!((again.status, &*again.code()), (StatusCode::NOT_FOUND, "not_found"));
}

#[tokio::test]
async fn nobody_ends_the_session_of_another() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let id = ann.sessions().await[0]["id"].clone();
    let answer = bob.delete(&format!("/auth/sessions/{id}"), None).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"));
    assert_eq!(bob.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
    assert!(ann.is_logged_in().await);
}

#[tokio::test]
async fn what_is_no_number_is_not_found() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for id in
        ["x", "-1", "0", "1.5", "9223372036854775808", "%00", "%ff", "%20", "a%2fb", "1;drop", "%F0%9F%98%80"]
    {
        let answer = ann.delete(&format!("/auth/sessions/{id}"), None).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{id}");
    }
    assert!(ann.is_logged_in().await);
}

#[tokio::test]
async fn all_other_sessions_are_ended_and_this_one_stays() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let others = [app.bearer(&app.token(ANN).await), app.browser_of(ANN).await];
    assert_eq!(ann.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
    for other in &others {
        assert!(!other.is_logged_in().await);
    }
    assert!(ann.is_logged_in().await);
    assert_eq!(ann.sessions().await.len(), 1);
}

#[tokio::test]
async fn logging_out_ends_the_session_and_forgets_the_cookie() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let kept = browser.clone();
    let answer = browser.log_out().await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert_eq!(answer.headers["set-cookie"], "doorward=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(!browser.cookies.contains_key("doorward"));
    assert!(!kept.is_logged_in().await);
    // Twice, with the old cookie, and with none at all: it is fine.
    assert_eq!(kept.clone().log_out().await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.log_out().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn logging_out_ends_a_bearer_session_too_and_no_other() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let other = app.bearer(&app.token(ANN).await);
    // No body is needed.
    let answer = ann.send(axum::http::Method::POST, "/auth/logout", None, "").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!ann.is_logged_in().await);
    assert!(other.is_logged_in().await);
    assert_eq!(app.bearer("garbage").log_out().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn sessions_that_are_over_are_not_listed() {
    let app = App::with(Config { session_lifetime: Duration::from_secs(1000), ..config() }).await;
    app.register(ANN).await;
    app.token(ANN).await;
    app.advance(Duration::from_secs(1000));
    let mut ann = app.bearer(&app.token(ANN).await);
    assert_eq!(ann.sessions().await.len(), 1);
}

#[tokio::test]
async fn a_session_too_many_ends_the_oldest() {
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
async fn a_new_session_is_never_the_one_too_many() {
    for most in [1, 3] {
        let app = App::with(Config { sessions_per_user: NonZeroU32::new(most).unwrap(), ..config() }).await;
        app.register(ANN).await;
        for _ in 0..3 {
            app.token(ANN).await;
        }
        // By its time it is the oldest now.
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
async fn whatever_happens_to_one_user_at_once_no_request_fails() {
    let app = App::with(Config { sessions_per_user: NonZeroU32::new(2).unwrap(), ..config() }).await;
    let id = app.register(ANN).await.to_string().parse().unwrap();
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

#[tokio::test]
async fn a_session_tells_the_address_of_the_connection_and_believes_no_header() {
    let app = App::new().await;
    app.register(ANN).await;
    for (peer, shown) in [
        ("192.0.2.7:4000", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:4000", "192.0.2.7"),
        ("[2001:db8::7]:4000", "2001:db8::7"),
    ] {
        let form = format!("username={ANN}&password={PASSWORD}");
        let mut request = Request::post("/auth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", "198.51.100.1")
            .header("forwarded", "for=198.51.100.1")
            .header("x-real-ip", "198.51.100.1")
            .header("user-agent", HeaderValue::from_bytes(b"caf\xe9 \xff").unwrap())
            .body(Body::from(form))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        let token = app.anonymous().raw(request).await.token();
        let session = app
            .bearer(&token)
            .sessions()
            .await
            .into_iter()
            .find(|session| session["current"] == true)
            .unwrap();
        assert_eq!(session["ip"], shown);
        assert_eq!(session["user_agent"], "caf\u{fffd} \u{fffd}");
    }
}

#[tokio::test]
async fn of_a_long_program_name_the_start_is_kept() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser().header("user-agent", &"\u{e9}x".repeat(4000));
    browser.log_in(ANN, PASSWORD).await;
    assert_eq!(browser.sessions().await[0]["user_agent"], "\u{e9}x".repeat(128));
}
