//! Somebody who has the password cannot guess the code.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App, PASSWORD, Phone, config, with_key},
    features::second_step::routes::{assert_refused, first_step, otp, recovery},
};

/// Tries one wrong code. Returns the seconds to wait, if it was not checked.
async fn guess(app: &App, phone: &Phone) -> Option<u64> {
    let mut browser = first_step_of(app).await;
    let answer = otp(&mut browser, &phone.wrong_code()).await;
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Some(answer.retry_after());
    }
    assert_refused(&answer, "wrong_otp");
    None
}

/// As `first_step`, whatever the methods are.
async fn first_step_of(app: &App) -> crate::app::Actor<'_> {
    let mut browser = app.browser();
    assert_refused(&browser.log_in(ANN, PASSWORD).await, "second_step_required");
    browser
}

#[tokio::test]
async fn wrong_codes_have_to_wait_up_to_an_hour_and_the_owner_is_told() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let (mut wrong, mut longest) = (0, 0);
    while wrong < 30 {
        match guess(&app, &phone).await {
            None => wrong += 1,
            Some(seconds) => {
                longest = longest.max(seconds);
                phone.wait(&app, seconds);
            }
        }
    }
    assert!((3600..=3610).contains(&longest), "{longest}");
    assert!(app.count("events WHERE kind = 'second_factor_failed'").await >= 30);
    assert_eq!(app.number("SELECT failures FROM totp").await, 30);
    phone.wait(&app, 3600);
    let mut browser = first_step(&app).await;
    assert_eq!(otp(&mut browser, &phone.next(&app)).await.status, StatusCode::OK);
    assert_eq!(app.number("SELECT failures FROM totp").await, 0);
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_in_a_row_the_app_is_off_until_a_recovery_code_opens_it() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, codes) = Phone::add(&app, &mut ann).await;
    app.execute("UPDATE totp SET failures = 99").await;
    assert_eq!(guess(&app, &phone).await, None);
    assert_eq!(app.count("events WHERE kind = 'second_factor_locked'").await, 1);
    phone.wait(&app, 7200);
    let mut browser = app.browser();
    let answer = browser.log_in(ANN, PASSWORD).await;
    assert_eq!(answer.json()["methods"], serde_json::json!(["recovery_code"]));
    assert_refused(&otp(&mut browser, &phone.code()).await, "wrong_otp");
    assert_eq!(recovery(&mut browser, &codes[0]).await.status, StatusCode::OK);
    let mut browser = first_step(&app).await;
    assert_eq!(otp(&mut browser, &phone.next(&app)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_codes_do_not_count_as_wrong_passwords() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    for _ in 0..5 {
        assert_eq!(guess(&app, &phone).await, None);
    }
    // No code is free any more, and the password still is.
    assert_eq!(first_step(&app).await.cookies.len(), 1);
}
