//! `doorward events`, also while the server runs.

use serde_json::Value;

use crate::home::{Home, PASSWORD};

fn kinds(listed: &str) -> Vec<String> {
    listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn events_are_listed_newest_first() {
    let home = Home::new();
    let server = home.start();
    home.run_with(&["user", "add", "ann@example.org"], PASSWORD).done();
    assert_eq!(server.token("nobody@example.org", PASSWORD).status, 401);
    let answer = server.token("ann@example.org", PASSWORD);
    assert_eq!(answer.status, 200);

    let listed = home.run(&["events"]).done();
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["TIME", "KIND", "USER", "ACTOR", "FROM", "DETAIL"]);
    assert_eq!((lines.len(), lines[1][1], lines[1][3], lines[1][4]), (4, "logged_in", "user", "127.0.0.1"));
    assert_eq!(
        lines[2][1..],
        ["log_in_failed", "-", "user", "127.0.0.1", "method=password", "reason=unknown_user"]
    );
    assert_eq!((lines[3][1], lines[3][3..].to_vec()), ("registered", vec!["operator", "-"]));
    // The columns are aligned.
    let column = listed.find("DETAIL").unwrap();
    assert!(listed.lines().take(3).all(|line| line[..column].ends_with("  ")), "{listed}");

    let listed = home.run(&["events", "--json"]).done();
    assert_eq!(kinds(&listed), ["logged_in", "log_in_failed", "registered"]);
    let first: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    assert_eq!(first["request_id"], answer.header("x-request-id").unwrap());
    assert_eq!(first["detail"]["transport"], "bearer");
    assert!(first["at"].as_str().unwrap().ends_with('Z'), "{first}");

    for (filter, expected) in [
        (&["--kind", "log_in_failed"][..], &["log_in_failed"][..]),
        (&["--user", "ANN@example.org"], &["logged_in", "registered"]),
        (&["--user", lines[1][2], "--kind", "registered"], &["registered"]),
        (&["--user", "17"], &[]),
        (&["--limit", "2"], &["logged_in", "log_in_failed"]),
        (&["--limit", "0"], &[]),
        (&["--since", "1h"], &["logged_in", "log_in_failed", "registered"]),
        (&["--since", "2020-01-01"], &["logged_in", "log_in_failed", "registered"]),
        (&["--since", "2100-01-01T00:00:00Z"], &[]),
    ] {
        let listed = home.run(&[&["events", "--json"], filter].concat()).done();
        assert_eq!(kinds(&listed), expected, "{filter:?}");
    }

    // Events outlive their users.
    home.run(&["user", "delete", "ann@example.org", "--yes"]).done();
    assert!(home.run(&["events", "--user", "ann@example.org"]).failed().contains("by the id"));
    let listed = home.run(&["events", "--json", "--user", lines[1][2]]).done();
    assert_eq!(kinds(&listed), ["user_deleted", "logged_in", "registered"]);
}

#[test]
fn text_from_a_client_is_escaped_for_the_terminal() {
    let home = Home::on_sqlite();
    let server = home.start();
    let hostile = "User-Agent: \u{9b}31m\u{202e}\"x\\";
    server.request(
        "POST",
        "/token",
        &["Content-Type: application/x-www-form-urlencoded", hostile],
        "username=%1b%5b31m&password=%1b%5b31m",
    );
    for arguments in [&["events"][..], &["events", "--json"]] {
        let listed = home.run(arguments).done();
        assert!(listed.contains("unknown_user"), "{listed}");
        assert!(listed.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{listed:?}");
    }
    let line: Value = serde_json::from_str(&home.run(&["events", "--json"]).done()).unwrap();
    assert_eq!(line["user_agent"], "\u{9b}31m\u{202e}\"x\\");
}

#[test]
fn a_filter_that_makes_no_sense_is_refused() {
    let home = Home::on_sqlite();
    for (arguments, told) in [
        (["events", "--kind", "logged-in"], "expected one of `registered`, "),
        (["events", "--since", "yesterday"], "expected a moment such as "),
        (["events", "--limit", "ten"], "invalid digit"),
    ] {
        let ran = home.run(&arguments);
        assert_eq!(ran.code(), Some(2));
        assert!(ran.stderr().contains(told), "{}", ran.stderr());
    }
    assert!(home.run(&["events", "--user", "ann@example.org"]).failed().contains("there is no user"));
}
