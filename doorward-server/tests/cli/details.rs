//! Roles, attributes and declared fields of users, from the configuration to the answers of a running server.

use crate::home::{Home, PASSWORD};

const SETTINGS: &str = r#"roles = ["admin", "editor"]

[[profile]]
name = "company"
required = true
maximum = 10
label = { en = "Company", de = "Firma" }

[[profile]]
name = "terms"
type = "boolean"
"#;

fn home() -> Home {
    let home = Home::new();
    home.write("doorward.toml", SETTINGS);
    home
}

#[test]
fn roles_and_attributes_count_at_once_on_a_running_server() {
    let home = home();
    let server = home.start();
    home.run_with(&["user", "add", "ann@example.org"], PASSWORD).done();
    let answer = server.token("ann@example.org", PASSWORD);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let roles = || server.me(&token).json()["roles"].clone();
    assert_eq!(roles(), serde_json::json!([]));

    let added = home.run(&["user", "role", "add", "ann@example.org", "editor"]).done();
    assert_eq!(added, "ann@example.org now has: editor\n");
    assert_eq!(roles(), serde_json::json!(["editor"]));
    home.run(&["user", "role", "add", "ann@example.org", "admin"]).done();
    assert_eq!(home.run(&["user", "role", "list", "ann@example.org"]).done(), "admin\neditor\n");
    home.run(&["user", "role", "remove", "ann@example.org", "editor"]).done();
    assert_eq!(roles(), serde_json::json!(["admin"]));
    let left = home.run(&["user", "role", "remove", "ann@example.org", "admin"]).done();
    assert_eq!(left, "ann@example.org now has: no role\n");
    assert_eq!(roles(), serde_json::json!([]));

    home.run(&["user", "attributes", "set", "ann@example.org", r#"{"plan": "pro"}"#]).done();
    assert_eq!(home.run(&["user", "attributes", "show", "ann@example.org"]).done(), "{\"plan\":\"pro\"}\n");
    assert_eq!(server.me(&token).json()["attributes"], serde_json::json!({"plan": "pro"}));
    home.run_with(&["user", "attributes", "set", "ann@example.org", "-"], "{}\n").done();
    assert_eq!(server.me(&token).json()["attributes"], serde_json::json!({}));
}

#[test]
fn impossible_roles_and_attributes_give_an_error() {
    let home = home();
    home.run_with(&["user", "add", "ann@example.org"], PASSWORD).done();
    let big = format!("{{\"a\": \"{}\"}}", "x".repeat(2048));
    for (arguments, told) in [
        (
            &["role", "add", "ann@example.org", "owner"][..],
            "roles: expected roles that the setting roles declares: admin, editor",
        ),
        (&["role", "add", "bo@example.org", "admin"], "there is no user bo@example.org"),
        (&["role", "list", "bo@example.org"], "there is no user bo@example.org"),
        (
            &["attributes", "set", "ann@example.org", "[]"],
            "attributes: expected one JSON object of at most 2 KiB",
        ),
        (
            &["attributes", "set", "ann@example.org", "{\"a\":"],
            "attributes: expected one JSON object (line 1",
        ),
        (
            &["attributes", "set", "ann@example.org", &big],
            "attributes: expected one JSON object of at most 2 KiB",
        ),
    ] {
        let error = home.run(&[&["user"], arguments].concat()).failed();
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
}

#[test]
fn a_mistake_in_a_declared_field_is_named() {
    let home = home();
    for (settings, told) in [
        ("roles = [\"Admin\"]", "roles: expected names of 1 to 32 characters"),
        ("[[profile]]\nnam = \"a\"", "unknown field `nam`"),
        ("[[profile]]\nname = \"a\"\ntype = \"date\"", "unknown variant `date`"),
        ("[[profile]]\nname = \"roles\"", "profile: name: expected no role"),
        ("[profile]\nname = \"a\"", "profile: expected tables"),
        ("profile = \"company\"", "profile: expected tables"),
    ] {
        home.write("doorward.toml", settings);
        let error = home.run(&["user", "list"]).failed();
        assert!(error.contains(told), "{settings}: {error}");
    }
}

#[test]
fn declared_fields_survive_the_output_of_the_configuration() {
    let home = home();
    let shown = home.run(&["config"]).done();
    home.write("shown.toml", &shown);
    let again = home.run(&["config", "--config", "shown.toml"]).done();
    let line = |text: &str| {
        text.lines()
            .find(|line| line.starts_with("profile = "))
            .unwrap()
            .split("  #")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(line(&shown), line(&again));
    assert!(line(&shown).contains("Firma"), "{shown}");
}
