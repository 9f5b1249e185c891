//! Secrets are never stored in the clear, never shown twice and never logged.

use std::{
    fmt::{Debug, Write},
    sync::{Mutex, Once},
};

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose};
use doorward::Config;
use serde_json::json;
use sha2::{Digest, Sha256};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::{
    app::{ANN, Actor, Answer, App, config},
    mail::{
        mailbox::{text, with_smtp},
        smtp::{Manner, Smtp},
    },
};

const FIRST: &str = "canary-Xq7 the first password";
const SECOND: &str = "canary-Xq7 the second password";
const WRONG: &str = "canary-Xq7 a password that is wrong";
const SERVICE: &str = "canary-Xq7 the secret of a service";

/// Every line that was logged since the test began, at any level.
static LOG: Mutex<String> = Mutex::new(String::new());

/// Writes down all events and spans of `tracing`, and all records of `log`, which some drivers use.
struct Listener;

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

fn note(target: &str, record: impl FnOnce(&mut Line<'_>)) {
    let mut log = LOG.lock().unwrap();
    log.push_str(target);
    record(&mut Line(&mut log));
    log.push('\n');
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        note(span.metadata().target(), |line| span.record(line));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        note("", |line| values.record(line));
    }

    fn event(&self, event: &Event<'_>) {
        note(event.metadata().target(), |line| event.record(line));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        note(record.target(), |line| write!(line.0, " {}", record.args()).unwrap());
    }

    fn flush(&self) {}
}

fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(Listener).unwrap();
        log::set_logger(&Listener).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

/// The answers and tokens that [`whole_life`] got.
#[derive(Default)]
struct Seen {
    answers: Vec<Answer>,
    /// Tokens of sessions and devices.
    tokens: Vec<String>,
}

impl Seen {
    fn note(&mut self, actor: &Actor<'_>, answer: Answer) -> &Answer {
        self.tokens.extend(actor.cookies.values().cloned());
        let body = serde_json::from_str::<serde_json::Value>(&answer.text).unwrap_or_default();
        let tokens = ["device_token", "access_token"].map(|field| body[field].as_str().map(str::to_owned));
        self.tokens.extend(tokens.into_iter().flatten());
        self.answers.push(answer);
        self.answers.last().unwrap()
    }
}

/// Does everything that a user can do, in valid and in wrong ways.
async fn whole_life(app: &App) -> Seen {
    let mut seen = Seen::default();
    let (mut anyone, mut browser) = (app.anonymous(), app.browser());
    register_and_log_in(&mut seen, &mut anyone, &mut browser).await;
    let bearer = seen.tokens.last().unwrap().clone();
    use_the_account(&mut seen, app, &mut anyone, &bearer).await;
    app.disable_user(app.id_of("ann@example.com").await).await.unwrap();
    let answer = anyone.request_token("ann@example.com", SECOND).await;
    seen.note(&anyone, answer);
    app.enable_user(app.id_of("ann@example.com").await).await.unwrap();
    // These sessions are not ended, so their rows stay in the database.
    for _ in 0..2 {
        let answer = anyone.request_token("ann@example.com", SECOND).await;
        seen.note(&anyone, answer);
        let answer = browser.log_in("ann@example.com", SECOND).await;
        seen.note(&browser, answer);
    }
    let revoked = seen.tokens[0].clone();
    let answer = anyone.form("/auth/revoke", &[("token", &revoked)]).await;
    seen.note(&anyone, answer);
    seen
}

async fn register_and_log_in(seen: &mut Seen, anyone: &mut Actor<'_>, browser: &mut Actor<'_>) {
    for (path, body) in [
        ("/auth/register", json!({"email": ANN, "password": FIRST})),
        ("/auth/register", json!({"email": ANN, "password": FIRST})),
        ("/auth/register", json!({"email": FIRST, "password": "short"})),
        ("/auth/register", json!({"email": [SECOND], "password": {"x": FIRST}})),
        ("/auth/login", json!({"email": ANN, "password": WRONG})),
        ("/auth/login", json!({"email": WRONG, "password": WRONG})),
        ("/auth/login", json!({"email": ANN, "password": FIRST})),
    ] {
        let answer = browser.post(path, body).await;
        seen.note(browser, answer);
    }
    for malformed in [
        format!("{{\"password\": \"{FIRST}\", NaN}}"),
        format!("{FIRST} \u{fffd}"),
        format!("{{\"{FIRST}\": 1, \"{FIRST}\": 2}}"),
    ] {
        let answer = anyone.send(Method::POST, "/auth/login", Some("application/json"), malformed).await;
        seen.note(anyone, answer);
    }
    for fields in [
        &[("username", ANN), ("password", FIRST)][..],
        &[("username", ANN), ("password", WRONG)],
        &[("username", WRONG), ("password", FIRST), ("password", WRONG)],
        &[("username", ANN), ("password", FIRST), ("grant_type", WRONG)],
    ] {
        let answer = anyone.form("/auth/token", fields).await;
        seen.note(anyone, answer);
    }
}

/// Does all that needs a token.
async fn use_the_account(seen: &mut Seen, app: &App, anyone: &mut Actor<'_>, bearer: &str) {
    let mut ann = app.bearer(bearer);
    for (method, path, body) in [
        (Method::GET, "/auth/me".to_owned(), json!({})),
        (Method::GET, "/auth/sessions".to_owned(), json!({})),
        (Method::GET, format!("/auth/me?access_token={bearer}"), json!({})),
        (Method::GET, format!("/auth/{bearer}"), json!({})),
        (Method::DELETE, format!("/auth/sessions/{bearer}"), json!({})),
        (Method::PATCH, "/auth/me".to_owned(), json!({"email": WRONG})),
        (
            Method::PATCH,
            "/auth/me".to_owned(),
            json!({"email": "ann@example.com", "current_password": FIRST}),
        ),
        (
            Method::POST,
            "/auth/password".to_owned(),
            json!({"current_password": WRONG, "new_password": SECOND}),
        ),
        (
            Method::POST,
            "/auth/password".to_owned(),
            json!({"current_password": FIRST, "new_password": SECOND}),
        ),
        (Method::POST, "/auth/me/delete".to_owned(), json!({"current_password": WRONG})),
    ] {
        let answer = ann.send(method, &path, Some("application/json"), body.to_string()).await;
        seen.note(&ann, answer);
    }
    for secret in [SERVICE, WRONG] {
        let answer = anyone.form("/auth/introspect", &[("token", bearer), ("client_secret", secret)]).await;
        seen.note(anyone, answer);
    }
    let answer = app.bearer(bearer).header("cookie", &format!("doorward={bearer}")).get("/auth/me").await;
    seen.note(anyone, answer);
    let answer = app.bearer(&bearer[1..]).get("/protected-route").await;
    seen.note(anyone, answer);
}

async fn app() -> App {
    App::with(Config { introspection_secrets: vec![SERVICE.into()], ..config() }).await
}

/// All data that the database keeps, with the files of SQLite.
async fn stored(app: &App) -> String {
    let mut stored = app.contents().await;
    stored.push_str(&format!("{:?}", app.events().next_page(1000).await.unwrap()));
    if let Some(file) = app.database.strip_prefix("sqlite:") {
        for part in ["", "-wal", "-shm"] {
            stored.push_str(&String::from_utf8_lossy(&std::fs::read(format!("{file}{part}")).unwrap()));
        }
    }
    stored
}

#[tokio::test]
async fn the_database_holds_no_secret_in_the_clear() {
    let app = app().await;
    let seen = whole_life(&app).await;
    assert!(seen.tokens.len() >= 6);
    let stored = stored(&app).await;
    assert!(stored.contains("ann@example.com") && stored.contains("$argon2id$"));
    for token in &seen.tokens {
        assert!(!stored.contains(token) && !stored.contains(&token[5..48]), "a token is in the database");
    }
    assert!(!stored.contains("dw_s_") && !stored.contains("dw_d_"));
    for secret in [FIRST, SECOND, WRONG, SERVICE, "canary"] {
        assert!(!stored.contains(secret), "{secret} is in the database");
    }
}

#[tokio::test]
async fn an_answer_holds_no_secret_but_the_token_it_gives() {
    let app = app().await;
    let seen = whole_life(&app).await;
    let contents = app.contents().await;
    let hashes: Vec<_> = contents.match_indices("$argon2id$").map(|(at, _)| &contents[at..at + 90]).collect();
    assert!(!hashes.is_empty());
    let mut given = Vec::new();
    for Answer { text, headers, status } in &seen.answers {
        assert!(!status.is_server_error(), "{text}");
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap())).collect();
        let whole = format!("{headers}{text}");
        for secret in ["canary", "argon2", "$2b$", "password_hash", "token_hash"]
            .into_iter()
            .chain(hashes.iter().copied())
        {
            assert!(!whole.contains(secret), "{secret}: {whole}");
        }
        for (at, _) in whole.match_indices("dw_s_") {
            assert_eq!(*status, StatusCode::OK, "{whole}");
            assert!(whole.contains("access_token") || headers.contains("set-cookie"), "{whole}");
            given.push(whole[at..at + 54].to_owned());
        }
    }
    let count = given.len();
    given.sort_unstable();
    given.dedup();
    assert_eq!(given.len(), count, "a token was shown twice");
}

#[tokio::test]
async fn the_log_holds_no_secret_at_any_level() {
    listen();
    let app = app().await;
    let seen = whole_life(&app).await;
    tracing::trace!(target: "test", "the last line");
    let log = LOG.lock().unwrap().clone();
    assert!(log.contains("the last line"), "the listener heard nothing");
    if app.database.starts_with("postgres:") {
        assert!(
            log.contains("tokio_postgres") && log.contains("INSERT INTO sessions"),
            "the listener did not hear the driver"
        );
    }
    for secret in ["canary", "Xq7", "$argon2"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
    for token in &seen.tokens {
        let hash = Sha256::digest(token);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let numbers = format!("{:?}", hash.as_slice());
        let base64 = general_purpose::STANDARD_NO_PAD.encode(hash);
        for shown in [&token[5..48], &hex, numbers.trim_matches(['[', ']']), &base64] {
            let line = log.lines().find(|line| line.contains(shown));
            assert_eq!(line, None, "{token}");
        }
    }
}

#[tokio::test]
async fn secrets_in_mails_are_neither_stored_nor_logged() {
    listen();
    let smtp = Smtp::start();
    let url = format!("smtp://ann:canary-smtp@{}", smtp.address);
    let app = App::with(Config { smtp_url: Some(url.into()), ..with_smtp(&smtp) }).await;
    app.anonymous().register(ANN, FIRST).await;
    app.send_mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    app.send_mails().await;
    // This server repeats the link of the mail that it refuses.
    smtp.be(Manner::RefuseMessage("554 5.7.1 no:"));
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    app.send_mails().await;
    smtp.be(Manner::RefuseLogin);
    // An address gets only a few mails in a quarter of an hour.
    app.advance(std::time::Duration::from_secs(16 * 60));
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    app.send_mails().await;

    let mails: Vec<_> = smtp.mails().iter().map(text).collect();
    assert_eq!(mails.len(), 2, "{mails:?}");
    let stored = stored(&app).await;
    assert!(stored.contains("did not take the message") && stored.contains("did not let us log in"));
    let log = LOG.lock().unwrap().clone();
    assert!(log.contains("a mail was given up") && log.contains("a mail could not be sent yet"));
    for mail in mails {
        let token = mail.split("&token=").nth(1).unwrap().lines().next().unwrap();
        let code = mail.lines().find(|line| line.len() == 9 && line.as_bytes()[4] == b'-').unwrap();
        for secret in [token, &token[5..48], code, &code.replace('-', "")] {
            assert!(!stored.contains(secret), "{secret} is in the database");
            assert!(!log.contains(secret), "{secret} is in the log");
        }
    }
    for secret in ["dw_v_", "dw_r_", "canary", &general_purpose::STANDARD.encode("\0ann\0canary-smtp")] {
        assert!(!stored.contains(secret), "{secret} is in the database");
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
