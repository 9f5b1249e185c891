//! The start of the server: its first lines, and its first answers.

use std::{net::TcpListener, os::unix::fs::PermissionsExt as _};

use serde_json::json;

use crate::home::{Home, PASSWORD, Server};

#[test]
fn the_server_prints_where_it_can_be_reached() {
    let home = Home::on_sqlite();
    let server = home.start();
    let address = server.address;
    assert_ne!(address.port(), 0);
    let version = env!("CARGO_PKG_VERSION");
    // Browsers refuse passkeys at an address: the relying party is a domain (Web Authentication, section 5.1.3).
    let url = format!("http://localhost:{}", address.port());
    let greeting = format!(
        "doorward {version} listens on {url}\ndatabase   {}\ndocs       {url}/docs\nmailbox    {url}/dev/mailbox\n",
        home.database
    );
    assert_eq!(server.greeting, greeting);
    assert_eq!(server.request("GET", "/docs", &[], "").status, 200);
    assert_eq!(server.request("GET", "/healthz", &[], "").status, 200);
    assert_eq!(server.request("GET", "/readyz", &[], "").status, 200);
}

#[test]
fn the_greeting_names_no_docs_without_docs() {
    let home = Home::on_sqlite();
    let server = home.start_with(&["serve", "--public-url", "https://auth.example.org"]);
    let address = server.address;
    let version = env!("CARGO_PKG_VERSION");
    let greeting = format!(
        "doorward {version} listens on http://{address}\npublic url https://auth.example.org\ndatabase   {}\n",
        home.database
    );
    assert_eq!(server.greeting, greeting);
    assert_eq!(server.request("GET", "/docs", &[], "").status, 404);
}

#[test]
fn a_person_at_a_loopback_address_is_led_to_localhost() {
    let home = Home::on_sqlite();
    let server = home.start();
    let port = server.address.port();
    let asked = |host: &str| {
        let mut client = server.connect();
        client.send(format!("GET /login?lang=de HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"));
        client.answer()
    };
    for host in ["127.0.0.1", "[::1]"] {
        let answer = asked(host);
        let location = format!("http://localhost:{port}/login?lang=de");
        assert_eq!((answer.status, answer.header("location")), (307, Some(&*location)), "{host}");
    }
    for host in ["localhost", "auth.localhost"] {
        assert_eq!(asked(host).status, 200, "{host}");
    }
}

/// Names that end with `.localhost` are this machine (RFC 6761, section 6.3).
#[test]
fn a_public_address_below_localhost_is_of_this_machine() {
    let home = Home::on_sqlite();
    let server = home.start_with(&["serve", "--public-url", "http://auth.localhost:8000"]);
    assert!(server.greeting.contains("docs       http://auth.localhost:8000/docs\n"), "{}", server.greeting);
    assert!(server.greeting.contains("mailbox    "), "{}", server.greeting);
    let mut client = server.connect();
    client.send("GET /docs HTTP/1.1\r\nHost: auth.localhost:8000\r\n\r\n");
    assert_eq!(client.answer().status, 200);
}

#[test]
fn a_server_for_the_network_shows_it_no_documentation() {
    let home = Home::on_sqlite();
    let reached = ["serve", "--listen", "0.0.0.0:0", "--public-url", "http://localhost:8000"];
    for (docs, status) in [(None, 404), (Some("true"), 200)] {
        let mut command = home.command(&reached);
        command.envs(docs.map(|docs| ("DOORWARD_DOCS", docs)));
        let server = Server::start(command);
        for path in ["/docs", "/openapi.json", "/docs/init.js"] {
            assert_eq!(server.request("GET", path, &[], "").status, status, "{path}");
        }
        assert_eq!(server.greeting.contains("/docs"), status == 200, "{}", server.greeting);
    }
}

#[test]
fn a_user_registers_and_logs_in() {
    let home = Home::new();
    let server = home.start();
    let registered = server.register("Ann@example.org");
    assert_eq!(registered.status, 201, "{registered:?}");
    let id = registered.json()["id"].as_i64().unwrap();

    let token = server.token("ann@example.org", PASSWORD);
    assert_eq!(token.status, 200, "{token:?}");
    assert_eq!(token.json()["token_type"], "bearer");
    let me = server.me(token.json()["access_token"].as_str().unwrap());
    assert_eq!(
        (me.status, &me.json()["id"], &me.json()["email"]),
        (200, &json!(id), &json!("Ann@example.org"))
    );
    assert_eq!(server.me("dw_s_wrong").status, 401);

    // The session also survives the server.
    let token = token.json()["access_token"].as_str().unwrap().to_owned();
    server.stop();
    assert_eq!(home.start().me(&token).status, 200);
}

#[test]
fn one_connection_serves_many_requests() {
    let home = Home::on_sqlite();
    let server = home.start();
    let mut client = server.connect();
    for _ in 0..20 {
        assert_eq!(client.request("GET", "/healthz", &[], "").status, 200);
        assert_eq!(client.request("GET", "/me", &[], "").status, 401);
        assert_eq!(
            client.request("POST", "/register", &["Content-Type: application/json"], "{}").status,
            422
        );
    }
}

#[test]
fn only_the_owner_can_read_the_database_file() {
    let home = Home::on_sqlite();
    let server = home.start();
    assert_eq!(server.register("ann@example.org").status, 201);
    let mut files = 0;
    for name in ["doorward.db", "doorward.db-wal", "doorward.db-shm"] {
        if let Ok(file) = std::fs::metadata(home.path(name)) {
            assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
            files += 1;
        }
    }
    assert!(files > 1, "a running server has a log beside the database");
}

#[test]
fn a_warning_names_each_file_with_secrets_that_everybody_can_read() {
    let home = Home::on_sqlite();
    home.start().stop();
    let set = |name: &str, mode: u32| {
        std::fs::set_permissions(home.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let warned = || {
        let log = home.start().stop();
        let warned = |name: &str| {
            log.lines()
                .any(|line| line.contains("every user of this machine can read") && line.contains(name))
        };
        (warned("doorward.toml"), warned("doorward.db"))
    };
    // There is no secret in this file.
    set("doorward.toml", 0o644);
    assert_eq!(warned(), (false, false));
    for secret in [
        "introspection_secrets = [\"0123456789abcdef0123456789abcdef\"]",
        "[password]\ndevise_pepper = \"a\"",
    ] {
        home.write("doorward.toml", secret);
        for (mode, expected) in [(0o644, true), (0o604, true), (0o602, true), (0o640, false), (0o600, false)]
        {
            set("doorward.toml", mode);
            assert_eq!(warned(), (expected, false), "{mode:o}");
        }
    }
    // The secret stands in a file of its own, which containers mount readable for all.
    home.write("secret", "0123456789abcdef0123456789abcdef");
    set("secret", 0o644);
    home.write("doorward.toml", "introspection_secrets_file = \"secret\"");
    set("doorward.toml", 0o644);
    assert_eq!(warned(), (false, false));
    set("doorward.db", 0o644);
    assert_eq!(warned(), (false, true));
}

#[test]
fn a_port_in_use_is_an_error() {
    let home = Home::on_sqlite();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = home.run(&["--listen", &address.to_string()]).failed();
    assert!(error.starts_with(&format!("cannot listen on {address}: ")), "{error}");
    assert!(!home.path("doorward.db").exists());
}

#[test]
fn the_openapi_document_is_printed_without_a_database() {
    let home = Home::on_sqlite();
    let document = home.run(&["openapi"]).done();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/token"].is_object());
    assert!(!home.path("doorward.db").exists());
}

#[test]
fn migrate_prints_the_migrations_that_it_applied() {
    let home = Home::new();
    let applied = home.run(&["migrate"]).done();
    assert!(
        applied.lines().count() > 0 && applied.lines().all(|line| line.starts_with("applied 0")),
        "{applied}"
    );
    assert_eq!(home.run(&["migrate"]).done(), "the schema is up to date\n");
}

/// A database of an earlier version may have two accounts for one address beyond ASCII.
#[test]
fn two_accounts_with_one_address_are_named_at_each_start() {
    let home = Home::on_sqlite();
    let emails = ["ΝΊΚΟΣ.Π@example.org", "νίκος.π@example.org"];
    let mut ids = Vec::new();
    for (number, email) in emails.iter().enumerate() {
        let added =
            home.run_with(&["user", "add", &format!("\u{200b}u{number}@example.org\u{a0}")], PASSWORD).done();
        let id = added
            .trim_end()
            .strip_prefix(&format!("added u{number}@example.org with the id "))
            .unwrap()
            .to_owned();
        let database = rusqlite::Connection::open(home.path("doorward.db")).unwrap();
        database
            .execute(
                "UPDATE users SET email = ?1, email_key = ?2, created_at = ?3 WHERE id = ?4",
                (email, email.to_lowercase(), 2 - number as i64, &id),
            )
            .unwrap();
        ids.push(id);
    }
    // The first one has the right key already, by chance.
    let told = format!(
        "clash: user {} ({}) and user {} ({}) have one address",
        ids[1], emails[1], ids[0], emails[0]
    );
    for _ in 0..2 {
        let printed = home.run(&["migrate"]).done();
        assert!(printed.contains(&told), "{printed}");
    }
    let mut server = home.start();
    let line = server.wait_for_log("two accounts have one address");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let told =
        ["user", "email", "holder", "holder_email"].map(|name| line[name].as_str().unwrap().to_owned());
    assert_eq!(told, [&*ids[1], emails[1], &ids[0], emails[0]]);
    for email in emails {
        assert_eq!(server.token(email, PASSWORD).status, 200, "{email}");
    }
}

#[test]
fn every_command_finds_tables_that_are_kept_apart() {
    let home = Home::new();
    let (setting, other) = match home.database.starts_with("postgres") {
        true => ("schema = \"auth\"", "table_prefix = \"auth_\""),
        false => ("table_prefix = \"auth_\"", "schema = \"auth\""),
    };
    home.write("doorward.toml", setting);
    assert!(home.run(&["migrate"]).done().contains("applied 0001_users"));
    assert_eq!(home.run(&["migrate"]).done(), "the schema is up to date\n");
    home.run_with(&["user", "add", "bob@example.org"], PASSWORD).done();
    let server = home.start();
    assert_eq!(server.register("ann@example.org").status, 201);
    assert_eq!(server.token("bob@example.org", PASSWORD).status, 200);
    assert!(home.run(&["user", "list"]).done().contains("ann@example.org"));
    assert!(home.run(&["events"]).done().contains("registered"));
    server.stop();
    // Without the setting these are other tables, and there is nobody.
    home.write("doorward.toml", "");
    assert!(!home.run(&["user", "list"]).done().contains("ann@example.org"));
    home.write("doorward.toml", other);
    assert!(home.run(&["user", "list"]).failed().contains("expected only with"));
}
