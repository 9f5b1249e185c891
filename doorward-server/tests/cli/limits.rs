//! Requests that are too large or ambiguous are refused. All others are still served.

use crate::{
    home::{Home, Server},
    http::{Answer, request},
};

/// Every answer of the server has these.
fn assert_safe(answer: &Answer) {
    for (name, value) in [
        ("content-type", "application/problem+json"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} in {answer:?}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(answer.header("x-request-id").unwrap().len(), 16);
    assert_eq!(answer.json()["status"], answer.status);
}

/// Sends raw bytes. Checks that the connection is closed after the answer.
fn refused(server: &Server, bytes: impl AsRef<[u8]>) -> Answer {
    let mut client = server.connect();
    client.send(bytes);
    let answer = client.answer();
    assert_safe(&answer);
    assert_eq!(answer.header("connection"), Some("close"));
    client.assert_closed();
    answer
}

#[test]
fn requests_that_are_too_large_are_refused() {
    let home = Home::on_sqlite();
    let server = home.start();
    let json = "Content-Type: application/json";
    let large = format!("{{\"email\": \"ann@example.org\", \"password\": \"{}\"}}", "a".repeat(64 * 1024));
    let huge = format!("{{\"email\": \"ann@example.org\", \"password\": \"{}\"}}", "a".repeat(4 << 20));
    for body in [&large, &huge] {
        assert_eq!(refused(&server, request("POST", "/register", &[json], body)).status, 413);
    }
    let chunked = format!(
        "POST /register HTTP/1.1\r\nHost: localhost\r\n{json}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{huge}\r\n0\r\n\r\n",
        huge.len()
    );
    assert_eq!(refused(&server, chunked).status, 413);

    let header = format!("X: {}", "a".repeat(16 * 1024));
    assert_eq!(refused(&server, request("GET", "/me", &[&header], "")).status, 431);
    let cookie = format!("Cookie: {}", "a=b; ".repeat(4000));
    assert_eq!(refused(&server, request("GET", "/me", &[&cookie], "")).status, 431);
    assert_eq!(refused(&server, request("GET", "/me", &["X: y"; 100], "")).status, 431);
    let path = format!("/me?{}", "a".repeat(8 * 1024));
    assert_eq!(refused(&server, request("GET", &path, &[], "")).status, 414);
    let bearer = format!("Authorization: Bearer {}", "a".repeat(1 << 20));
    assert_eq!(refused(&server, request("GET", "/me", &[&bearer], "")).status, 431);
    // The server accepts neither TLS nor HTTP/2.
    assert_eq!(refused(&server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").status, 400);
    assert_eq!(refused(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status, 400);

    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    let log = server.stop();
    assert!(!log.contains("\"status\":5"), "{log}");
}

#[test]
fn requests_that_two_servers_could_read_differently_are_refused() {
    let home = Home::on_sqlite();
    let server = home.start();
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for head in [
        "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 37\r\n\r\n",
        "POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
        "GET /me HTTP/1.1\nHost: localhost\n\n",
        "GET /me HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
        "GET /me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a\r\n b\r\n\r\n",
        "GET /me HTTP/1.1\r\n\r\n",
        "GET /healthz#/../me HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /me HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
    ] {
        assert_eq!(refused(&server, format!("{head}{smuggled}")).status, 400, "{head:?}");
    }
    // It is also refused after a good request.
    let mut client = server.connect();
    client.send(format!("{smuggled}GET /me HTTP/1.1\nHost: localhost\n\n{smuggled}"));
    assert_eq!(client.answer().status, 200);
    assert_eq!(client.answer().status, 400);
    client.assert_closed();
    // A chunk with an extension belongs to a request that has begun. Nothing after it is read.
    let mut client = server.connect();
    let form = "Content-Type: application/x-www-form-urlencoded";
    client.send(format!(
        "POST /token HTTP/1.1\r\nHost: localhost\r\n{form}\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\n\r\n{smuggled}"
    ));
    let answer = client.answer();
    assert!((400..500).contains(&answer.status), "{answer:?}");
    client.assert_closed();
}

#[test]
fn malformed_credentials_are_answered_with_an_error() {
    let home = Home::on_sqlite();
    let server = home.start();
    for value in ["Bearer", "Bearer ", "bearer\tx", "Basic %%%", "Bearer a b", "Bearer \u{e9}", "", "\t", "x"]
    {
        let answer = server.request("GET", "/me", &[&format!("Authorization: {value}")], "");
        assert!([400, 401].contains(&answer.status), "{value:?}: {answer:?}");
        assert_safe(&answer);
    }
    let twice = server.request("GET", "/me", &["Authorization: Bearer a", "Authorization: Bearer a"], "");
    assert_eq!(twice.status, 400);
    assert_eq!(server.request("GET", "/me?access_token=a", &[], "").status, 401);
}

#[test]
fn unknown_paths_and_methods_have_their_statuses() {
    let home = Home::on_sqlite();
    let server = home.start();
    let unknown = server.request("GET", "/nothing", &[], "");
    assert_eq!(unknown.status, 404);
    assert_safe(&unknown);
    for method in ["GET", "TRACE", "PUT", "CONNECT", "PROPFIND"] {
        let answer = server.request(method, "/token", &[], "");
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("POST"), "{method}");
        assert_safe(&answer);
    }
}
