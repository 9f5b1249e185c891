//! Nothing that anybody may ask tells who has an account: not the answer, and not the time it takes.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use doorward::{Config, PasswordConfig};
use serde_json::json;

use crate::app::{Answer, App, PASSWORD, config};

const KNOWN: &str = "known@example.org";

/// Users of every kind who cannot log in with the password that is tried, and nobody.
const REFUSED: [&str; 6] = [
    "unknown@example.org",
    "not even an address",
    "disabled@example.org",
    "without-password@example.org",
    "unreadable-hash@example.org",
    "foreign-hash@example.org",
];

/// An app with a user of each kind.
async fn app(password: PasswordConfig) -> App {
    let app = App::with(Config { password, ..config() }).await;
    app.register(KNOWN).await;
    for email in &REFUSED[2..] {
        let id = app.register(email).await;
        let change = match *email {
            "disabled@example.org" => format!("UPDATE users SET disabled_at = 1 WHERE id = {id}"),
            "without-password@example.org" => format!("DELETE FROM credentials WHERE user_id = {id}"),
            "unreadable-hash@example.org" => {
                format!("UPDATE credentials SET secret = '!' WHERE user_id = {id}")
            }
            _ => format!("UPDATE credentials SET secret = '$unheard$of' WHERE user_id = {id}"),
        };
        app.execute(&change).await;
    }
    app
}

async fn tries(app: &App, email: &str, password: &str) -> [Answer; 2] {
    [
        app.anonymous().form("/auth/token", &[("username", email), ("password", password)]).await,
        app.browser().post("/auth/login", json!({"email": email, "password": password})).await,
    ]
}

#[tokio::test]
async fn a_log_in_that_fails_is_answered_alike_for_everyone() {
    let app = app(config().password).await;
    let expected = tries(&app, KNOWN, "not the password").await;
    for email in REFUSED {
        for password in ["not the password", PASSWORD, " ", "null", "!", "\0"] {
            for (answer, expected) in tries(&app, email, password).await.iter().zip(&expected) {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
                assert_eq!(answer.text, expected.text, "{email}");
                assert_eq!(answer.headers, expected.headers, "{email}");
            }
        }
    }
    // Whoever cannot log in has no session, whatever was tried.
    let contents = app.contents().await;
    assert!(!contents.contains("sessions:"), "{contents}");
}

#[tokio::test]
async fn a_log_in_that_fails_takes_the_same_time_for_everyone() {
    /// Pairs of tries, and the most or fewest of which the one may be quicker than the other. By chance alone a
    /// share beyond that comes once in ten thousand runs; without hashing it is all of them.
    const PAIRS: usize = 40;
    const BOUND: std::ops::RangeInclusive<usize> = 7..=33;
    // Hashing takes some milliseconds, by far the most of the time of a try.
    let app = app(PasswordConfig {
        memory_kib: 8192,
        iterations: 1,
        hashing_threads: 1,
        ..PasswordConfig::default()
    })
    .await;
    let time = async |email: &str| {
        let begun = Instant::now();
        let fields = [("username", email), ("password", "not the password")];
        let answer = app.anonymous().form("/auth/token", &fields).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        begun.elapsed()
    };
    time(KNOWN).await;
    for email in REFUSED {
        let (mut quicker, mut known_best, mut refused_best) = (0, Duration::MAX, Duration::MAX);
        for pair in 0..PAIRS {
            let (known, refused) = if pair % 2 == 0 {
                let known = time(KNOWN).await;
                (known, time(email).await)
            } else {
                let refused = time(email).await;
                (time(KNOWN).await, refused)
            };
            quicker += usize::from(refused < known);
            (known_best, refused_best) = (known_best.min(known), refused_best.min(refused));
        }
        assert!(refused_best * 2 > known_best, "{email}: {refused_best:?} beside {known_best:?}");
        // What is no address is not looked up, and that tells nothing about anybody.
        assert!(
            !email.contains('@') || BOUND.contains(&quicker),
            "{email} was quicker in {quicker} of {PAIRS}"
        );
    }
}

#[tokio::test]
async fn an_address_that_looks_like_another_is_another() {
    let app = App::new().await;
    app.register("mike@example.org").await;
    for other in [
        "m\u{131}ke@example.org",
        "m\u{456}ke@example.org",
        "mike@examp\u{4cf}e.org",
        "mi\u{200d}ke@example.org",
        "mike\u{ff20}example.org",
    ] {
        let answer =
            app.anonymous().form("/auth/token", &[("username", other), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{other}");
        assert!(app.find_user(other).await.unwrap().is_none(), "{other}");
    }
    // And the same one is the same, in whatever way it is typed.
    for same in
        ["MIKE@EXAMPLE.ORG", " mike@example.org ", "mike@\u{ff45}xample.org", "mike@example\u{3002}org"]
    {
        let answer = app.anonymous().form("/auth/token", &[("username", same), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{same}");
    }
}

#[tokio::test]
async fn what_is_no_single_address_registers_nobody() {
    let app = App::new().await;
    let long = format!("{}@{}.org", "a".repeat(64), "b.".repeat(95));
    assert!(long.len() > 254);
    for wrong in [
        json!("a@x.org,b@y.org"),
        json!(["a@x.org", "b@y.org"]),
        json!({"email": "a@x.org"}),
        json!("a@x.org\nBcc: b@y.org"),
        json!("a@x.org\r\n"),
        json!("a@x.org\0"),
        json!("\"a\"@x.org"),
        json!("a@x@y.org"),
        json!("<a@x.org>b@y.org"),
        json!("Ann <a@x.org>"),
        json!("a@x.org;b@y.org"),
        json!("a(comment)@x.org"),
        json!("@x.org:a@y.org"),
        json!("a@[127.0.0.1]"),
        json!("a@localhost"),
        json!("mi\u{212a}e@x.org"),
        json!(long),
        json!(true),
    ] {
        let answer =
            app.anonymous().post("/auth/register", json!({"email": wrong, "password": PASSWORD})).await;
        assert_eq!(answer.wrong_fields(), ["email"], "{wrong}");
    }
    let twice = format!(r#"{{"email": "a@x.org", "email": "b@y.org", "password": "{PASSWORD}"}}"#);
    let answer = app
        .anonymous()
        .send("POST".parse().unwrap(), "/auth/register", Some("application/json"), twice)
        .await;
    assert_eq!(answer.wrong_fields(), ["body"]);
    assert_eq!(app.contents().await, "");
}
