//! The log: one line per request, and never a secret.

use serde_json::{Value, json};

use crate::home::{Home, PASSWORD};

fn parsed(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

#[test]
fn every_request_is_one_line_of_json_with_the_id_of_its_answer() {
    let home = Home::on_sqlite();
    let server = home.start();
    let answers = [
        server.request("GET", "/healthz", &["X-Request-Id: chosen-by-the-client"], ""),
        server.request("GET", "/sessions?secret=1", &[], ""),
        server.request("DELETE", "/sessions/17", &[], ""),
        server.request("GET", "/no/such/path?secret=1", &[], ""),
        server.request("TRACE", "/me", &[], ""),
    ];
    let lines = parsed(&server.stop());
    let requests: Vec<_> = lines.iter().filter(|line| line["target"] == "doorward::request").collect();
    assert_eq!(requests.len(), answers.len());
    let routes = ["/healthz", "/sessions", "/sessions/{id}", "/no/such/path", "/me"];
    for ((line, answer), route) in requests.iter().zip(&answers).zip(routes) {
        assert_eq!(line["id"], answer.header("x-request-id").unwrap());
        assert_eq!(line["status"], answer.status);
        assert_eq!(line["route"], route);
        assert!(line["us"].is_u64() && line["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{line}");
    }
    assert_eq!(requests[4]["method"], "TRACE");
    let ids: std::collections::HashSet<_> = requests.iter().map(|line| line["id"].as_str()).collect();
    assert_eq!(ids.len(), answers.len());
}

#[test]
fn beyond_a_rate_requests_are_counted_and_each_kind_has_lines_of_its_own() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "log_requests = 2\nlog_refused = 20");
    let server = home.start();
    let mut client = server.connect();
    for _ in 0..100 {
        assert_eq!(client.request("GET", "/healthz", &[], "").status, 200);
        assert_eq!(client.request("GET", &format!("/{}", "x".repeat(120)), &[], "").status, 404);
    }
    // Neither of those takes the place of this one.
    assert_eq!(client.request("GET", "/sessions", &[], "").status, 401);
    let lines = parsed(&server.stop());
    let status = |status: u16| lines.iter().filter(|line| line["status"] == status).count() as u64;
    let left_out = |what: &str| {
        let told =
            lines.iter().filter(|line| line["message"].as_str().is_some_and(|text| text.starts_with(what)));
        told.map(|line| line["requests"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(status(401), 1);
    assert_eq!(status(200) + left_out("answered without"), 100);
    assert_eq!(status(404) + left_out("malformed or for nothing"), 100);
    for answer in [200, 404] {
        assert!((2..60).contains(&status(answer)), "{} lines of {answer}", status(answer));
    }
}

#[test]
fn a_client_that_sends_nonsense_does_not_hide_the_lines_of_others() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "trusted_proxies = [\"127.0.0.1\"]");
    let server = home.start();
    let mut client = server.connect();
    for turn in 0..500 {
        let forwarded = "X-Forwarded-For: 192.0.2.1";
        assert_eq!(client.request("GET", "/nothing", &[forwarded], "").status, 404);
        if turn % 100 == 50 {
            let forwarded = "X-Forwarded-For: 198.51.100.7";
            assert_eq!(client.request("GET", "/else", &[forwarded], "").status, 404);
        }
    }
    let lines = parsed(&server.stop());
    let of = |route: &str| lines.iter().filter(|line| line["route"] == route).count();
    assert_eq!(of("/else"), 5);
    assert!((10..250).contains(&of("/nothing")), "{}", of("/nothing"));
}

#[test]
fn behind_a_trusted_proxy_the_line_names_the_client_too() {
    let home = Home::on_sqlite();
    let proxies = ["", "trusted_proxies = [\"127.0.0.1\"]"];
    for (file, format) in [(proxies[0], "json"), (proxies[1], "json"), (proxies[1], "text")] {
        home.write("doorward.toml", file);
        let server = home.start_with(&["--log-format", format]);
        for headers in [&[][..], &["X-Forwarded-For: 203.0.113.9, 2001:db8::7"], &["X-Forwarded-For: evil"]] {
            assert_eq!(server.request("GET", "/me", headers, "").status, 401);
        }
        let log = server.stop();
        let named: Vec<_> = log
            .lines()
            .filter(|line| line.contains("/me"))
            .map(|line| (line.contains("127.0.0.1:"), line.contains("2001:db8::7"), line.contains("client")))
            .collect();
        let peer = (true, false, false);
        let client = if file.is_empty() { peer } else { (true, true, true) };
        assert_eq!(named, [peer, client, peer], "{log}");
    }
}

#[test]
fn no_secret_is_logged_at_any_level() {
    let home = Home::new();
    home.write("doorward.toml", "log = \"trace,hyper=trace,tokio_postgres=trace,rustls=trace,mio=trace\"");
    let server = home.start();
    let form = "Content-Type: application/x-www-form-urlencoded";
    let same_site = ["Content-Type: application/json", "Sec-Fetch-Site: same-origin"];
    assert_eq!(server.register("ann@example.org").status, 201);
    let token = server.token("ann@example.org", PASSWORD).json()["access_token"].as_str().unwrap().to_owned();
    let body = json!({"email": "ann@example.org", "password": PASSWORD}).to_string();
    let login = server.request("POST", "/login", &same_site, &body);
    assert!(login.status < 300, "{login:?}");
    let cookie = login.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let cookie_value = cookie.split_once('=').unwrap().1.to_owned();

    assert_eq!(server.me(&token).status, 200);
    assert_eq!(server.request("GET", "/me", &[&format!("Cookie: {cookie}")], "").status, 200);
    for path in ["/me?access_token=", "/nothing?access_token=", "/nothing/", "/sessions/"] {
        server.request("GET", &format!("{path}{token}"), &[], "");
    }
    server.token("ann@example.org", "a wrong password");
    server.request("POST", "/token", &[form], "username=%zz&password=a+wrong+password");
    server.request("POST", "/register", &same_site, "{\"password\": \"a wrong password\"");
    server.request(
        "POST",
        "/revoke",
        &[form, &format!("Authorization: Bearer {token}")],
        &format!("token={token}"),
    );
    server.request(
        "GET",
        "/me",
        &[&format!("Authorization: Bearer {cookie_value}"), &format!("Cookie: {cookie}")],
        "",
    );
    server.request("POST", "/logout", &[&format!("Cookie: {cookie}"), same_site[1]], "");
    let log = server.stop();
    assert!(parsed(&log).len() > 15, "{log}");
    for secret in [
        PASSWORD,
        "correct+horse",
        "a wrong password",
        "a+wrong",
        &token,
        &cookie_value,
        "$argon2",
        "access_token=",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn nobody_can_forge_lines() {
    let home = Home::on_sqlite();
    let server = home.start();
    let answer = server.request("GET", "/a%0a%1b[31m|b\"", &["User-Agent: \u{202e}"], "");
    assert_eq!(answer.status, 404, "{answer:?}");
    // A path cannot do it either.
    assert_eq!(server.request("GET", "/a\u{202e}\u{1b}", &[], "").status, 400);
    let log = server.stop();
    let lines = parsed(&log);
    let line = lines.iter().find(|line| line["status"] == 404).unwrap();
    assert_eq!(line["route"], "/a%0a%1b[31m|b\"");
    assert!(!log.contains(['\u{1b}', '\u{202e}']), "{log}");
}

#[test]
fn the_format_of_the_log_can_be_chosen() {
    let home = Home::on_sqlite();
    let server = home.start_with(&["--log-format", "text", "--log", "info,doorward::request=off"]);
    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    let log = server.stop();
    assert!(log.contains("stopped") && !log.contains('{') && !log.contains("/healthz"), "{log}");
}

#[test]
fn an_unread_log_does_not_block_the_server() {
    let home = Home::on_sqlite();
    let mut child = home
        .command(&["--listen", "127.0.0.1:0"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = [0; 1024];
    let length = std::io::Read::read(child.stdout.as_mut().unwrap(), &mut greeting).unwrap();
    let greeting = std::str::from_utf8(&greeting[..length]).unwrap();
    let port = greeting.lines().next().unwrap().rsplit_once(':').unwrap().1;
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    // A pipe holds 64 KiB, and nothing empties this one.
    let mut client = crate::http::Client::connect(address);
    for _ in 0..2000 {
        assert_eq!(client.request("GET", "/healthz", &[], "").status, 200);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
