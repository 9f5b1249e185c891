//! Known browsers of a user are recognised, so an attacker cannot lock the owner out.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, LimitConfig};

use crate::app::{ANN, Actor, Answer, App, BOB, NEW_PASSWORD, PASSWORD, WRONG, config};

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
async fn a_recognised_program_is_limited_like_any_other() {
    let app = App::with(strict()).await;
    app.register(ANN).await;
    let program = |address: &str| app.anonymous().from(address).header("user-agent", "a program");
    for _ in 0..3 {
        assert_eq!(program("192.0.2.1").request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    }
    assert_eq!(app.contents().await.matches("devices:").count(), 1);
    assert_eq!(program("192.0.2.2").request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(app.contents().await.matches("devices:").count(), 2);
    attack(&app, ANN).await;
    assert_eq!(program("192.0.2.1").request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
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
