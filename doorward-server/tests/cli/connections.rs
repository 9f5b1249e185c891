//! Many connections of one client: idle ones, half-sent requests, and bodies without an end. Others still get in.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    home::{Home, PASSWORD, Server},
    http::{Client, request},
};

const JSON: &str = "Content-Type: application/json";
/// The beginning of a request whose body does not end.
const UNFINISHED: &str = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

/// Checks that a user logs in without waiting.
fn assert_log_in(server: &Server) {
    let start = Instant::now();
    let body = json!({"email": "ann@example.org", "password": PASSWORD}).to_string();
    let answer = server.request("POST", "/login", &[JSON, "Sec-Fetch-Site: same-origin"], &body);
    assert!(answer.status < 300, "{answer:?}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// The same command with other limits of the shell.
fn with_limits(limits: &str, command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &format!("{limits} && exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(command.get_current_dir().unwrap())
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::null());
    shell
}

#[test]
fn the_connection_that_was_idle_longest_makes_room() {
    for (limits, told) in [
        ("max_connections = 3\ntrusted_proxies = [\"127.0.0.1\"]", "idle ones are closed"),
        ("max_connections = 10\nmax_connections_per_peer = 3", "a client has all connections"),
    ] {
        let home = Home::on_sqlite();
        home.write("doorward.toml", limits);
        let mut server = home.start();
        let mut idle: Vec<_> = (0..3).map(|_| server.connect()).collect();
        for client in &mut idle {
            assert_eq!(client.request("GET", "/healthz", &[], "").status, 200);
            std::thread::sleep(Duration::from_millis(20));
        }
        // The first one is now the youngest.
        assert_eq!(idle[0].request("GET", "/healthz", &[], "").status, 200);
        assert_eq!(server.request("GET", "/healthz", &[], "").status, 200, "{limits}");
        server.wait_for_log(told);
        idle[1].assert_closed();
        assert_eq!(idle[2].request("GET", "/healthz", &[], "").status, 200);
        assert_eq!(idle[0].request("GET", "/healthz", &[], "").status, 200);
    }
}

#[test]
fn a_request_that_is_not_whole_makes_room_and_is_told_so() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "max_connections = 2");
    let server = home.start();
    for begun in ["GET /healthz HTTP/1.1\r\nHost: loc", &format!("{UNFINISHED}Content-Length: 9\r\n\r\n{{}}")]
    {
        let mut slow: Vec<_> = (0..2).map(|_| server.connect()).collect();
        for client in &mut slow {
            client.send(begun);
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
        let answer = slow[0].answer();
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer:?}");
        assert_eq!(answer.json()["code"], "unavailable");
        slow[0].assert_closed();
    }
}

#[test]
fn hundreds_of_idle_and_half_sent_connections_keep_nobody_out() {
    let home = Home::on_sqlite();
    // The server raises the limit, and accepts no more than fit.
    let command = home.command(&["--listen", "127.0.0.1:0"]);
    let mut server = Server::start(with_limits("ulimit -Sn 64 && ulimit -Hn 560", &command));
    server.wait_for_log("does not fit into the limit of open files");
    assert_eq!(server.register("ann@example.org").status, 201);
    let mut held = Vec::new();
    for turn in 0..600 {
        let mut client = server.connect();
        if turn % 2 == 0 {
            // It may have been closed to make room.
            let _ = client.try_send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        }
        held.push(client);
        if turn % 100 == 0 {
            assert_log_in(&server);
        }
    }
    assert_log_in(&server);
    let log = server.stop();
    assert!(!log.contains("cannot accept") && !log.contains("no room for a further"), "{log}");
}

/// Opens connections, and sends this on each.
fn hold(server: &Server, number: usize, begun: &str) -> Vec<Client> {
    (0..number)
        .map(|_| {
            let mut client = server.connect();
            // The server may refuse the body before all of it is sent.
            let _ = client.try_send(begun);
            client
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn bodies_without_an_end_take_little_memory_and_keep_nobody_out() {
    // Small bodies are not limited but by the number of connections. A build for tests takes more for each than one for
    // production.
    for begun in [
        format!("{UNFINISHED}Content-Length: 65000\r\n\r\n{{{}", " ".repeat(64_000)),
        format!("{UNFINISHED}Content-Length: 8000\r\n\r\n{{{}", " ".repeat(7900)),
        format!("{UNFINISHED}Content-Length: 900\r\n\r\n{{"),
        format!("{UNFINISHED}Transfer-Encoding: chunked\r\n\r\nfa00\r\n{{{}", " ".repeat(60_000)),
        format!("{UNFINISHED}Transfer-Encoding: chunked\r\n\r\n{}", "1\r\n \r\n".repeat(4000)),
    ] {
        let home = Home::on_sqlite();
        let server = home.start();
        assert_eq!(server.register("ann@example.org").status, 201);
        assert_log_in(&server);
        let before = server.memory();
        let held = hold(&server, 700, &begun);
        assert_log_in(&server);
        let grown = server.memory().saturating_sub(before);
        let shown = &begun[UNFINISHED.len()..].split('{').next();
        println!("{shown:?}: {grown} KiB for {} connections", held.len());
        assert!(grown < 700 * 80, "{grown} KiB for {shown:?}");
    }
}

#[test]
fn the_error_about_a_body_names_the_limit_of_its_route() {
    let home = Home::on_sqlite();
    let server = home.start();
    for (path, content_type) in
        [("/login", JSON), ("/register", JSON), ("/token", "Content-Type: application/x-www-form-urlencoded")]
    {
        let mut client = server.connect();
        client.send(request("POST", path, &[content_type], &"a".repeat(8 * 1024 + 1)));
        let answer = client.answer();
        assert_eq!((answer.status, answer.header("connection")), (413, Some("close")), "{path}");
        assert_eq!(answer.json()["detail"], "The request body is larger than 8 KiB", "{path}");
    }
}
