//! Known browsers and programs of a user are recognised, so an attacker cannot lock the owner out.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::LimitConfig};
use serde_json::json;

use crate::{
    app::{ANN, Actor, Answer, App, BOB, NEW_PASSWORD, PASSWORD, WRONG, config},
    mail::mailbox::with_mail,
};

const DEVICE: &str = "doorward-device";

/// Settings in which the wait after the free guesses is longer than any test.
fn strict() -> Config {
    let limit = LimitConfig { first_delay: Duration::from_secs(600), ..LimitConfig::default() };
    Config { limit, ..config() }
}

async fn login(browser: &mut Actor<'_>, email: &str, password: &str) -> Answer {
    browser.log_in(email, password).await
}

/// A browser that holds only the device cookie of another browser.
fn with_device_of<'a>(app: &'a App, browser: &Actor<'_>) -> Actor<'a> {
    let mut other = app.browser();
    other.cookies.insert(DEVICE.into(), browser.cookies[DEVICE].clone());
    other
}

/// Guesses from many addresses until the account is blocked.
async fn attack(app: &App, email: &str) {
    for number in 0..20 {
        let mut attacker = app.browser().from(&format!("198.51.100.{number}"));
        login(&mut attacker, email, WRONG).await;
    }
    let refused = login(&mut app.browser(), email, PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_browser_is_recognised_for_a_year() {
    for (public_url, name, secure) in [
        ("http://127.0.0.1:8000", "doorward-device", ""),
        ("https://example.org", "__Host-doorward-device", "; Secure"),
    ] {
        let app = App::with(Config { public_url: public_url.into(), ..config() }).await;
        app.register(ANN).await;
        let answer = login(&mut app.browser(), ANN, PASSWORD).await;
        let lines: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert_eq!(lines.len(), 2);
        let (pair, attributes) = lines[1].to_str().unwrap().split_once("; ").unwrap();
        let token = pair.strip_prefix(name).unwrap().strip_prefix("=dw_d_").unwrap();
        assert_eq!(token.len(), 49);
        assert_eq!(attributes, format!("Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}"));
        assert!(!app.contents().await.contains(token));
        // A failed log-in sets no cookie.
        let answer = login(&mut app.browser(), ANN, WRONG).await;
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn a_browser_keeps_its_device_cookie_at_later_log_ins() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let kept = browser.cookies[DEVICE].clone();
    browser.log_out().await;
    login(&mut browser, ANN, PASSWORD).await;
    assert_eq!(browser.cookies[DEVICE], kept);
    assert_eq!(app.contents().await.matches("devices:").count(), 1);
    // A value from another user or from an attacker is replaced.
    let foreign = app.browser_of(ANN).await.cookies[DEVICE].clone();
    app.register(BOB).await;
    for value in [&*foreign, "dw_d_x", "", "x"] {
        let mut browser = app.browser();
        browser.cookies.insert(DEVICE.into(), value.to_owned());
        assert_eq!(login(&mut browser, BOB, PASSWORD).await.status, StatusCode::OK);
        assert_ne!(browser.cookies[DEVICE], value);
    }
}

#[tokio::test]
async fn an_attacker_who_blocks_an_account_does_not_lock_its_owner_out() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let owner = app.browser_of(ANN).await;
    attack(&app, ANN).await;
    let mut browser = with_device_of(&app, &owner);
    for _ in 0..10 {
        assert_eq!(login(&mut browser, ANN, PASSWORD).await.status, StatusCode::OK);
    }
    // Also from the address of the attacker.
    for number in 0..40 {
        login(&mut app.browser().from("192.0.2.1"), &format!("u{number}@example.org"), WRONG).await;
    }
    let mut browser = with_device_of(&app, &owner).from("192.0.2.1");
    assert_eq!(login(&mut browser, ANN, PASSWORD).await.status, StatusCode::OK);
    // Proving the password again works too, and the attacker stays blocked.
    assert_eq!(browser.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::NO_CONTENT);
    let refused = login(&mut app.browser(), ANN, NEW_PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_stolen_device_cookie_gives_no_more_guesses() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let owner = app.browser_of(ANN).await;
    let mut thief = with_device_of(&app, &owner);
    for _ in 0..5 {
        assert_eq!(login(&mut thief, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(login(&mut thief, ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    // On every route.
    assert_eq!(thief.request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    // The owner can still log in without the device, or on another one.
    app.token(ANN).await;
}

#[tokio::test]
async fn a_device_counts_only_for_its_own_user() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    app.register(BOB).await;
    let ann = app.browser_of(ANN).await;
    attack(&app, BOB).await;
    assert_eq!(
        login(&mut with_device_of(&app, &ann), BOB, PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    attack(&app, ANN).await;
    let made_up = format!("dw_d_{}", "A".repeat(49));
    for value in [&*made_up, "", "x"] {
        let mut browser = app.browser();
        browser.cookies.insert(DEVICE.into(), value.to_owned());
        assert_eq!(login(&mut browser, ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    // A cookie that comes twice is ignored.
    let twice = format!("{DEVICE}={0}; {DEVICE}={0}", ann.cookies[DEVICE]);
    let mut browser = app.browser().another_header("cookie", &twice);
    assert_eq!(login(&mut browser, ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(login(&mut with_device_of(&app, &ann), ANN, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_device_is_forgotten_with_a_new_password_or_the_user_or_after_a_year() {
    let app = App::with(strict()).await;
    let id: doorward::UserId = app.register(ANN).await.to_string().parse().unwrap();
    let owner = app.browser_of(ANN).await;
    app.set_password(id, PASSWORD).await.unwrap();
    attack(&app, ANN).await;
    let refused = login(&mut with_device_of(&app, &owner), ANN, PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);

    app.register(BOB).await;
    let bob = app.browser_of(BOB).await;
    app.advance(Duration::from_secs(365 * 24 * 3600 + 1));
    attack(&app, BOB).await;
    assert_eq!(
        login(&mut with_device_of(&app, &bob), BOB, PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );

    app.delete_user(id).await.unwrap();
    let outside = app.outside().await;
    assert_eq!(outside.number(&format!("SELECT count(*) FROM devices WHERE user_id = {id}")).await, 0);
}

#[tokio::test]
async fn the_devices_used_last_are_kept() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let mut browsers = Vec::new();
    for _ in 0..11 {
        browsers.push(app.browser_of(ANN).await);
        app.advance(Duration::from_secs(60));
        // The first browser is used in every round, so it is never the oldest.
        login(&mut browsers[0], ANN, PASSWORD).await;
    }
    // Programs do not take the places of browsers in the list.
    for number in 0..15 {
        let mut program =
            app.anonymous().from("192.0.2.1").header("user-agent", &format!("program {number}"));
        program.request_token(ANN, PASSWORD).await;
    }
    assert_eq!(app.contents().await.matches("devices:").count(), 20);
    attack(&app, ANN).await;
    for (number, browser) in browsers.iter().enumerate() {
        let expected = if number == 1 { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
        assert_eq!(
            login(&mut with_device_of(&app, browser), ANN, PASSWORD).await.status,
            expected,
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_program_that_sends_no_device_token_is_limited_like_any_other() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let program = |address: &str| app.anonymous().from(address).header("user-agent", "a program");
    for _ in 0..7 {
        assert_eq!(program("192.0.2.1").request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    }
    // Each log-in gives a token, and a few are kept.
    assert_eq!(app.count("devices").await, 3);
    assert_eq!(program("192.0.2.2").request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(app.count("devices").await, 4);
    app.advance(Duration::from_secs(3601));
    attack(&app, ANN).await;
    assert_eq!(program("192.0.2.1").request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

/// The device token that `POST /token` gave.
fn device_token(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["device_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_program_that_keeps_its_device_token_is_not_locked_out() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    app.register(BOB).await;
    let device = device_token(&app.anonymous().request_token(ANN, PASSWORD).await);
    assert!(device.starts_with("dw_d_") && !app.contents().await.contains(&device));
    attack(&app, ANN).await;
    // It is sent as a header or as a field, and it stays the same.
    for _ in 0..7 {
        let mut program = app.anonymous().header("doorward-device", &device);
        assert_eq!(device_token(&program.request_token(ANN, PASSWORD).await), device);
        let fields = [("username", ANN), ("password", PASSWORD), ("device_token", &device)];
        assert_eq!(device_token(&app.anonymous().form("/auth/token", &fields).await), device);
        // The log-in of browsers takes it too.
        assert_eq!(program.log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    }
    // It counts for its own user alone, and a value that is none helps nobody.
    attack(&app, BOB).await;
    let made_up = format!("dw_d_{}", "A".repeat(49));
    for (email, value) in [(BOB, &*device), (ANN, &*made_up), (ANN, "x"), (ANN, "")] {
        let fields = [("username", email), ("password", PASSWORD), ("device_token", value)];
        let refused = app.anonymous().form("/auth/token", &fields).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{email} {value}");
    }
    let twice =
        app.anonymous().another_header("doorward-device", &device).another_header("doorward-device", &device);
    assert_eq!(twice.clone().request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    // A thief of the token has five guesses, like a thief of the cookie.
    let mut thief = app.anonymous().header("doorward-device", &device);
    for _ in 0..5 {
        assert_eq!(thief.request_token(ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(thief.request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn programs_without_a_token_do_not_push_out_one_that_keeps_its_own() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let mut keeper = app.anonymous().from("192.0.2.1").header("user-agent", "keeper");
    let first = device_token(&keeper.request_token(ANN, PASSWORD).await);
    let forgetful = async |agent: String| {
        app.advance(Duration::from_secs(1));
        let mut program = app.anonymous().from("192.0.2.1").header("user-agent", &agent);
        device_token(&program.request_token(ANN, PASSWORD).await);
    };
    // One program logs in very often.
    for _ in 0..30 {
        forgetful("script".into()).await;
    }
    let mut keeper = keeper.header("doorward-device", &first);
    assert_eq!(device_token(&keeper.request_token(ANN, PASSWORD).await), first);
    // From then on, not even many different ones push it out.
    for number in 0..30 {
        forgetful(format!("script {number}")).await;
    }
    attack(&app, ANN).await;
    assert_eq!(device_token(&keeper.request_token(ANN, PASSWORD).await), first);
    assert_eq!(app.count("devices").await, 11);
}

#[tokio::test]
async fn a_new_password_gives_a_program_a_new_device_token() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let answer = app.anonymous().request_token(ANN, PASSWORD).await;
    let (session, old) = (answer.token(), device_token(&answer));
    let mut program = app.bearer(&session).header("doorward-device", &old);
    let new = device_token(&program.change_password(PASSWORD, NEW_PASSWORD).await);
    assert_ne!(new, old);
    attack(&app, ANN).await;
    for (device, expected) in [(&old, StatusCode::TOO_MANY_REQUESTS), (&new, StatusCode::OK)] {
        let mut program = app.anonymous().header("doorward-device", device);
        assert_eq!(program.request_token(ANN, NEW_PASSWORD).await.status, expected);
    }
}

#[tokio::test]
async fn a_browser_that_shows_a_link_from_a_mail_is_recognised() {
    let app = App::with(Config { limit: strict().limit, ..with_mail() }).await;
    app.register(ANN).await;
    // Verifying the address.
    let link = json!({"token": app.newest_mail(ANN).await.token("verify-email")});
    let mut verifier = app.browser();
    assert_eq!(verifier.post("/auth/verify-email", link).await.status, StatusCode::NO_CONTENT);
    assert!(!verifier.cookies.contains_key("doorward"), "a proof from a mail logs nobody in");
    attack(&app, ANN).await;
    assert_eq!(login(&mut verifier, ANN, PASSWORD).await.status, StatusCode::OK);
    // Choosing a new password, as a program and on the page.
    for on_page in [false, true] {
        // Mails of the same moment arrive in any order, so earlier ones are sent first.
        app.mails().await;
        app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
        let token = app.newest_mail(ANN).await.token("reset-password");
        let mut reader = app.browser();
        let answer = match on_page {
            false => {
                reader
                    .post("/auth/reset-password", json!({"token": token, "new_password": NEW_PASSWORD}))
                    .await
            }
            true => {
                reader
                    .form("/auth/reset-password", &[("token", &token), ("new_password", NEW_PASSWORD)])
                    .await
            }
        };
        let expected = if on_page { StatusCode::SEE_OTHER } else { StatusCode::NO_CONTENT };
        assert_eq!(answer.status, expected, "{}", answer.text);
        let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("doorward-device=dw_d_") && cookie.contains("; HttpOnly"), "{cookie}");
        // The reset forgets all other devices, and strangers stay blocked.
        let forgotten = login(&mut verifier.clone(), ANN, NEW_PASSWORD).await;
        assert_eq!(forgotten.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(login(&mut app.browser(), ANN, NEW_PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        let kept = reader.cookies[DEVICE].clone();
        assert_eq!(login(&mut reader, ANN, NEW_PASSWORD).await.status, StatusCode::OK);
        assert_eq!(reader.cookies[DEVICE], kept);
        verifier = with_device_of(&app, &reader);
    }
}

#[tokio::test]
async fn a_page_that_verifies_an_address_sets_the_device_cookie() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let token = app.newest_mail(ANN).await.token("verify-email");
    let mut browser = app.browser();
    let answer = browser.form("/auth/verify-email", &[("token", "dw_v_x")]).await;
    assert!(!answer.headers.contains_key("set-cookie"));
    let answer = browser.form("/auth/verify-email", &[("token", &token)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(browser.cookies.contains_key(DEVICE));
    // The owner is not told of the browser that read the mail, nor of the first log-in elsewhere.
    let mails = app.mails().await.len();
    assert_eq!(login(&mut app.browser(), ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(login(&mut browser, ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(app.mails().await.len(), mails);
    login(&mut app.browser(), ANN, PASSWORD).await;
    assert_eq!(app.mails().await[0].subject, "New login to your account");
}

#[tokio::test]
async fn a_new_password_forgets_all_devices_but_the_one_in_use() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let elsewhere = app.browser_of(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let copied = with_device_of(&app, &browser);
    assert_eq!(browser.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::NO_CONTENT);
    attack(&app, ANN).await;
    for stranger in [&elsewhere, &copied] {
        let answer = login(&mut with_device_of(&app, stranger), ANN, NEW_PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let answer = login(&mut with_device_of(&app, &browser), ANN, NEW_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
}
