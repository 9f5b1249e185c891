//! Importing the users of another system: `doorward user add --password-hash`, `user import` and `user wrap`.

use serde_json::json;

use crate::home::{Home, PASSWORD};

/// [`PASSWORD`] as other systems store it.
const MD5: &str = "88e4ddd2402d92d50e1879d6ecd9ffd4";
const DJANGO: &str = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";
/// A hash that is not weak. Nobody knows its password.
const BCRYPT: &str = "$2b$04$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy";

/// Reads the numbers and names of a report, one per line.
fn numbers(report: &str) -> Vec<(u64, String)> {
    let number = |line: &str| {
        let (number, name) = line.trim().split_once("  ")?;
        Some((number.parse().ok()?, name.to_owned()))
    };
    report.lines().filter_map(number).collect()
}

fn count(report: &str, name: &str) -> u64 {
    let found = numbers(report).into_iter().find(|(_, found)| found.split("  ").next() == Some(name));
    found.unwrap_or_else(|| panic!("no {name:?} in {report}")).0
}

fn token(home: &Home, email: &str) -> u16 {
    let server = home.start();
    let status = server.token(email, PASSWORD).status;
    server.stop();
    status
}

#[test]
fn a_user_is_added_with_a_hash() {
    let home = Home::new();
    let added = home.run(&["user", "add", "ann@example.org", "--password-hash", DJANGO]).done();
    assert!(added.starts_with("added ann@example.org with the id "), "{added}");
    home.run_with(&["user", "add", "bo@example.org", "--password-hash", "-"], &format!("{MD5}\r\n")).done();
    for email in ["ann@example.org", "bo@example.org"] {
        assert_eq!(token(&home, email), 200);
    }
    for (hash, input, told) in [
        (MD5, "", "Email already exists"),
        ("canary", "", "password_hash: the stored hash is in an unknown form"),
        ("-", "", "expected the hash as the first line of the input"),
        ("-", "canary\n", "password_hash: "),
    ] {
        let error =
            home.run_with(&["user", "add", "ann@example.org", "--password-hash", hash], input).failed();
        assert!(error.contains(told) && !error.contains("canary"), "{error}");
    }
}

#[test]
fn an_import_changes_nothing_without_apply() {
    let home = Home::new();
    home.run_with(&["user", "add", "cy@example.org"], PASSWORD).done();
    let lines = [
        json!({"email": "ann@example.org", "password_hash": DJANGO, "id": 17, "email_verified": true,
            "created_at": "2020-01-02T03:04:05Z"})
        .to_string(),
        String::new(),
        json!({"email": "bo@example.org", "password_hash": MD5}).to_string(),
        json!({"email": "dee@example.org", "password_hash": BCRYPT}).to_string(),
        json!({"email": "BO@example.org", "password_hash": MD5}).to_string(),
        json!({"email": "cy@example.org", "password_hash": MD5}).to_string(),
        "{\"canary".to_owned(),
        json!({"email": "eve@example.org", "password_hash": "canary"}).to_string(),
        format!("{{\"email\": \"{}\"}}", "canary".repeat(20_000)),
        json!({"email": "fay@example.org", "password_hash": MD5}).to_string(),
    ];
    home.write("users.jsonl", lines.join("\n"));

    let dry = home.run(&["user", "import", "users.jsonl"]).done();
    let expected = [
        (9, "lines"),
        (4, "importable"),
        (1, "bcrypt"),
        (2, "md5  (weak; --wrap puts argon2id over it)"),
        (1, "pbkdf2-sha256  (weak; --wrap puts argon2id over it)"),
        (0, "already there"),
        (5, "not importable"),
    ];
    assert_eq!(numbers(&dry), expected.map(|(number, name)| (number, name.to_owned())), "{dry}");
    let refused: Vec<_> = dry.lines().filter_map(|line| line.trim().strip_prefix("line ")).collect();
    let expected =
        ["5: email: ", "6: password_hash: ", "7: user: ", "8: password_hash: ", "9: expected at most"];
    assert_eq!(refused.len(), expected.len(), "{dry}");
    for (line, expected) in refused.iter().zip(expected) {
        assert!(line.starts_with(expected), "{dry}");
    }
    assert!(!dry.contains("canary") && dry.ends_with("nothing was changed; --apply imports them\n"), "{dry}");
    assert_eq!(home.run(&["user", "list"]).done().lines().count(), 2);

    let done = home.run(&["user", "import", "users.jsonl", "--apply"]).done();
    assert_eq!((count(&done, "imported"), count(&done, "not importable")), (4, 5), "{done}");
    let listed = home.run(&["user", "list", "--json"]).done();
    let ann: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    assert_eq!((&ann["id"], &ann["email"]), (&json!(17), &json!("ann@example.org")));
    assert_eq!(ann["created_at"], "2020-01-02T03:04:05Z");
    assert!(ann["email_verified_at"].is_string());

    // The same again, from the input: there is nothing left to do.
    let again = home.run_with(&["user", "import", "-", "--apply"], &lines.join("\n")).done();
    assert_eq!((count(&again, "imported"), count(&again, "already there")), (0, 4), "{again}");
    assert!(again.ends_with("nothing was changed\n"), "{again}");
    assert_eq!(home.run(&["user", "list", "--json"]).done(), listed);
    assert_eq!(token(&home, "ann@example.org"), 200);
}

#[test]
fn many_lines_that_cannot_be_imported_are_counted() {
    let home = Home::new();
    home.write("users.jsonl", "{}\n".repeat(1300));
    let told = home.run(&["user", "import", "users.jsonl", "--apply"]).done();
    assert_eq!((count(&told, "lines"), count(&told, "not importable")), (1300, 1300), "{told}");
    assert_eq!(told.matches("line ").count(), 20, "{told}");
    assert!(
        told.contains("line 1: email: ") && told.contains("line 20: ") && told.contains("and 1280 more"),
        "{told}"
    );
    // The first are shown, no matter at which step they fail.
    let line = json!({"email": "ann", "password_hash": MD5}).to_string();
    home.write("users.jsonl", format!("{}{}", format!("{line}\n").repeat(10), "{}\n".repeat(600)));
    let told = home.run(&["user", "import", "users.jsonl"]).done();
    let shown: Vec<_> = told.lines().filter_map(|line| line.trim().strip_prefix("line ")).collect();
    let numbers: Vec<u64> =
        shown.iter().map(|line| line.split(':').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>(), "{told}");

    home.write("users.jsonl", "");
    let told = home.run(&["user", "import", "users.jsonl"]).done();
    assert_eq!((count(&told, "lines"), count(&told, "importable")), (0, 0), "{told}");
    let error = home.run(&["user", "import", "missing.jsonl"]).failed();
    assert!(error.starts_with("cannot read missing.jsonl"), "{error}");
}

#[test]
fn weak_hashes_are_wrapped_at_once_or_later() {
    let home = Home::new();
    let line = |email, hash| json!({"email": email, "password_hash": hash}).to_string();
    home.write("first.jsonl", line("ann@example.org", MD5));
    let told = home.run(&["user", "import", "first.jsonl", "--wrap"]).done();
    assert!(told.contains("md5  (weak, would be wrapped in argon2id)"), "{told}");
    let told = home.run(&["user", "import", "first.jsonl", "--wrap", "--apply"]).done();
    assert!(told.contains("md5  (weak, wrapped in argon2id)"), "{told}");
    assert_eq!(count(&home.run(&["user", "wrap"]).done(), "weak"), 0);

    home.write("second.jsonl", [line("bo@example.org", MD5), line("cy@example.org", BCRYPT)].join("\n"));
    home.run(&["user", "import", "second.jsonl", "--apply"]).done();
    let told = home.run(&["user", "wrap"]).done();
    assert_eq!(
        (count(&told, "password hashes"), count(&told, "weak"), count(&told, "md5")),
        (3, 1, 1),
        "{told}"
    );
    assert!(told.ends_with("nothing was changed; --apply wraps them in argon2id\n"), "{told}");
    let told = home.run(&["user", "wrap", "--apply"]).done();
    assert_eq!(count(&told, "wrapped in argon2id"), 1, "{told}");
    let told = home.run(&["user", "wrap", "--apply"]).done();
    assert_eq!(count(&told, "weak"), 0, "{told}");
    assert!(told.ends_with("there is nothing to do\n"), "{told}");
    // Users who were imported with a wrapped hash, or whose hash was wrapped since, exist already.
    for file in ["first.jsonl", "second.jsonl"] {
        assert_eq!(count(&home.run(&["user", "import", file]).done(), "importable"), 0);
    }
    for email in ["ann@example.org", "bo@example.org"] {
        assert_eq!(token(&home, email), 200);
    }
}
