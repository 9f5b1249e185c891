//! `GET /readyz` while the database takes no writes.

use std::time::{Duration, Instant};

use crate::home::{Home, Server};

#[test]
fn the_log_says_once_why_the_server_is_not_ready() {
    let home = Home::on_sqlite();
    let mut server = home.start();
    assert_eq!(server.token("ann@example.org", "wrong").status, 401);
    // Another program holds the write lock.
    let file = home.database.strip_prefix("sqlite:").unwrap();
    let other = rusqlite::Connection::open(file).unwrap();
    other.busy_timeout(Duration::from_secs(10)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(server.request("GET", "/readyz", &[], "").status, 200, "no write has failed yet");
    assert_eq!(server.token("ann@example.org", "wrong").status, 503);
    // The request may give up before the write does.
    let turns = |server: &Server, status| {
        let end = Instant::now() + Duration::from_secs(30);
        while server.request("GET", "/readyz", &[], "").status != status {
            assert!(Instant::now() < end, "never {status}");
        }
    };
    turns(&server, 503);
    for _ in 0..3 {
        assert_eq!(server.request("GET", "/readyz", &[], "").status, 503);
    }
    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    other.execute_batch("ROLLBACK").unwrap();
    turns(&server, 200);
    server.wait_for_log("ready again");
    let log = server.stop();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("not ready")).collect();
    assert!(matches!(lines[..], [line] if line.contains("ERROR") && line.contains("cause")), "{log}");
}
