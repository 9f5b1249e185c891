//! Stopping and killing a server: accepted requests are answered, acknowledged changes are kept.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    home::{Home, PASSWORD, Server},
    http::{Client, request},
};

const JSON: &str = "Content-Type: application/json";

/// The end of a client's work.
#[derive(Debug, PartialEq)]
enum End {
    /// The server accepts no connections any more.
    Stopped,
    /// A new connection was reset before any answer: the kernel had opened it, but the server had not accepted it.
    Turned,
}

/// Sends requests, on kept and on new connections, until the server has stopped. Unless the server has announced to
/// close a connection, every request on it must be answered.
fn work(address: std::net::SocketAddr, keep: bool, answered: &AtomicU32) -> End {
    loop {
        let Ok(mut client) = Client::try_connect(address) else { return End::Stopped };
        for number in 0.. {
            let sent = client.try_send(request("GET", "/me", &[], ""));
            let answer = match sent.and_then(|()| client.try_answer()) {
                Ok(answer) => answer,
                Err(_) if number == 0 => return End::Turned,
                Err(error) => panic!("request {number} of a connection was not answered: {error}"),
            };
            assert_eq!(answer.status, 401);
            answered.fetch_add(1, Ordering::Relaxed);
            if answer.header("connection") == Some("close") || !keep {
                break;
            }
        }
    }
}

#[test]
fn under_load_every_accepted_request_is_answered_before_the_end() {
    let home = Home::new();
    let server = home.start();
    let address = server.address;
    let answered = AtomicU32::new(0);
    thread::scope(|scope| {
        let answered = &answered;
        let clients: Vec<_> =
            (0..8).map(|number| scope.spawn(move || work(address, number % 2 == 0, answered))).collect();
        while answered.load(Ordering::Relaxed) < 500 {
            thread::yield_now();
        }
        let start = Instant::now();
        server.stop();
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        let turned = clients.into_iter().filter(|_| true).map(|client| client.join().unwrap());
        let turned = turned.filter(|end| *end == End::Turned).count();
        // Between the last accept and the end of the socket there is a gap that no program can close.
        assert!(turned <= 1, "{turned} connections were turned away");
    });
}

#[test]
fn a_request_in_progress_is_answered_before_its_connection_is_closed() {
    let home = Home::new();
    let mut server = home.start();
    let body = json!({"email": "ann@example.org", "password": PASSWORD}).to_string();
    let register = request("POST", "/register", &[JSON], &body);
    let (first, last) = register.split_at(register.len() - 10);
    // One connection is in a body, one in a head, one is idle.
    let mut in_body = server.connect();
    in_body.send(first);
    let mut in_head = server.connect();
    in_head.send("GET /readyz HTTP/1.1\r\nHost: a\r\n");
    let mut idle = server.connect();
    assert_eq!(idle.request("GET", "/healthz", &[], "").status, 200);

    server.signal("-TERM");
    server.wait_for_log("\"stopping\"");
    idle.assert_closed();

    in_head.send("\r\n");
    let answer = in_head.answer();
    assert_eq!((answer.status, answer.header("connection")), (503, Some("close")));
    in_head.assert_closed();

    in_body.send(last);
    let answer = in_body.answer();
    assert_eq!((answer.status, answer.header("connection")), (201, Some("close")), "{answer:?}");
    in_body.assert_closed();

    let (status, log) = server.ended();
    assert!(status.success() && log.contains("\"stopped\""), "{log}");
    assert_eq!(home.start().token("ann@example.org", PASSWORD).status, 200);
}

#[test]
fn a_closed_terminal_stops_the_server_like_a_service_manager() {
    let home = Home::on_sqlite();
    let mut server = home.start();
    let mut in_head = server.connect();
    in_head.send("GET /me HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    server.signal("-HUP");
    server.wait_for_log("\"stopping\"");
    // The terminal and its shell may both send it.
    server.signal("-HUP");
    in_head.send("\r\n");
    let answer = in_head.answer();
    assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
    let (status, log) = server.ended();
    assert!(status.success() && log.contains("\"stopped\""), "{status}: {log}");
}

#[test]
fn a_server_that_was_started_with_nohup_outlives_its_terminal() {
    let home = Home::on_sqlite();
    let program = home.command(&["--listen", "127.0.0.1:0"]);
    let mut command = std::process::Command::new("nohup");
    command.arg(program.get_program()).args(program.get_args()).current_dir(home.path(""));
    command.env("DOORWARD_DATABASE", &home.database).stdin(std::process::Stdio::null());
    let server = Server::start(command);
    server.signal("-HUP");
    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    // SIGHUP would have come before this one.
    assert_eq!(server.stop().matches("\"stopping\"").count(), 1);
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let home = Home::on_sqlite();
    let mut server = home.start();
    let mut unfinished = server.connect();
    unfinished.send("GET /me HTTP/1.1\r\n");
    // The server has it when it answers a later one.
    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    server.signal("-INT");
    server.wait_for_log("\"stopping\"");
    let start = Instant::now();
    server.signal("-INT");
    let (status, _) = server.ended();
    assert_eq!(status.code(), Some(1));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn acknowledged_changes_survive_a_kill() {
    let home = Home::new();
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let server = home.start();
        let address = server.address;
        let registered = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for worker in 0..4 {
                let registered = &registered;
                scope.spawn(move || {
                    for number in 0.. {
                        let email = format!("a{round}-{worker}-{number}@example.org");
                        let body = json!({"email": email, "password": PASSWORD}).to_string();
                        let Ok(mut client) = Client::try_connect(address) else { return };
                        let sent = client.try_send(request("POST", "/register", &[JSON], &body));
                        let Ok(answer) = sent.and_then(|()| client.try_answer()) else { return };
                        assert_eq!(answer.status, 201, "{answer:?}");
                        registered.lock().unwrap().push(email);
                    }
                });
            }
            while registered.lock().unwrap().len() < 20 {
                thread::yield_now();
            }
            server.signal("-KILL");
        });
        acknowledged.extend(registered.into_inner().unwrap());
    }
    let server = home.start();
    assert!(acknowledged.len() >= 60);
    for email in acknowledged {
        assert_eq!(server.token(&email, PASSWORD).status, 200, "{email}");
    }
}
