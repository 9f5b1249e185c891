//! `doorward breached build`, and a server that uses the file.

use serde_json::json;
use sha1::{Digest as _, Sha1};

use crate::home::{Home, PASSWORD, Server};

const LEAKED: &str = "a violet kettle";

/// Makes a line of the public list for a password.
fn line(password: &str) -> String {
    let digits: String = Sha1::digest(password).iter().map(|byte| format!("{byte:02X}")).collect();
    format!("{digits}:{}\r\n", password.len())
}

/// Makes a home whose server uses the file `breached.bin`. Its list has one password that is tried here.
fn home() -> Home {
    let home = Home::new();
    let list: String = (0..2000).map(|number| line(&number.to_string())).chain([line(LEAKED)]).collect();
    home.write("list.txt", list);
    let made = home.run(&["breached", "build", "list.txt", "breached.bin"]).done();
    assert!(made.starts_with("made breached.bin of 2001 passwords in "), "{made}");
    home.write("doorward.toml", "[password]\nbreached_file = \"breached.bin\"\n");
    home
}

fn register(server: &Server, email: &str, password: &str) -> (u16, String) {
    let body = json!({"email": email, "password": password}).to_string();
    let answer = server.request("POST", "/register", &["Content-Type: application/json"], &body);
    (answer.status, answer.body)
}

#[test]
fn nobody_chooses_a_breached_password() {
    let home = home();
    let mut server = home.start();
    let (status, body) = register(&server, "ann@example.org", LEAKED);
    assert!(status == 422 && body.contains("has been in a data breach"), "{status} {body}");
    assert_eq!(register(&server, "ann@example.org", PASSWORD).0, 201);
    for arguments in [&["user", "add", "bo@example.org"][..], &["user", "set-password", "ann@example.org"]] {
        let error = home.run_with(arguments, LEAKED).failed();
        assert!(error.starts_with("password: this password has been in a data breach"), "{error}");
    }

    // The file is damaged while the server runs: people can still register, and the log has a line about it.
    home.write("breached.bin", "");
    assert_eq!(register(&server, "bo@example.org", LEAKED).0, 201);
    let logged = server.wait_for_log("the file of breached passwords cannot be read");
    assert!(logged.contains("cut off") && !logged.contains(LEAKED), "{logged}");
    server.stop();
    let error = home.run(&["serve"]).failed();
    assert!(
        error.starts_with("doorward.toml:2: password.breached_file: breached.bin: it is cut off"),
        "{error}"
    );
}

#[test]
fn a_server_does_not_start_with_a_file_that_is_damaged_anywhere() {
    let home = home();
    let good = std::fs::read(home.path("breached.bin")).unwrap();
    for at in [0, 8, 20, 100, good.len() / 2, good.len() - 1] {
        let mut contents = good.clone();
        contents[at] ^= 1;
        home.write("breached.bin", contents);
        let error = home.run(&["--listen", "127.0.0.1:0", "serve"]).failed();
        assert!(
            error.starts_with("doorward.toml:2: password.breached_file: breached.bin: it "),
            "{at}: {error}"
        );
    }
}

#[test]
fn the_order_of_the_list_does_not_matter() {
    let home = home();
    let made = std::fs::read(home.path("breached.bin")).unwrap();
    let list = std::fs::read_to_string(home.path("list.txt")).unwrap();
    let mut lines: Vec<_> = list.lines().collect();
    lines.sort_unstable();
    home.write("sorted.txt", lines.join("\n"));
    home.run(&["breached", "build", "sorted.txt", "sorted.bin"]).done();
    assert!(std::fs::read(home.path("sorted.bin")).unwrap() == made);
}

#[test]
fn a_failed_build_names_the_reason_and_leaves_no_file() {
    let home = Home::on_sqlite();
    home.write("good.txt", line("x"));
    home.write("empty.txt", "");
    home.write("bad.txt", line("x") + "hunter2\n");
    for (list, out, told) in [
        ("none.txt", "out.bin", "No such file"),
        ("empty.txt", "out.bin", "there is no hash in it"),
        ("bad.txt", "out.bin", "line 2: expected the SHA-1 of a password"),
        ("good.txt", "nowhere/out.bin", "No such file"),
    ] {
        let error = home.run(&["breached", "build", list, out]).failed();
        assert!(error.starts_with(&format!("cannot make {out} from {list}: ")), "{error}");
        assert!(error.contains(told) && !error.contains("hunter2"), "{error}");
    }
    let left: Vec<_> =
        std::fs::read_dir(home.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_write_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(home().path("breached.bin")).unwrap().permissions().mode();
    assert_eq!(mode & 0o600, 0o600);
    assert_eq!(mode & 0o133, 0, "{mode:o}");
}
