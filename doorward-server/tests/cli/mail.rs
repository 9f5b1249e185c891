//! Mails of a server that is killed, and of a developer's server.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    home::{Home, PASSWORD, Server},
    smtp::{Manner, Smtp},
};

const JSON: &str = "Content-Type: application/json";

/// Adds a user who has forgotten the password, and so gets a mail.
fn post(home: &Home, server: &Server, email: &str) {
    home.run_with(&["user", "add", email], PASSWORD).done();
    let answer = server.request("POST", "/forgot-password", &[JSON], &json!({"email": email}).to_string());
    assert_eq!(answer.status, 202, "{answer:?}");
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < end, "never {what}");
        std::thread::yield_now();
    }
}

/// Makes the claims of a killed server expire at once.
fn let_claims_run_out(home: &Home) {
    let sql = "UPDATE mails SET due_at = due_at - 3600";
    match home.database.strip_prefix("sqlite:") {
        Some(file) => drop(rusqlite::Connection::open(file).unwrap().execute(sql, []).unwrap()),
        None => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (client, connection) =
                    tokio_postgres::connect(&home.database, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(sql).await.unwrap();
            });
        }
    }
}

#[test]
fn a_killed_server_loses_no_mail_and_repeats_hardly_any() {
    const MAILS: usize = 12;
    let home = Home::new();
    let smtp = Smtp::start();
    home.write(
        "doorward.toml",
        format!(
            "smtp_url = \"{}\"\nmail_from = \"no-reply@example.org\"\n[limit]\nmails_per_address = 100\n",
            smtp.url()
        ),
    );
    // The mail server takes the first mails. The server is killed before it knows.
    smtp.be(Manner::Slow);
    let server = home.start();
    for number in 0..MAILS {
        post(&home, &server, &format!("a{number}@example.org"));
    }
    until("taken", || smtp.mails().len() == 4);
    server.signal("-KILL");
    drop(server);
    smtp.be(Manner::Polite);
    let_claims_run_out(&home);

    let server = home.start();
    let recipients = || smtp.mails().into_iter().map(|mail| mail.to.concat()).collect::<Vec<_>>();
    let distinct = || recipients().into_iter().collect::<std::collections::HashSet<_>>().len();
    until("sent", || distinct() == MAILS && recipients().len() == MAILS + 4);
    server.stop();
    let twice = recipients().len() - distinct();
    assert_eq!(twice, 4, "{:?}", recipients());
}

#[test]
fn a_developer_reads_mails_in_the_browser_and_a_log_that_is_no_terminal_has_no_link() {
    let home = Home::new();
    let mut server = home.start();
    let url = format!("http://localhost:{}", server.address.port());
    assert!(server.greeting.contains(&format!("mailbox    {url}/dev/mailbox\n")));
    post(&home, &server, "ann@example.org");
    let line = server.wait_for_log("development mailbox");
    assert!(line.contains("ann@example.org") && !line.contains("http://"), "{line}");
    let mails = server.request("GET", "/dev/mailbox", &["Accept: application/json"], "").json();
    assert_eq!(mails["mails"][0]["to"], "ann@example.org");
    assert_eq!(mails["mails"][0]["subject"], "Choose a new password");
    let link = format!("{url}/reset-password?lang=en&token=dw_r_");
    assert!(mails["mails"][0]["link"].as_str().unwrap().starts_with(&link), "{mails}");
    let page = server.request("GET", "/dev/mailbox", &[], "");
    assert!(page.status == 200 && page.body.contains("Choose a new password"), "{page:?}");
    // A site whose own name points to the address of this machine reads nothing.
    let mut stranger = server.connect();
    stranger.send("GET /dev/mailbox HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
    assert_eq!(stranger.answer().status, 421);
    drop(stranger);
    assert!(!server.stop().contains("token="));
}

#[test]
fn the_log_says_once_that_a_client_asks_for_too_many_mails() {
    let home = Home::new();
    let server = home.start();
    let statuses: Vec<_> = (0..14)
        .map(|number| {
            let body = json!({"email": format!("u{number}@example.org")}).to_string();
            server.request("POST", "/forgot-password", &[JSON], &body).status
        })
        .collect();
    assert_eq!(statuses, [[202; 10].as_slice(), &[429; 4]].concat());
    let listed = home.run(&["events", "--kind", "throttled"]).done();
    assert!(listed.lines().count() == 2 && listed.contains("limit=mails"), "{listed}");
    let log = server.stop();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("asked for as many mails")).collect();
    assert!(matches!(lines[..], [line] if line.contains("WARN") && line.contains("127.0.0.1")), "{log}");
}

#[test]
fn a_server_that_other_machines_reach_has_no_mailbox() {
    let home = Home::new();
    let server = home.start_with(&["--public-url", "https://auth.example.org"]);
    assert_eq!(server.request("GET", "/dev/mailbox", &[], "").status, 404);
    home.write("doorward.toml", "dev_mailbox = true\npublic_url = \"https://auth.example.org\"\n");
    assert!(home.run(&["serve"]).failed().contains("dev_mailbox"));
}
