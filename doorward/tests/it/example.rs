//! The examples work.

use std::io::{Read as _, Write as _};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use doorward::{
    Config,
    test_util::{PASSWORD, TestProgram},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Duration, timeout},
};
use tower::ServiceExt;

use crate::app::for_tests;

#[path = "../../examples/protected_route.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod protected_route;

#[path = "../../examples/streams.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod streams;

#[path = "../../examples/invite_only.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod invite_only;

#[path = "../../examples/own_mail_sender.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod own_mail_sender;

async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn the_example_answers_users_who_are_logged_in() {
    let accounts = for_tests().await;
    let app = protected_route::app(&accounts);
    let ann = accounts.new_user("ann@example.org").await;
    let session = accounts.log_in_as(&ann).await;
    let request = Request::get("/protected-route").header(header::AUTHORIZATION, session.bearer());
    let (status, user) = send(&app, request.body(Body::empty()).unwrap()).await;
    assert_eq!((status, user), (StatusCode::OK, serde_json::to_value(&ann).unwrap()));
    let (status, problem) = send(&app, Request::get("/protected-route").body(Body::empty()).unwrap()).await;
    assert_eq!((status, &problem["detail"]), (StatusCode::UNAUTHORIZED, &Value::from("Not authenticated")));
}

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
    let app = streams::app(&accounts);
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

/// Posts JSON, as a program that is logged in or as a stranger.
async fn post(app: &Router, path: &str, program: Option<&TestProgram>, body: Value) -> (StatusCode, Value) {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(program) = program {
        request = request.header(header::AUTHORIZATION, program.bearer());
    }
    send(app, request.body(body.to_string().into()).unwrap()).await
}

#[tokio::test]
async fn only_people_with_an_invitation_register() {
    let settings = invite_only::config(Config::default());
    let accounts = for_tests().config(settings).without_mail().await;
    let ann = accounts.new_user("ann@example.org").await;
    let app = invite_only::app(&accounts);
    let register = async |email: &str, code: Value| {
        let body = json!({"email": email, "password": PASSWORD, "invite_code": code});
        post(&app, "/auth/register", None, body).await
    };
    assert_eq!(post(&app, "/invite", None, json!({})).await.0, StatusCode::UNAUTHORIZED);
    let ann = accounts.log_in_as(&ann).await;
    let (_, invited) = post(&app, "/invite", Some(&ann), json!({"email": "Bob@example.org"})).await;
    let code = &invited["invite_code"];
    for (email, code) in [
        ("bob@example.org", Value::Null),
        ("bob@example.org", json!("0000")),
        ("eve@example.org", code.clone()),
        ("eve@example.org", Value::Null),
    ] {
        let (status, refused) = register(email, code).await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("invite_needed")), "{email}");
    }
    assert_eq!(register("bob@example.org", code.clone()).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn a_mail_service_gets_the_mails() {
    let api = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = api.local_addr().unwrap().to_string();
    let (hear, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // It is down for the first mail.
        for status in ["503 Down", "202 Accepted", "202 Accepted"] {
            let (mut stream, _) = api.accept().unwrap();
            let (mut request, mut part) = (Vec::new(), [0; 4096]);
            while !request.ends_with(b"}") {
                let length = stream.read(&mut part).unwrap();
                request.extend_from_slice(&part[..length]);
            }
            write!(stream, "HTTP/1.0 {status}\r\n\r\n").unwrap();
            hear.send(String::from_utf8(request).unwrap()).unwrap();
        }
    });
    let accounts = for_tests().mail_sender(own_mail_sender::MailApi(address)).await;
    let app = own_mail_sender::app(&accounts);
    let body = json!({"email": "ann@example.org", "password": PASSWORD});
    // The answer is the same for every address. The mail tells the result.
    assert_eq!(post(&app, "/auth/register", None, body).await.0, StatusCode::ACCEPTED);
    accounts.send_mails().await;
    accounts.advance(Duration::from_secs(10));
    accounts.send_mails().await;
    let [first, second] = [heard.recv().unwrap(), heard.recv().unwrap()];
    let link = |request: &str| request.split("&token=").nth(1).unwrap()[..40].to_owned();
    assert_ne!(link(&first), link(&second));
    let key = |request: &str| {
        request.split("Idempotency-Key: ").nth(1).unwrap().split('\r').next().unwrap().to_owned()
    };
    assert_ne!(key(&first), key(&second));
    let mail: Value = serde_json::from_str(second.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(mail["to"], "ann@example.org");
    let link =
        mail["text"].as_str().unwrap().split("&token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let verified = post(&app, "/auth/verify-email", None, json!({"token": link})).await;
    assert_eq!(verified.0, StatusCode::NO_CONTENT);
    let ann = accounts.user_by_email("ann@example.org").await.unwrap().unwrap();
    let ann = accounts.log_in_as(&ann).await;
    assert_eq!(post(&app, "/invoice", Some(&ann), json!({})).await.0, StatusCode::ACCEPTED);
    accounts.send_mails().await;
    assert!(heard.recv().unwrap().contains("your invoice is ready"));
}
