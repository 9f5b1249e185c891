//! Streams end with the session of their user.

use axum::http::StatusCode;
use doorward::test_util::TestProgram;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Duration, timeout},
};

use super::requests::post;
use crate::app::for_tests;

#[path = "../../../examples/streams.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

/// A connection to an example that runs.
struct Line(TcpStream);

impl Line {
    /// Sends a `GET` with these lines.
    async fn open(address: std::net::SocketAddr, path: &str, lines: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        Self(stream)
    }

    /// Reads until this text has come.
    async fn read_until(&mut self, text: &str) {
        let mut read = Vec::new();
        while !String::from_utf8_lossy(&read).contains(text) {
            let byte = timeout(Duration::from_secs(10), self.0.read_u8()).await;
            read.push(byte.unwrap_or_else(|_| panic!("{text:?} did not come")).unwrap());
        }
    }

    /// Reads until the other side closes the connection.
    async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let read = timeout(Duration::from_secs(10), self.0.read_to_end(&mut rest)).await;
        read.expect("the stream is closed").unwrap();
        rest
    }
}

#[tokio::test]
async fn the_streams_of_the_example_end_with_their_session() {
    let accounts = for_tests().await;
    let ann = accounts.new_user("ann@example.org").await;
    let (session, other) = (accounts.log_in_as(&ann).await, accounts.log_in_as(&ann).await);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = example::app(&accounts);
    tokio::spawn(accounts.serve(listener, app.clone()).into_future());

    let bearer = |session: &TestProgram| format!("Authorization: Bearer {}\r\n", session.token());
    let handshake = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let mut news = Line::open(address, "/news", &format!("{}Connection: close\r\n", bearer(&session))).await;
    news.read_until("\r\n\r\n").await;
    let mut chat = Line::open(address, "/chat", &(bearer(&session) + handshake)).await;
    chat.read_until("\r\n\r\n").await;
    let mut others = Line::open(address, "/chat", &(bearer(&other) + handshake)).await;
    others.read_until("\r\n\r\n").await;

    // RFC 6455, section 5: the last frame of a text, of five bytes, with a mask of zeros.
    let hello = b"\x81\x85\0\0\0\0hello";
    chat.0.write_all(hello).await.unwrap();
    for line in [&mut news, &mut chat, &mut others] {
        line.read_until("ann@example.org: hello").await;
    }
    assert_eq!(post(&app, "/auth/logout", Some(&session), json!({})).await.0, StatusCode::NO_CONTENT);
    // What is said from now on does not reach the sessions that have ended.
    others.0.write_all(hello).await.unwrap();
    others.read_until("ann@example.org: hello").await;
    assert!(!String::from_utf8_lossy(&news.rest().await).contains("hello"));
    // Section 5.5.1: a frame that closes, and its code. 1008 says that a rule forbids to go on.
    let closed = chat.rest().await;
    assert_eq!(closed[0], 0x88, "{closed:?}");
    assert_eq!(closed[2..4], 1008_u16.to_be_bytes());
}
