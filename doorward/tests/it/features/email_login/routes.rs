//! `POST /login/email`, `POST /login/email/finish`.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use doorward::{
    Config,
    config::{LimitConfig, Registration},
};
use futures_util::future::join_all;
use serde_json::json;

use super::{ask, by_mail, finish_by_code, finish_by_link, in_one_line, mail};
use crate::{
    app::{ANN, Answer, App, BOB, NEW_PASSWORD, PASSWORD, Phone, config, with_key, with_many_mails},
    mail::mailbox::with_mail,
};

#[track_caller]
fn assert_expired(answer: &Answer) {
    assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "login_expired"));
}

#[tokio::test]
async fn a_link_and_a_code_log_in_the_browser_that_asked_and_work_once() {
    for by_code in [false, true] {
        let app = App::with(by_mail()).await;
        app.add_verified(ANN).await;
        let mut browser = app.browser();
        let mail = mail(&app, &mut browser, " ANN@Example.org").await;
        assert!(mail.subject.starts_with(&mail.code()), "{}", mail.subject);
        assert!(browser.cookies.contains_key("doorward-login"));
        let mut copy = browser.clone();
        let answer = match by_code {
            true => finish_by_code(&mut browser, &mail.code().to_lowercase().replace('-', " ")).await,
            false => finish_by_link(&mut browser, &mail).await,
        };
        assert_eq!(
            (answer.status, &answer.json()["email"]),
            (StatusCode::OK, &json!(ANN)),
            "{}",
            answer.text
        );
        assert!(!browser.cookies.contains_key("doorward-login"));
        let session = &browser.sessions().await[0];
        assert_eq!((&session["method"], &session["acr"]), (&json!("email"), &json!("aal1")));
        assert_eq!(app.count("pending_logins").await, 0);
        assert_eq!(app.count("events WHERE kind = 'logged_in' AND detail LIKE '%\"email\"%'").await, 1);
        for _ in 0..2 {
            assert_expired(&finish_by_link(&mut copy, &mail).await);
            assert_expired(&finish_by_code(&mut copy, &mail.code()).await);
        }
    }
}

#[tokio::test]
async fn opening_the_link_a_hundred_times_changes_nothing_and_neither_does_a_post_without_the_cookie() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    let token = mail.token("login/link");
    let before = app.contents().await;
    let mut scanner = app.anonymous().header("accept", "text/html");
    for _ in 0..50 {
        let page = scanner.get(&format!("/auth/login/link?token={token}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let page = scanner.head(&format!("/auth/login/link?token={token}")).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let pressed = scanner.form("/auth/login/link", &[("token", &token)]).await;
    assert_eq!(pressed.status, StatusCode::OK);
    assert_expired(&finish_by_link(&mut app.anonymous(), &mail).await);
    assert!(scanner.cookies.is_empty(), "{:?}", scanner.cookies);
    // Another browser that asked for a mail of its own cannot use this one either.
    let mut other = app.browser();
    ask(&mut other, BOB).await;
    finish_by_link(&mut other, &mail).await.assert_invalid_link();
    finish_by_code(&mut other, &mail.code()).await.assert_invalid_link();
    app.execute("DELETE FROM failures").await;
    app.execute("DELETE FROM attempts").await;
    app.execute("DELETE FROM pending_logins WHERE email = 'bob@example.org'").await;
    app.execute("DELETE FROM mails").await;
    let after = app.contents().await;
    for table in ["sessions", "one_time_tokens", "pending_logins", "devices"] {
        let rows = |contents: &str| contents.lines().filter(|line| line.starts_with(table)).count();
        assert_eq!(rows(&after), rows(&before), "{table}");
    }
    assert_eq!(finish_by_link(&mut browser, &mail).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_as_fast_and_a_letter_that_says_so() {
    for (registration, offers) in
        [(Registration::Open, true), (Registration::Private, true), (Registration::Closed, false)]
    {
        let app = App::with(Config { registration: Some(registration), ..by_mail() }).await;
        app.add_verified(ANN).await;
        let known = ask(&mut app.browser(), ANN).await;
        let unknown = ask(&mut app.browser(), BOB).await;
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
        let letter = app.newest_mail(BOB).await;
        assert!(letter.text.contains("There is no account with it."), "{}", letter.text);
        assert_eq!(letter.text.contains("/register?lang=en"), offers, "{}", letter.text);
        assert!(!letter.text.contains("dw_l_"));
        app.newest_mail(ANN).await.token("login/link");
    }
    // Nothing is looked up: both do the same work.
    let limits = LimitConfig { mails_per_address: u32::MAX.try_into().unwrap(), ..LimitConfig::default() };
    let app = App::with(Config { limit: limits, ..by_mail() }).await;
    app.add_verified(ANN).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..60 {
        for (times, email) in [(&mut known, ANN.to_owned()), (&mut unknown, format!("{number}@example.org"))]
        {
            let begun = Instant::now();
            ask(&mut app.anonymous(), &email).await;
            times.push(begun.elapsed());
        }
    }
    known.sort_unstable();
    unknown.sort_unstable();
    let (known, unknown) = (known[10].as_secs_f64(), unknown[10].as_secs_f64());
    assert!((0.4..2.5).contains(&(known / unknown)), "{known} s for a known address, {unknown} s for others");
}

#[tokio::test]
async fn a_disabled_user_is_sent_nothing() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    assert!(app.disable_user(app.id_of(ANN).await).await.unwrap());
    let before = app.mails_sent();
    assert_eq!(ask(&mut app.browser(), ANN).await.status, StatusCode::ACCEPTED);
    app.mails().await;
    assert_eq!(app.mails_sent(), before);
}

#[tokio::test]
async fn a_newer_mail_kills_the_older_one() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let (mut first, mut second) = (app.browser(), app.browser());
    let older = mail(&app, &mut first, ANN).await;
    let newer = mail(&app, &mut second, ANN).await;
    assert_ne!(older.code(), newer.code());
    finish_by_link(&mut first, &older).await.assert_invalid_link();
    finish_by_code(&mut first, &older.code()).await.assert_invalid_link();
    // The newer one belongs to the other browser.
    finish_by_code(&mut first, &newer.code()).await.assert_invalid_link();
    assert_eq!(finish_by_code(&mut second, &newer.code()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_password_another_address_and_disabling_kill_the_mail() {
    for change in ["password", "operator", "address", "disabled"] {
        let app = App::with(by_mail()).await;
        app.add_verified(ANN).await;
        let id = app.id_of(ANN).await;
        let mut ann = app.bearer(&app.token(ANN).await);
        let mut browser = app.browser();
        let mail = mail(&app, &mut browser, ANN).await;
        match change {
            "password" => {
                assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
            }
            "operator" => assert!(app.set_password(id, NEW_PASSWORD).await.unwrap()),
            "address" => assert!(app.set_email(id, BOB).await.unwrap()),
            _ => assert!(app.disable_user(id).await.unwrap()),
        }
        for answer in
            [finish_by_link(&mut browser, &mail).await, finish_by_code(&mut browser, &mail.code()).await]
        {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{change}: {}", answer.text);
        }
        assert_eq!(app.count("sessions WHERE method = 'email'").await, 0, "{change}");
    }
}

#[tokio::test]
async fn six_wrong_codes_are_too_many_and_the_link_still_works_and_a_new_mail_gives_five_more() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser();
    let mut older = browser.clone();
    for round in 0..2 {
        let mail = mail(&app, &mut browser, ANN).await;
        for _ in 0..5 {
            finish_by_code(&mut browser, "AAAA-AAAA").await.assert_invalid_link();
        }
        let sixth = finish_by_code(&mut browser, &mail.code()).await;
        assert_eq!((sixth.status, &*sixth.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
        if round == 0 {
            older = browser.clone();
            continue;
        }
        // Another browser has attempts of its own, and cannot use up these.
        assert_eq!(
            finish_by_code(&mut older, "AAAA-AAAA").await.status,
            StatusCode::TOO_MANY_REQUESTS,
            "its attempts stay used up"
        );
        assert_eq!(finish_by_link(&mut browser, &mail).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_link_works_for_15_minutes_and_the_code_for_10() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser();
    let sent = mail(&app, &mut browser, ANN).await;
    app.advance(Duration::from_secs(9 * 60));
    assert_eq!(finish_by_code(&mut browser.clone(), &sent.code()).await.status, StatusCode::OK);
    let sent = mail(&app, &mut browser, ANN).await;
    app.advance(Duration::from_secs(10 * 60 + 5));
    finish_by_code(&mut browser, &sent.code()).await.assert_invalid_link();
    app.advance(Duration::from_secs(4 * 60));
    assert_eq!(finish_by_link(&mut browser.clone(), &sent).await.status, StatusCode::OK);
    let sent = mail(&app, &mut browser, ANN).await;
    app.advance(Duration::from_secs(15 * 60 + 5));
    finish_by_link(&mut browser, &sent).await.assert_invalid_link();
    app.advance(Duration::from_secs(15 * 60));
    assert_expired(&finish_by_link(&mut browser, &sent).await);
}

#[tokio::test]
async fn an_account_with_a_second_factor_is_asked_for_it() {
    let app = App::with(with_key(by_mail())).await;
    let mut ann = app.ann().await;
    app.execute("UPDATE users SET email_verified_at = 1").await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    app.mails().await;
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    let answer = finish_by_link(&mut browser, &mail).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
    assert_eq!(answer.json()["methods"], json!(["totp", "recovery_code"]));
    assert!(!browser.cookies.contains_key("doorward"), "there is no session yet");
    assert_eq!(app.count("sessions WHERE method = 'email'").await, 0);
    let answer = browser.post("/auth/login/second-step", json!({"otp": phone.next(&app)})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let sessions = browser.sessions().await;
    let own = sessions.iter().find(|session| session["current"] == true).unwrap();
    assert_eq!((&own["method"], &own["acr"]), (&json!("email"), &json!("aal2")));
}

#[tokio::test]
async fn a_mail_names_browser_place_and_time_before_the_code_and_that_nobody_asks_for_it() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let mut browser = app.browser().from("203.0.113.7").header("user-agent", FIREFOX);
    let mail = mail(&app, &mut browser, ANN).await;
    let code = mail.text.find(&mail.code()).unwrap();
    for fact in ["Firefox", "Linux", "203.0.113.7", "UTC"] {
        assert!(mail.text.find(fact).is_some_and(|at| at < code), "{fact}: {}", mail.text);
    }
    assert!(in_one_line(&mail).contains("will ever ask you for the code"), "{}", mail.text);
}

#[tokio::test]
async fn mails_that_log_in_have_a_budget_of_their_own() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    for _ in 0..5 {
        assert_eq!(ask(&mut app.browser(), ANN).await.status, StatusCode::ACCEPTED);
    }
    app.mails().await;
    let log_ins = app.mails_sent();
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let reset = app.newest_mail(ANN).await;
    assert!(reset.text.contains("/reset-password?"), "{}", reset.text);
    assert_eq!(app.mails_sent(), log_ins + 1);
    // Three in a quarter of an hour, and silently no more.
    let sent = app.mails().await.iter().filter(|mail| mail.text.contains("/login/link?")).count();
    assert_eq!(sent, 3);
}

#[tokio::test]
async fn one_mail_used_twice_at_once_makes_one_session() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let other = app.sibling(by_mail()).await;
    let mut browser = app.browser();
    let mail = mail(&app, &mut browser, ANN).await;
    let body = json!({"token": mail.token("login/link")});
    let answers = join_all((0..8).map(|number| {
        let cookies = browser.cookies.clone();
        let (app, body) = (if number % 2 == 0 { &app } else { &other }, body.clone());
        async move {
            let mut copy = app.browser();
            copy.cookies = cookies;
            copy.post("/auth/login/email/finish", body).await.status
        }
    }))
    .await;
    assert_eq!(answers.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{answers:?}");
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn a_wrong_request_names_its_field() {
    let app = App::with(by_mail()).await;
    let mut browser = app.browser();
    let mut fields = async |path: &str, body| browser.post(path, body).await.wrong_fields();
    assert_eq!(
        fields("/auth/login/email", json!({"email": 1, "transport": "pigeon"})).await,
        ["email", "transport"]
    );
    let elsewhere = json!({"email": ANN, "next": "https://elsewhere.example"});
    assert_eq!(fields("/auth/login/email", elsewhere).await, ["next"]);
    for body in [json!({}), json!({"token": "a", "code": "b"}), json!({"token": 1})] {
        assert_eq!(fields("/auth/login/email/finish", body).await, ["token"]);
    }
}

#[tokio::test]
async fn without_the_setting_no_mail_logs_in() {
    let app = App::with(with_mail()).await;
    app.add_verified(ANN).await;
    let answer = ask(&mut app.browser(), ANN).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "email_login_off"));
    for mistake in [
        Config { email_login: true, ..config() },
        Config { new_device_code: true, ..config() },
        Config { password_login: false, ..with_many_mails(with_mail()) },
    ] {
        let refused = crate::app::refusal(mistake).await;
        assert!(refused.contains("email_login") || refused.contains("new_device_code"), "{refused}");
    }
}
