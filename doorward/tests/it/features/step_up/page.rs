//! The page `/confirm`, without a script.

use std::time::Duration;

use axum::http::{Method, StatusCode};

use crate::{
    app::{ANN, Answer, App, PASSWORD, Phone, WRONG, config, with_key},
    visitor::{error_of, focus, leads_to, visitor, visitor_of},
};

/// The text of a page, with the signs that stand for themselves.
fn plain(page: &Answer) -> String {
    page.text.replace("&#x2f;", "/").replace("&amp;", "&")
}

#[tokio::test]
async fn a_person_proves_who_they_are_by_the_password_and_goes_on() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let before = ann.clone();
    app.advance(Duration::from_secs(1000));
    let page = ann.get("/auth/confirm?next=%2Fdrop%3Fx&lang=de").await;
    assert_eq!((page.status, &page.headers["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    assert!(page.text.contains("Bestätigen Sie") && page.text.contains(ANN), "{}", page.text);
    assert_eq!(focus(&page), Some("password"));
    let action = "action=\"/auth/confirm?lang=de&next=%2Fdrop%3Fx\"";
    assert!(plain(&page).contains(action), "{}", page.text);
    for wrong in [WRONG, ""] {
        let again = ann.form("/auth/confirm?next=%2Fdrop%3Fx", &[("password", wrong)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(error_of(&again, "password").is_some(), "{}", again.text);
    }
    let done = ann.form("/auth/confirm?next=%2Fdrop%3Fx", &[("password", PASSWORD)]).await;
    assert_eq!(leads_to(&done), "/drop?x");
    assert!(ann.is_logged_in().await && !before.is_logged_in().await);
    assert_eq!(app.count("events WHERE kind = 'stepped_up'").await, 1);
    let done = ann.form("/auth/confirm?next=https%3A%2F%2Fevil.example", &[("password", PASSWORD)]).await;
    assert_eq!(leads_to(&done), "/auth/account");
}

#[tokio::test]
async fn a_person_with_an_app_is_asked_for_a_code_or_a_recovery_code() {
    let app = App::with(with_key(config())).await;
    let mut phone_owner = app.ann().await;
    let (phone, codes) = Phone::add(&app, &mut phone_owner).await;
    let mut ann = visitor(&app);
    ann.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    ann.form("/auth/login/second-step", &[("code", &phone.next(&app))]).await;
    let page = ann.get("/auth/confirm?next=%2Fdrop").await;
    assert!(page.text.contains("inputmode=\"numeric\"") && !page.text.contains("type=\"password\""));
    assert!(plain(&page).contains("href=\"/auth/confirm?next=%2Fdrop&with=recovery_code\""), "{}", page.text);
    // The password is no answer to this form.
    let again = ann.form("/auth/confirm?next=%2Fdrop", &[("password", PASSWORD)]).await;
    assert!(error_of(&again, "code").is_some(), "{}", again.text);
    let again = ann.form("/auth/confirm?next=%2Fdrop", &[("code", &phone.wrong_code())]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = ann.form("/auth/confirm?next=%2Fdrop", &[("code", &phone.next(&app))]).await;
    assert_eq!(leads_to(&done), "/drop");
    let paper = ann.get("/auth/confirm?with=recovery_code").await;
    assert!(paper.text.contains("Recovery code"), "{}", paper.text);
    let wrong = ann.form("/auth/confirm?with=recovery_code", &[("code", "AAAA-AAAA-AAAA")]).await;
    assert!(error_of(&wrong, "code").is_some(), "{}", wrong.text);
    let done = ann.form("/auth/confirm", &[("code", &codes[0])]).await;
    assert_eq!(leads_to(&done), "/auth/account");
    assert_eq!(app.count("events WHERE kind = 'stepped_up'").await, 2);
}

#[tokio::test]
async fn the_form_tells_to_wait_after_too_many_wrong_passwords() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    loop {
        let answer = ann.form("/auth/confirm", &[("password", WRONG)]).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.text.contains("role=\"alert\"") && answer.text.contains("type=\"password\""));
            assert!(answer.retry_after() > 0);
            break;
        }
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_page_is_for_people_who_are_logged_in_with_a_cookie_here() {
    let app = App::new().await;
    app.register(ANN).await;
    let stranger = visitor(&app).get("/auth/confirm?next=%2Fdrop").await;
    assert_eq!(leads_to(&stranger), "/auth/login?next=%2Fdrop");
    let mut other = visitor_of(&app, ANN).await.header("sec-fetch-site", "cross-site");
    let answer = other.form("/auth/confirm", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let mut program = app.bearer(&app.token(ANN).await);
    let form = Some("application/x-www-form-urlencoded");
    let answer = program.send(Method::POST, "/auth/confirm", form, format!("password={PASSWORD}")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(program.is_logged_in().await);
}

#[tokio::test]
async fn a_person_who_has_nothing_to_show_is_told_to_log_in_again() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    app.execute("DELETE FROM credentials").await;
    let page = ann.get("/auth/confirm?next=%2Fdrop").await;
    assert!(page.text.contains("Log out, and log in again.") && !page.text.contains("class=\"primary\""));
    assert!(plain(&page).contains("href=\"/auth/logout?next=%2Fdrop\""), "{}", page.text);
}
