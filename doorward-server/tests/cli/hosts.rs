//! The hosts that a request may name: a page of another site cannot reach the server under its own name.

use crate::{
    home::{Home, Server},
    http::Answer,
};

fn asked(server: &Server, host: &str, path: &str) -> Answer {
    let mut client = server.connect();
    client.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    client.answer()
}

#[test]
fn a_name_of_another_site_that_leads_to_this_machine_reaches_nothing() {
    let home = Home::on_sqlite();
    let server = home.start();
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"] {
        assert_eq!(asked(&server, host, "/login").status, 200, "{host}");
    }
    for host in ["evil.example", "evil.example:8000", "localhost.evil.example", "10.0.0.1", "0.0.0.0", ""] {
        for path in ["/login", "/me", "/openapi.json", "/nothing", "/healthz/x"] {
            let answer = asked(&server, host, path);
            assert_eq!((answer.status, answer.header("connection")), (421, Some("close")), "{host} {path}");
            assert_eq!(answer.json()["code"], "misdirected_request");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
        // Load balancers ask for an address.
        assert_eq!(asked(&server, host, "/healthz").status, 200, "{host}");
        assert_eq!(asked(&server, host, "/readyz").status, 200, "{host}");
    }
    assert_eq!(asked(&server, "localhost", "http://evil.example/me").status, 421);
    assert!(server.stop().contains("\"status\":421"));
}

#[test]
fn a_host_that_is_no_host_is_refused_wherever_the_server_listens() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "allowed_hosts = [\"*\"]\n");
    let server = home.start();
    // RFC 9112, section 3.2.
    for host in ["a b", "user@x", "a:b", "a/b", "[::1", "a\tb", "\u{e4}"] {
        for path in ["/login", "/healthz"] {
            let answer = asked(&server, host, path);
            assert_eq!((answer.status, answer.header("connection")), (400, Some("close")), "{host} {path}");
            assert_eq!(answer.json()["code"], "malformed_request");
            assert!(answer.json()["detail"].as_str().unwrap().contains("Host"), "{answer:?}");
        }
    }
    for host in ["a", "unknown.example:8000", ""] {
        assert_eq!(asked(&server, host, "/login").status, 200, "{host}");
    }
}

#[test]
fn listed_hosts_are_served() {
    let home = Home::on_sqlite();
    home.write(
        "doorward.toml",
        "allowed_hosts = [\"auth.internal\"]\npublic_url = \"https://auth.example.org\"\n",
    );
    let server = home.start();
    for (host, status) in
        [("auth.internal:8000", 200), ("auth.example.org", 200), ("localhost", 421), ("evil.example", 421)]
    {
        assert_eq!(asked(&server, host, "/login").status, status, "{host}");
    }
}

#[test]
fn behind_a_proxy_any_host_is_served() {
    let home = Home::on_sqlite();
    home.write(
        "doorward.toml",
        "trusted_proxies = [\"127.0.0.1\"]\npublic_url = \"https://auth.example.org\"\n",
    );
    let server = home.start();
    assert_eq!(asked(&server, "doorward.internal", "/login").status, 200);
}
