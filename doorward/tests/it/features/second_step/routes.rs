//! The second step in a browser.

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::json;

use crate::app::{ANN, Actor, Answer, App, NEW_PASSWORD, PASSWORD, Phone, config, with_key};

/// Ann with an authenticator app and her recovery codes.
pub(super) async fn ann_with_app(app: &App) -> (Phone, Vec<String>) {
    let mut ann = app.ann().await;
    Phone::add(app, &mut ann).await
}

/// A browser that has taken the first step.
pub(super) async fn first_step(app: &App) -> Actor<'_> {
    let mut browser = app.browser();
    let answer = browser.log_in(ANN, PASSWORD).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
    assert_eq!(answer.json()["methods"], json!(["totp", "recovery_code"]));
    assert!(browser.cookies.contains_key("doorward-login"));
    browser
}

pub(super) async fn otp(browser: &mut Actor<'_>, code: &str) -> Answer {
    browser.post("/auth/login/second-step", json!({"otp": code})).await
}

pub(super) async fn recovery(browser: &mut Actor<'_>, code: &str) -> Answer {
    browser.post("/auth/login/second-step", json!({"recovery_code": code})).await
}

#[track_caller]
pub(super) fn assert_refused(answer: &Answer, code: &str) {
    let status = if code == "login_expired" { StatusCode::BAD_REQUEST } else { StatusCode::FORBIDDEN };
    assert_eq!((answer.status, &*answer.code()), (status, code));
}

#[tokio::test]
async fn a_code_of_the_app_makes_a_session_of_two_factors() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let mut browser = first_step(&app).await;
    let answer = otp(&mut browser, &phone.next(&app)).await;
    assert_eq!((answer.status, &answer.json()["email"]), (StatusCode::OK, &json!(ANN)));
    assert!(!browser.cookies.contains_key("doorward-login"));
    let sessions = browser.sessions().await;
    let current = sessions.iter().find(|one| one["current"] == true).unwrap();
    assert_eq!((&current["acr"], &current["amr"]), (&json!("aal2"), &json!(["pwd", "otp", "mfa"])));
    assert_eq!(current["method"], "password");
    assert_eq!(app.count("events WHERE kind = 'logged_in' AND detail LIKE '%\"second\":\"totp\"%'").await, 1);
    assert_eq!(app.count("pending_logins").await, 0);
}

#[tokio::test]
async fn the_same_code_twice_also_at_once_on_two_nodes_logs_in_once() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let mut first = first_step(&app).await;
    let mut second = first_step(&app).await;
    // The code that confirmed the app is used.
    assert_refused(&otp(&mut first, &phone.code()).await, "wrong_otp");
    let code = phone.next(&app);
    assert_eq!(otp(&mut first, &code).await.status, StatusCode::OK);
    assert_refused(&otp(&mut second, &code).await, "wrong_otp");
    let node = app.sibling(with_key(config())).await;
    node.stop_clock();
    for _ in 0..4 {
        let code = phone.next(&app);
        node.advance(std::time::Duration::from_secs(30));
        let mut browsers = Vec::new();
        for one in [&app, &node, &app, &node] {
            browsers.push(first_step(one).await);
        }
        let answers = join_all(browsers.iter_mut().map(|browser| otp(browser, &code))).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
        for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
            assert_refused(answer, "wrong_otp");
        }
        phone.wait(&app, 3600);
        node.advance(std::time::Duration::from_secs(3600));
    }
}

#[tokio::test]
async fn a_code_of_the_step_before_or_after_is_good_and_two_steps_off_is_not() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    phone.wait(&app, 600);
    for (seconds, good) in [(-60, false), (60, false), (-30, true), (30, true)] {
        let mut browser = first_step(&app).await;
        let answer = otp(&mut browser, &phone.code_in(seconds)).await;
        assert_eq!(answer.status == StatusCode::OK, good, "{seconds}: {}", answer.text);
    }
}

#[tokio::test]
async fn after_a_code_the_one_of_an_earlier_step_is_refused() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    phone.wait(&app, 600);
    let mut browser = first_step(&app).await;
    assert_eq!(otp(&mut browser, &phone.code()).await.status, StatusCode::OK);
    let mut browser = first_step(&app).await;
    assert_refused(&otp(&mut browser, &phone.code_in(-30)).await, "wrong_otp");
    assert_eq!(otp(&mut browser, &phone.code_in(30)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_may_be_typed_with_spaces_and_in_other_digits() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let other = |code: &str, zero: u32| -> String {
        code.chars().map(|digit| char::from_u32(zero + digit.to_digit(10).unwrap()).unwrap()).collect()
    };
    let writings: [&dyn Fn(&str) -> String; 4] = [
        &|code| format!(" {} {}", &code[..3], &code[3..]),
        &|code| format!("{}-{}", &code[..3], &code[3..]),
        &|code| other(code, 0xff10),
        &|code| other(code, 0x660),
    ];
    for written in writings {
        let mut browser = first_step(&app).await;
        let code = phone.next(&app);
        assert_eq!(otp(&mut browser, &written(&code)).await.status, StatusCode::OK, "{}", written(&code));
    }
}

#[tokio::test]
async fn a_recovery_code_works_once_also_at_once() {
    let app = App::with(with_key(config())).await;
    let (_, codes) = ann_with_app(&app).await;
    assert_eq!(codes.len(), 10);
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(first_step(&app).await);
    }
    let typed = codes[3].to_lowercase().replace('-', " ");
    let answers = join_all(browsers.iter_mut().map(|browser| recovery(browser, &typed))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
        assert_refused(answer, "wrong_recovery_code");
    }
    assert_eq!(app.count("recovery_codes").await, 9);
    assert_eq!(
        app.count("events WHERE kind = 'recovery_code_used' AND detail LIKE '%\"left\":\"9\"%'").await,
        1
    );
    let mut browser = first_step(&app).await;
    assert_refused(&recovery(&mut browser, &codes[3]).await, "wrong_recovery_code");
    assert_eq!(recovery(&mut browser, &codes[9]).await.status, StatusCode::OK);
    let current = browser.sessions().await;
    let current = current.iter().find(|one| one["current"] == true).unwrap();
    assert_eq!((&current["acr"], &current["amr"]), (&json!("aal2"), &json!(["pwd", "mfa"])));
}

#[tokio::test]
async fn a_log_in_that_waits_works_once_and_two_right_codes_at_once_make_one_session() {
    let app = App::with(with_key(config())).await;
    let (phone, codes) = ann_with_app(&app).await;
    let browser = first_step(&app).await;
    let code = phone.next(&app);
    let before = app.count("sessions").await;
    let (mut one, mut other) = (browser.clone(), browser.clone());
    let (of_app, of_paper) = tokio::join!(otp(&mut one, &code), recovery(&mut other, &codes[0]));
    let right = [&of_app, &of_paper].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(right, 1, "{} {}", of_app.text, of_paper.text);
    assert_eq!(app.count("sessions").await, before + 1);
    let mut late = browser.clone();
    assert_refused(&otp(&mut late, &phone.next(&app)).await, "login_expired");
}

#[tokio::test]
async fn another_browser_without_the_cookie_cannot_take_the_second_step() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let browser = first_step(&app).await;
    assert_refused(&otp(&mut app.browser(), &phone.next(&app)).await, "login_expired");
    // The token of a browser is none of a program, and the other way round.
    let token = browser.cookies["doorward-login"].clone();
    let form = [("grant_type", "urn:doorward:grant:mfa"), ("mfa_token", &*token), ("otp", &*phone.code())];
    let answer = app.anonymous().form("/auth/token", &form).await;
    assert_eq!((answer.status, &answer.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    let of_program = app.anonymous().request_token(ANN, PASSWORD).await.json()["mfa_token"].clone();
    let mut thief = app.browser();
    thief.cookies.insert("doorward-login".into(), of_program.as_str().unwrap().into());
    assert_refused(&otp(&mut thief, &phone.code()).await, "login_expired");
}

#[tokio::test]
async fn the_sixth_wrong_code_ends_the_log_in() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let mut browser = first_step(&app).await;
    for _ in 0..5 {
        assert_refused(&otp(&mut browser, &phone.wrong_code()).await, "wrong_otp");
        phone.wait(&app, 60);
    }
    assert_refused(&otp(&mut browser, &phone.code()).await, "login_expired");
    assert_eq!(app.count("pending_logins").await, 0);
}

#[tokio::test]
async fn a_change_between_the_steps_ends_the_log_in() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let id = app.id_of(ANN).await;
    for change in ["password", "address", "factor", "time", "disabled"] {
        let mut browser = first_step(&app).await;
        match change {
            "password" => {
                assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
                assert_eq!(ann.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::OK);
            }
            "address" => {
                assert_eq!(ann.change_email("anna@example.org").await.status, StatusCode::OK);
                assert_eq!(ann.change_email(ANN).await.status, StatusCode::OK);
            }
            "factor" => {
                let body = json!({"otp": phone.next(&app)});
                assert_eq!(ann.delete("/auth/totp", Some(body)).await.status, StatusCode::NO_CONTENT);
                let (again, _) = Phone::add(&app, &mut ann).await;
                assert_refused(&otp(&mut browser, &again.next(&app)).await, "login_expired");
                return;
            }
            "time" => phone.wait(&app, 600),
            _ => {
                assert!(app.disable_user(id).await.unwrap());
                assert!(app.enable_user(id).await.unwrap());
            }
        }
        assert_refused(&otp(&mut browser, &phone.next(&app)).await, "login_expired");
    }
}

#[tokio::test]
async fn a_new_password_by_mail_logs_nobody_in_and_the_next_log_in_asks_for_the_second_factor() {
    let app = App::with(with_key(crate::mail::mailbox::with_mail())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    // The mails of the registration.
    app.send_mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("reset-password");
    let mut browser = app.browser();
    let body = json!({"token": token, "new_password": NEW_PASSWORD});
    assert!(browser.post("/auth/reset-password", body).await.status.is_success());
    assert!(!browser.cookies.contains_key("doorward"));
    assert_eq!(app.count("sessions").await, 0);
    let answer = browser.log_in(ANN, NEW_PASSWORD).await;
    assert_refused(&answer, "second_step_required");
    assert_eq!(otp(&mut browser, &phone.next(&app)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn malformed_second_steps_are_refused_by_name() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let mut browser = first_step(&app).await;
    for (body, fields) in [
        (json!({}), vec!["otp"]),
        (json!({"otp": "123456", "recovery_code": "ABCD"}), vec!["otp"]),
        (json!({"otp": 123_456}), vec!["otp"]),
        (json!({"otp": "123456", "remember": true}), vec!["body"]),
    ] {
        let answer = browser.post("/auth/login/second-step", body).await;
        assert_eq!(answer.wrong_fields(), fields);
    }
    assert_refused(&otp(&mut browser, "not a code").await, "wrong_otp");
    assert_refused(&otp(&mut browser, &"1".repeat(2000)).await, "wrong_otp");
    assert_refused(&recovery(&mut browser, "no").await, "wrong_recovery_code");
    assert_eq!(otp(&mut browser, &phone.next(&app)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_nodes_whose_clocks_are_40_seconds_apart_take_each_step_once() {
    let app = App::with(with_key(config())).await;
    let (phone, _) = ann_with_app(&app).await;
    let ahead = app.sibling(with_key(config())).await;
    ahead.stop_clock();
    ahead.advance(std::time::Duration::from_secs(40));
    phone.wait(&app, 30);
    ahead.advance(std::time::Duration::from_secs(30));
    // The phone is right: one node is ahead of it, and the other one behind.
    let code = phone.code_in(20);
    let mut there = first_step(&ahead).await;
    assert_eq!(otp(&mut there, &code).await.status, StatusCode::OK);
    let mut here = first_step(&app).await;
    assert_refused(&otp(&mut here, &code).await, "wrong_otp");
    phone.wait(&app, 30);
    ahead.advance(std::time::Duration::from_secs(30));
    let code = phone.code_in(20);
    assert_eq!(otp(&mut here, &code).await.status, StatusCode::OK);
    let mut there = first_step(&ahead).await;
    assert_refused(&otp(&mut there, &code).await, "wrong_otp");
    assert_eq!(
        ahead.clock_ahead_of_database().await.unwrap().is_some(),
        crate::app::postgres_server().is_some()
    );
}
