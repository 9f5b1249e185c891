//! Passwords: every character counts, accents are normalised, and too long ones are refused before hashing.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use doorward::{Config, config::PasswordConfig};

use crate::app::{ANN, App, config, patient};

async fn opens(app: &App, password: &str) -> bool {
    let answer = app.anonymous().request_token(ANN, password).await;
    let browser = app.browser().log_in(ANN, password).await;
    assert_eq!(answer.status, browser.status);
    match answer.status {
        StatusCode::OK => true,
        StatusCode::UNAUTHORIZED => false,
        other => panic!("unexpected status {other}: {}", answer.text),
    }
}

async fn registered(password: &str) -> App {
    let app = App::with(patient()).await;
    let answer = app.anonymous().register(ANN, password).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    app
}

#[tokio::test]
async fn every_byte_of_a_long_password_counts() {
    for length in [72, 73, 80, 200, 256] {
        let password: String = ('a'..='z').cycle().take(length).collect();
        let app = registered(&password).await;
        assert!(opens(&app, &password).await, "{length}");
        for wrong in [
            password[..length - 1].to_owned(),
            password[..71].to_owned(),
            password[..72.min(length - 1)].to_owned(),
            format!("{}Z", &password[..length - 1]),
            format!("{}other tail", &password[..71]),
            format!("{password}a"),
            password.to_uppercase(),
            format!("{}{}", &password[..length - 1], password[length - 1..].to_uppercase()),
        ] {
            assert!(!opens(&app, &wrong).await, "{length}: {wrong}");
        }
    }
}

#[tokio::test]
async fn all_256_characters_of_four_bytes_count() {
    // 256 characters of four bytes each are 1024 bytes.
    let password: String = "\u{1f600}".repeat(255) + "\u{1f601}";
    let app = registered(&password).await;
    assert!(opens(&app, &password).await);
    assert!(!opens(&app, &"\u{1f600}".repeat(256)).await);
    assert!(!opens(&app, &"\u{1f600}".repeat(255)).await);
}

#[tokio::test]
async fn nul_and_spaces_and_controls_count_like_letters() {
    for (password, wrong) in [
        (
            "abc\0defghijklmno",
            &["abc", "abc\0", "abcdefghijklmno", "abc\0defghijklmn", "abc defghijklmno"][..],
        ),
        ("  spaces inside  ", &["spaces inside", " spaces inside ", "  spaces inside", "  spaces\tinside  "]),
        ("tab\tnewline\r\n", &["tab\tnewline", "tab newline\r\n", "tab\tnewline\n"]),
        ("\u{200b}zero\u{feff}width", &["zerowidth", "\u{200b}zerowidth"]),
        ("Case Matters Here", &["case matters here", "CASE MATTERS HERE"]),
        ("ﬁnancial ﬂow", &["financial flow"]),
    ] {
        let app = registered(password).await;
        assert!(opens(&app, password).await, "{password:?}");
        for wrong in wrong {
            assert!(!opens(&app, wrong).await, "{password:?} {wrong:?}");
        }
    }
}

#[tokio::test]
async fn an_accent_is_the_same_on_every_keyboard_and_path() {
    let (composed, decomposed) = ("caf\u{e9} au lait", "cafe\u{301} au lait");
    let app = registered(composed).await;
    assert!(opens(&app, decomposed).await && opens(&app, composed).await);
    assert!(!opens(&app, "cafe au lait").await);
    let mut ann = app.browser();
    ann.log_in(ANN, decomposed).await;
    let (new_composed, new_decomposed) = ("na\u{ef}vet\u{e9} itself", "nai\u{308}vete\u{301} itself");
    assert_eq!(ann.change_password(decomposed, new_decomposed).await.status, StatusCode::NO_CONTENT);
    assert!(opens(&app, new_composed).await);
    let id = app.id_of(ANN).await;
    assert!(app.set_password(id, decomposed).await.unwrap());
    assert!(opens(&app, composed).await && !opens(&app, new_composed).await);
    let mut ann = app.browser();
    ann.log_in(ANN, composed).await;
    assert_eq!(ann.delete_account(decomposed).await.status, StatusCode::NO_CONTENT);
    app.add_user(ANN, decomposed).await.unwrap();
    assert!(opens(&app, composed).await);
}

#[tokio::test]
async fn the_length_is_counted_in_characters_of_the_normal_form() {
    let app = App::new().await;
    for (password, taken) in [
        ("1234 6 ".to_owned(), false),
        ("1234 6 8".to_owned(), true),
        ("\u{e9}".repeat(7), false),
        ("\u{e9}".repeat(8), true),
        // Fourteen code points that are seven characters in their normal form.
        ("e\u{301}".repeat(7), false),
        ("\u{1f600}".repeat(8), true),
        ("        ".to_owned(), true),
        ("a".repeat(256), true),
        ("a".repeat(257), false),
    ] {
        let email = format!("u{}@example.org", password.len());
        let answer = app.anonymous().register(&email, &password).await;
        if taken {
            let known = [StatusCode::CREATED, StatusCode::BAD_REQUEST];
            assert!(known.contains(&answer.status), "{password}: {}", answer.text);
        } else {
            assert_eq!(answer.wrong_fields(), ["password"], "{password}");
        }
    }
}

#[tokio::test]
async fn a_too_long_password_is_not_hashed() {
    // One hash takes far longer than all of these requests together.
    let password = PasswordConfig {
        memory_kib: 128 * 1024,
        iterations: 3,
        hashing_threads: 1,
        ..PasswordConfig::default()
    };
    let app = App::with(Config { password, ..config() }).await;
    let begun = Instant::now();
    app.anonymous().request_token(ANN, "short enough").await;
    let hashing = begun.elapsed();
    let mut refused = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        for length in [1025, 8_000, 1 << 20] {
            let long = "a".repeat(length);
            for answer in [
                app.anonymous().register(ANN, &long).await,
                app.anonymous().log_in(ANN, &long).await,
                app.anonymous().request_token(ANN, &long).await,
            ] {
                let expected = if length < 1 << 13 {
                    StatusCode::UNPROCESSABLE_ENTITY
                } else {
                    StatusCode::PAYLOAD_TOO_LARGE
                };
                assert_eq!(answer.status, expected);
                assert!(answer.text.len() < 500, "the answer repeats the password");
            }
        }
        refused = refused.min(begun.elapsed());
    }
    assert!(refused < hashing, "nine refusals took {refused:?}, one hash {hashing:?}");
}
