//! A program of the operator decides about attempts.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    thread,
};

use serde_json::{Value, json};

use crate::home::{Home, PASSWORD};

/// A program that refuses one address, asks everybody else for an answer, and is broken for a third.
fn program() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut length = 0;
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap() > 2 {
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let attempt: Value = serde_json::from_slice(&body).unwrap();
            assert!(attempt["ip"] == "127.0.0.1" && attempt["kind"].is_string(), "{attempt}");
            let decision = match (attempt["email"].as_str().unwrap(), attempt["answer"].as_str()) {
                ("refused@example.org", _) => json!({"decision": "refuse"}),
                ("broken@example.org", _) => json!({"decision": "maybe"}),
                ("coded@example.org", _) => {
                    json!({"decision": "refuse", "code": "no_invite", "text": "Ask Bob"})
                }
                ("eve+news@example.org", _) if attempt["fields"] == json!({"invite_code": "K7WM"}) => {
                    json!({"decision": "allow", "email": "eve@example.org"})
                }
                ("fay@example.org", _) => json!({
                    "decision": "allow", "roles": ["editor"], "attributes": {"invited_by": 17}, "display_name": "Fay",
                    "profile": {"company": "Acme"},
                }),
                ("gus@example.org", _) => json!({"decision": "allow", "roles": ["owner"]}),
                ("hal@example.org", _) => json!({"decision": "allow", "role": "editor"}),
                (_, Some("42")) => json!({"decision": "allow"}),
                _ => json!({"decision": "challenge", "text": "What is six times seven?"}),
            };
            let body = decision.to_string();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    port
}

#[test]
fn a_program_decides_about_attempts() {
    let home = Home::new();
    let port = program();
    home.write(
        "doorward.toml",
        format!("attempt_url = \"http://127.0.0.1:{port}/attempt\"\nattempt_fields = [\"invite_code\"]\n"),
    );
    let mut server = home.start();
    let register = |email: &str, answer: &[&str]| {
        let headers = [&["Content-Type: application/json"], answer].concat();
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        server.request("POST", "/register", &headers, &body)
    };
    let asked = register("ann@example.org", &[]);
    assert_eq!(asked.status, 403);
    assert_eq!(asked.json()["code"], "challenge_required");
    assert_eq!(asked.json()["detail"], "What is six times seven?");
    assert_eq!(register("refused@example.org", &[]).json()["code"], "attempt_refused");
    assert_eq!(register("broken@example.org", &[]).status, 503);
    assert_eq!(register("ann@example.org", &["Doorward-Answer: 42"]).status, 201);
    let coded = register("coded@example.org", &[]);
    assert_eq!((&coded.json()["code"], &coded.json()["detail"]), (&json!("no_invite"), &json!("Ask Bob")));
    let invited = json!({"email": "eve+news@example.org", "password": PASSWORD, "invite_code": "K7WM"});
    let invited =
        server.request("POST", "/register", &["Content-Type: application/json"], &invited.to_string());
    assert_eq!((invited.status, &invited.json()["email"]), (201, &json!("eve@example.org")));
    server.wait_for_log("attempt_url: no decision");
    // The shown settings name the program.
    assert!(
        home.run(&["config"]).done().contains(&format!("attempt_url = \"http://127.0.0.1:{port}/attempt\""))
    );
}

#[test]
fn a_program_gives_a_new_user_a_role() {
    let home = Home::new();
    let port = program();
    home.write(
        "doorward.toml",
        format!(
            "attempt_url = \"http://127.0.0.1:{port}/\"\nroles = [\"editor\"]\n\n[[profile]]\nname = \"company\"\n"
        ),
    );
    let mut server = home.start();
    let user = server.register("fay@example.org");
    assert_eq!(user.status, 201, "{user:?}");
    let user = user.json();
    assert_eq!((&user["roles"], &user["display_name"]), (&json!(["editor"]), &json!("Fay")));
    assert_eq!(user["attributes"], json!({"invited_by": 17}));
    assert_eq!(user["profile"], json!({"company": "Acme"}));
    // A mistake of the program opens no door, and the log names it.
    assert_eq!(server.register("gus@example.org").status, 503);
    server.wait_for_log("expected roles that the setting roles declares: editor");
    assert_eq!(server.register("hal@example.org").status, 503);
    server.wait_for_log("fields that this decision does not know");
    assert_eq!(home.run(&["user", "list"]).done().matches('@').count(), 1);
}

#[test]
fn nobody_gets_past_a_program_that_is_down() {
    let home = Home::on_sqlite();
    // Nothing listens there: the port is free for a moment.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    home.write("doorward.toml", format!("attempt_url = \"http://127.0.0.1:{port}/\"\n"));
    let server = home.start();
    assert_eq!(server.register("ann@example.org").status, 503);
    assert_eq!(server.token("ann@example.org", PASSWORD).status, 503);
}
