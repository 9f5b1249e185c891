//! The pages `/login/email`, `/login/code` and `/login/link`.

use std::time::Duration;

use axum::http::StatusCode;

use super::by_mail;
use crate::{
    app::{ANN, App, Phone, with_key},
    mail::mailbox::with_mail,
    visitor::{error_of, focus, leads_to, visitor},
};

#[tokio::test]
async fn a_person_logs_in_by_the_code_and_goes_on_to_where_they_wanted() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = visitor(&app);
    let login = browser.get("/auth/login?next=/start").await;
    assert!(login.text.contains("login&#x2f;email?next=%2Fstart") && login.text.contains("Mail me a link"));
    assert_eq!(focus(&browser.get("/auth/login/email").await), Some("email"));
    let wrong = browser.form("/auth/login/email", &[("email", "ann")]).await;
    assert!(error_of(&wrong, "email").is_some());
    let answer = browser.form("/auth/login/email?next=/start", &[("email", ANN)]).await;
    assert_eq!(leads_to(&answer), "/auth/login/code?next=%2Fstart");
    let page = browser.get("/auth/login/code").await;
    assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("code")));
    assert!(page.text.contains("autocomplete=\"one-time-code\"") && page.text.contains(ANN));
    let missing = browser.form("/auth/login/code", &[("code", " ")]).await;
    assert_eq!(error_of(&missing, "code"), Some("Enter the code from the mail."));
    // The address to go on to is kept in the row, and stands in no mail.
    let mail = app.newest_mail(ANN).await;
    assert!(!mail.text.contains("start"), "{}", mail.text);
    let answer = browser.form("/auth/login/code", &[("code", &mail.code())]).await;
    assert_eq!(leads_to(&answer), "/start");
    assert!(browser.get("/auth/account").await.text.contains(ANN));
    assert_eq!(leads_to(&browser.get("/auth/login/email").await), "/auth/account");
}

#[tokio::test]
async fn the_link_shows_a_button_in_the_browser_that_asked_and_elsewhere_the_way_back() {
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = visitor(&app).from("203.0.113.7").header("user-agent", FIREFOX);
    browser.form("/auth/login/email?next=/start", &[("email", ANN)]).await;
    let mail = app.newest_mail(ANN).await;
    let token = mail.token("login/link");
    let link = format!("/auth/login/link?lang=en&token={token}");
    let elsewhere = visitor(&app).get(&link).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    for shown in ["Firefox on Linux, 203.0.113.7", &mail.code()] {
        assert!(elsewhere.text.contains(shown), "{shown}: {}", elsewhere.text);
    }
    assert!(!elsewhere.text.contains("name=\"token\"") && !elsewhere.text.contains(ANN));
    let page = browser.get(&link).await;
    assert!(page.text.contains(ANN) && !page.text.contains(&mail.code()), "{}", page.text);
    let answer = browser.form("/auth/login/link", &[("token", &token)]).await;
    assert_eq!(leads_to(&answer), "/start");
    // It works once.
    let page = visitor(&app).get(&link).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("login&#x2f;email"), "{}", page.text);
}

#[tokio::test]
async fn another_mail_can_be_asked_for_after_half_a_minute() {
    let app = App::with(by_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = visitor(&app);
    browser.form("/auth/login/email?next=/start", &[("email", ANN)]).await;
    let first = app.newest_mail(ANN).await;
    let answer = browser.form("/auth/login/code/again", &[]).await;
    assert_eq!(leads_to(&answer), "/auth/login/code?done=login-code-wait");
    app.advance(Duration::from_secs(31));
    let answer = browser.form("/auth/login/code/again", &[]).await;
    assert_eq!(leads_to(&answer), "/auth/login/code?done=login-code-again");
    let second = app.newest_mail(ANN).await;
    let old = browser.form("/auth/login/code", &[("code", &first.code())]).await;
    assert!(error_of(&old, "code").unwrap().starts_with("This code does not work"));
    assert_eq!(leads_to(&browser.form("/auth/login/code", &[("code", &second.code())]).await), "/start");
}

#[tokio::test]
async fn the_pages_say_what_is_missing() {
    let app = App::with(by_mail()).await;
    let mut browser = visitor(&app);
    assert_eq!(leads_to(&browser.get("/auth/login/code").await), "/auth/login");
    assert_eq!(leads_to(&browser.get("/auth/login/link").await), "/auth/login");
    let answer = browser.form("/auth/login/code", &[("code", "AAAA-AAAA")]).await;
    assert_eq!(leads_to(&answer), "/auth/login?done=login-expired");
    let off = App::with(with_mail()).await;
    let page = visitor(&off).get("/auth/login/email").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("Login by mail is switched off"), "{}", page.text);
    assert!(!visitor(&off).get("/auth/login").await.text.contains("Mail me a link"));
}

#[tokio::test]
async fn a_person_with_a_second_factor_goes_on_to_it_and_then_to_where_they_wanted() {
    let app = App::with(with_key(by_mail())).await;
    let mut ann = app.ann().await;
    app.execute("UPDATE users SET email_verified_at = 1").await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    app.mails().await;
    let mut browser = visitor(&app);
    browser.form("/auth/login/email?next=/start", &[("email", ANN)]).await;
    let code = app.newest_mail(ANN).await.code();
    let answer = browser.form("/auth/login/code", &[("code", &code)]).await;
    let step = leads_to(&answer).to_owned();
    assert_eq!(step, "/auth/login/second-step?next=%2Fstart");
    let answer = browser.form(&step, &[("code", &phone.next(&app))]).await;
    assert_eq!(leads_to(&answer), "/start");
}
