//! `doorward user`, also while the server runs.

use crate::home::{Home, PASSWORD};

const OTHER: &str = "another long password";

#[test]
fn a_user_is_added_listed_and_deleted() {
    let home = Home::new();
    let added = home.run_with(&["user", "add", "Ann@example.org"], &format!("{PASSWORD}\n")).done();
    let id = added.trim_end().strip_prefix("added Ann@example.org with the id ").unwrap().to_owned();
    home.run_with(&["user", "add", "bo@example.org"], PASSWORD).done();

    let listed = home.run(&["user", "list"]).done();
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["ID", "EMAIL", "STATE", "VERIFIED", "CREATED"]);
    assert_eq!(lines[1][..4], [&id, "Ann@example.org", "active", "no"]);
    assert_eq!(lines[2][1..4], ["bo@example.org", "active", "no"]);
    // The columns are aligned.
    assert!(listed.lines().all(|line| line.is_char_boundary(18) && line[..18].ends_with("  ")), "{listed}");

    let listed = home.run(&["user", "list", "--json"]).done();
    let users: Vec<serde_json::Value> =
        listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(users.len(), 2);
    assert_eq!((users[0]["id"].to_string(), &users[0]["email"]), (id.clone(), &"Ann@example.org".into()));

    let error = home.run(&["user", "delete", "ann@example.org"]).failed();
    assert!(error.contains("--yes"), "{error}");
    assert_eq!(home.run(&["user", "delete", &id, "--yes"]).done(), "deleted Ann@example.org\n");
    assert_eq!(home.run(&["user", "list"]).done().lines().count(), 2);
}

#[test]
fn an_impossible_command_gives_an_error() {
    let home = Home::new();
    home.run_with(&["user", "add", "ann@example.org"], PASSWORD).done();
    for (arguments, input, told) in [
        (&["user", "add", "ANN@example.org"][..], PASSWORD, "Email already exists"),
        (&["user", "add", "ann"], PASSWORD, "email: "),
        (&["user", "add", "bo@example.org"], "short", "password: "),
        (&["user", "add", "bo@example.org"], "Sunshine2024!", "password: this password is too common"),
        (
            &["user", "add", "bo.lund@example.org"],
            "lund.example",
            "password: this password is made of your e-mail",
        ),
        (&["user", "add", "bo@example.org"], "\n", "expected the password"),
        (&["user", "add", "bo@example.org"], "", "expected the password"),
        (&["user", "disable", "bo@example.org"], "", "there is no user bo@example.org"),
        (&["user", "set-email", "bo@example.org", "x@example.org"], "", "there is no user bo@example.org"),
        (&["user", "enable", "17"], "", "there is no user 17"),
        (&["user", "unlock", "bo@example.org"], "", "there is no user bo@example.org"),
        (&["user", "reset-second-factor", "ann@example.org"], "", "ann@example.org has no second factor"),
        (&["user", "set-password", "bo@example.org"], PASSWORD, "there is no user bo@example.org"),
        (&["user", "set-password", "ann@example.org"], "short", "password: "),
        (
            &["user", "set-password", "ann@example.org"],
            "Sunshine2024!",
            "password: this password is too common",
        ),
        (&["user", "delete", "nobody", "--yes"], "", "there is no user nobody"),
    ] {
        let error = home.run_with(arguments, input).failed();
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert!(input.is_empty() || input == "\n" || !error.contains(input), "{arguments:?}: {error}");
    }
}

#[test]
fn a_command_acts_on_a_running_server() {
    let home = Home::new();
    let server = home.start();
    // The server knows the new user at once.
    home.run_with(&["user", "add", "ann@example.org"], PASSWORD).done();
    let token = |password| {
        let answer = server.token("ann@example.org", password);
        answer.json()["access_token"].as_str().map(str::to_owned).ok_or(answer.status)
    };
    let first = token(PASSWORD).unwrap();
    assert_eq!(server.me(&first).status, 200);

    let disabled = home.run(&["user", "disable", "ann@example.org"]).done();
    assert_eq!(disabled, "disabled ann@example.org; all sessions have ended\n");
    assert_eq!(server.me(&first).status, 401);
    assert_eq!(token(PASSWORD), Err(401));
    assert!(home.run(&["user", "list"]).done().contains("disabled"));

    assert_eq!(home.run(&["user", "enable", "ann@example.org"]).done(), "enabled ann@example.org\n");
    assert_eq!(server.me(&first).status, 401, "what has ended stays ended");
    let second = token(PASSWORD).unwrap();
    assert_eq!(server.me(&second).status, 200);

    for _ in 0..6 {
        token("a wrong password").unwrap_err();
    }
    assert_eq!(token(PASSWORD), Err(429));
    assert_eq!(home.run(&["user", "unlock", "ann@example.org"]).done(), "unlocked ann@example.org\n");
    token(PASSWORD).unwrap();

    home.run_with(&["user", "set-password", "ann@example.org"], OTHER).done();
    assert_eq!(server.me(&second).status, 401);
    assert_eq!(token(PASSWORD), Err(401));
    let third = token(OTHER).unwrap();
    assert_eq!(server.me(&third).status, 200);

    let moved = home.run(&["user", "set-email", "ann@example.org", "ann@example.com"]).done();
    assert_eq!(
        moved,
        "ann@example.org now has the address ann@example.com; all sessions have ended, and the password is removed\n"
    );
    assert_eq!(server.me(&third).status, 401);
    assert_eq!(token(OTHER), Err(401));
    home.run_with(&["user", "set-password", "ann@example.com"], PASSWORD).done();
    let fourth =
        server.token("ann@example.com", PASSWORD).json()["access_token"].as_str().unwrap().to_owned();

    home.run(&["user", "delete", "ann@example.com", "--yes"]).done();
    assert_eq!(server.me(&fourth).status, 401);
}

#[test]
fn a_closed_output_is_no_error() {
    let home = Home::on_sqlite();
    let mut child = home.command(&["config"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
