//! The address and the program of a client, as its session shows them.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request},
};

use crate::app::{ANN, App, PASSWORD};

#[tokio::test]
async fn a_session_shows_the_address_of_the_connection() {
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
async fn a_long_program_name_is_cut() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser().header("user-agent", &"\u{e9}x".repeat(4000));
    browser.log_in(ANN, PASSWORD).await;
    assert_eq!(browser.sessions().await[0]["user_agent"], "\u{e9}x".repeat(128));
}
