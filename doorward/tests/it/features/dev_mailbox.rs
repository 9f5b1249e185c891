//! The mailbox for development, and the clients that may read it.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode},
};
use doorward::Config;
use serde_json::json;

use crate::{
    accounts::mail::outbox::post,
    app::{ANN, Answer, App, PASSWORD, config, with_many_mails},
};

const HERE: &str = "127.0.0.1:4000";

async fn look(app: &App, peer: Option<&str>, host: &str, accept: &str) -> Answer {
    let request = Request::get("/auth/dev/mailbox").header("host", host).header("accept", accept);
    let mut request = request.body(Body::empty()).unwrap();
    if let Some(peer) = peer {
        request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    }
    app.anonymous().raw(request).await
}

/// Changes the password of Ann, which sends a mail.
async fn change_password(app: &App, user_agent: &str) {
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await).header("user-agent", user_agent);
    assert_eq!(ann.change_password(PASSWORD, "another battery, horse").await.status, StatusCode::OK);
    app.send_mails().await;
}

#[tokio::test]
async fn mails_are_shown_newest_first_as_a_page_and_as_json() {
    let app = App::with(Config { dev_mailbox: true, ..config() }).await;
    let empty = look(&app, Some(HERE), "localhost:8000", "application/json").await;
    assert_eq!((empty.status, empty.json()), (StatusCode::OK, json!({"mails": []})));
    change_password(&app, "</iframe><script>alert(1)</script>").await;
    let body = Some(json!({"password": "another battery, horse"}));
    let mut ann = app.browser();
    let login = json!({"email": ANN, "password": "another battery, horse"});
    ann.post("/auth/login", login).await;
    assert_eq!(ann.delete("/auth/me", body).await.status, StatusCode::NO_CONTENT);
    app.send_mails().await;

    let mails = look(&app, Some(HERE), "localhost:8000", "application/json").await.json();
    let mails = mails["mails"].as_array().unwrap();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0]["subject"], "Your account was deleted");
    assert_eq!(mails[1]["to"], ANN);
    assert_eq!(mails[1]["link"], "http://localhost:8000/forgot-password?lang=en");
    assert!(mails[1]["text"].as_str().unwrap().contains("http://localhost:8000/forgot-password?lang=en"));

    let page = look(&app, Some("[::1]:4000"), "127.0.0.1", "text/html").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(!page.text.contains("<script") && page.text.matches("</iframe>").count() == 2, "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let deleted = page.text.find("Your account was deleted").unwrap();
    assert!(deleted < page.text.find("Your password was changed").unwrap());
}

#[tokio::test]
async fn only_this_machine_can_read_the_mailbox() {
    let app = App::with(Config { dev_mailbox: true, ..config() }).await;
    for (peer, host) in [
        (None, "localhost"),
        (Some("192.0.2.7:4000"), "localhost"),
        (Some("[::ffff:192.0.2.7]:4000"), "localhost"),
        (Some(HERE), "example.org"),
        (Some(HERE), "localhost.example.org"),
        (Some(HERE), "127.0.0.1.example.org:8000"),
        (Some(HERE), "other.localhost"),
        (Some(HERE), ""),
    ] {
        let answer = look(&app, peer, host, "application/json").await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{peer:?} {host}");
    }
    let answer = look(&app, Some("[::ffff:127.0.0.1]:4000"), "[::1]:8000", "application/json").await;
    assert_eq!(answer.status, StatusCode::OK);
    let public_url = "http://auth.localhost:8000".into();
    let named = App::with(Config { dev_mailbox: true, public_url, ..config() }).await;
    for host in ["auth.localhost:8000", "Auth.localhost"] {
        assert_eq!(look(&named, Some(HERE), host, "application/json").await.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn without_the_setting_there_is_no_mailbox() {
    let app = App::new().await;
    assert_eq!(look(&app, Some(HERE), "localhost", "text/html").await.status, StatusCode::NOT_FOUND);
    change_password(&app, "x").await;
    assert!(!app.contents().await.contains("mails:"));
}

#[tokio::test]
async fn the_last_hundred_mails_are_kept() {
    let app = App::with(with_many_mails(Config { dev_mailbox: true, ..config() })).await;
    let ann = app.add_verified(ANN).await;
    for number in 1..=103 {
        post(&app, number, "password_changed", &ann.to_string()).await;
    }
    app.send_mails().await;
    let mails = look(&app, Some(HERE), "localhost", "application/json").await.json();
    let numbers: Vec<_> =
        mails["mails"].as_array().unwrap().iter().map(|mail| mail["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (4..=103).rev().collect::<Vec<_>>());
}
