//! Several servers on one database: after a session has ended at one of them, none accepts it.

use std::{sync::atomic::Ordering, thread, time::Duration};

use crate::{
    home::{Home, PASSWORD, Server},
    http::{Client, request},
    proxy::Proxy,
};

const EMAIL: &str = "ann@example.org";

/// The number of rounds of the long test: `TEST_ROUNDS=10000 cargo nextest run -p doorward-server three_servers`.
pub(crate) fn rounds() -> usize {
    std::env::var("TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(120)
}

fn token(server: &Server) -> String {
    let answer = server.token(EMAIL, PASSWORD);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

fn status(client: &mut Client, method: &str, path: &str, token: &str) -> u16 {
    client.request(method, path, &[&format!("Authorization: Bearer {token}")], "").status
}

#[test]
fn three_servers_never_accept_an_ended_session() {
    let home = Home::new();
    let servers = [home.start(), home.start(), home.start()];
    assert_eq!(servers[0].register(EMAIL).status, 201);
    let mut clients = servers.each_ref().map(Server::connect);
    for round in 0..rounds() {
        let token = token(&servers[round % 3]);
        for client in &mut clients {
            // By the second request the server may remember it.
            assert_eq!((0..2).map(|_| status(client, "GET", "/me", &token)).collect::<Vec<_>>(), [200, 200]);
        }
        let by = &mut clients[round / 3 % 3];
        if round % 40 == 39 {
            home.run(&["user", "disable", EMAIL]).done();
            home.run(&["user", "enable", EMAIL]).done();
        } else if round % 2 == 0 {
            assert_eq!(status(by, "POST", "/logout", &token), 204);
        } else {
            let listed =
                by.request("GET", "/sessions", &[&format!("Authorization: Bearer {token}")], "").json();
            let own = listed.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
            assert_eq!(status(by, "DELETE", &format!("/sessions/{}", own["id"]), &token), 204);
        }
        for client in &mut clients {
            assert_eq!(status(client, "GET", "/me", &token), 401, "round {round}");
        }
    }
}

#[test]
fn a_server_that_stood_still_accepts_no_ended_session() {
    let home = Home::new();
    let servers = [home.start(), home.start()];
    assert_eq!(servers[0].register(EMAIL).status, 201);
    for _ in 0..2 {
        let token = token(&servers[0]);
        for _ in 0..3 {
            assert_eq!([servers[0].me(&token).status, servers[1].me(&token).status], [200, 200]);
        }
        servers[1].signal("-STOP");
        let mut waiting = servers[1].connect();
        let ended = servers[0].request("POST", "/logout", &[&format!("Authorization: Bearer {token}")], "");
        assert_eq!(ended.status, 204, "{}", ended.body);
        waiting.send(format!("GET /me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"));
        servers[1].signal("-CONT");
        assert_eq!(waiting.answer().status, 401);
        assert_eq!(servers[1].me(&token).status, 401);
    }
}

#[test]
fn a_request_waits_with_the_log_out_that_ended_its_session() {
    let home = Home::new();
    let servers = [home.start(), home.start()];
    assert_eq!(servers[0].register(EMAIL).status, 201);
    let own = ["Content-Type: application/json", "Sec-Fetch-Site: same-origin"];
    let log_in = serde_json::json!({"email": EMAIL, "password": PASSWORD}).to_string();
    let answer = servers[0].request("POST", "/login", &own, &log_in);
    let cookie = format!("Cookie: {}", answer.header("set-cookie").unwrap().split(';').next().unwrap());
    for server in [&servers[0], &servers[1], &servers[0], &servers[1]] {
        assert_eq!(server.request("GET", "/me", &[&cookie], "").status, 200);
    }
    servers[1].signal("-STOP");
    let mut waiting = servers[1].connect();
    let mut first = servers[0].connect();
    first.send(request("POST", "/logout", &[&cookie, own[1]], ""));
    // Now the session is deleted, and the log-out waits for the server that stands still.
    while servers[0].request("GET", "/me", &[&cookie], "").status == 200 {}
    let again = servers[0].request("POST", "/login", &[&cookie, own[0], own[1]], &log_in);
    assert_eq!(again.status, 200, "{}", again.body);
    waiting.send(request("GET", "/me", &[&cookie], ""));
    servers[1].signal("-CONT");
    assert_eq!(waiting.answer().status, 401);
    assert_eq!(first.answer().status, 204);
}

#[test]
fn a_killed_server_blocks_nothing_and_forgets_its_sessions() {
    let home = Home::new();
    let (first, second) = (home.start(), home.start());
    assert_eq!(first.register(EMAIL).status, 201);
    let token = token(&first);
    for _ in 0..3 {
        assert_eq!([first.me(&token).status, second.me(&token).status], [200, 200]);
    }
    second.signal("-KILL");
    let ended = first.request("POST", "/logout", &[&format!("Authorization: Bearer {token}")], "");
    assert_eq!(ended.status, 204, "{}", ended.body);
    assert_eq!(home.start().me(&token).status, 401);
    assert_eq!(first.me(&token).status, 401);
}

#[test]
fn a_server_without_its_database_says_that_it_is_unavailable() {
    let home = Home::new();
    let Some(proxy) = Proxy::before(&home.database) else { return };
    let first = home.start();
    let mut command = home.bare(&["--listen", "127.0.0.1:0"]);
    command.env("DOORWARD_DATABASE", proxy.url(&home.database));
    let second = Server::start(command);
    assert_eq!(first.register(EMAIL).status, 201);
    let token = token(&first);
    for _ in 0..3 {
        assert_eq!([first.me(&token).status, second.me(&token).status], [200, 200]);
    }
    proxy.cut.store(true, Ordering::SeqCst);
    let ended = first.request("POST", "/logout", &[&format!("Authorization: Bearer {token}")], "");
    assert_eq!(ended.status, 204, "{}", ended.body);
    // It knows neither that the session is active nor that it has ended.
    assert_eq!(second.me(&token).status, 503);
    proxy.cut.store(false, Ordering::SeqCst);
    let healed = (0..100).find(|_| {
        thread::sleep(Duration::from_millis(50));
        second.me(&token).status == 401
    });
    assert!(healed.is_some(), "it never came back");
}
