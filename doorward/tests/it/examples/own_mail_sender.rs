//! A mail service gets the mails by its HTTP API.

use std::{
    io::{Read as _, Write as _},
    time::Duration,
};

use axum::http::StatusCode;
use doorward::test_util::PASSWORD;
use serde_json::{Value, json};

use super::requests::post;
use crate::app::for_tests;

#[path = "../../../examples/own_mail_sender.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

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
    let accounts = for_tests().mail_sender(example::MailApi(address)).await;
    let app = example::app(&accounts);
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
