//! The page `/login`.

use axum::http::{StatusCode, header};

use crate::{
    app::{ANN, App, BOB, PASSWORD},
    mail::mailbox::with_mail,
    visitor::{error_of, filled, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn too_many_guesses_are_answered_with_the_time_to_wait() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mut last = None;
    for _ in 0..30 {
        let answer =
            visitor(&app).form("/auth/login", &[("email", ANN), ("password", "wrong password")]).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            last = Some(answer);
            break;
        }
    }
    let answer = last.expect("guesses are never refused");
    assert!(answer.text.contains("There were too many attempts. Try again in"), "{}", answer.text);
    assert!(answer.headers.contains_key("retry-after"));
    assert_eq!(filled(&answer, "email").as_deref(), Some(ANN));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut pages = Vec::new();
    for email in [ANN, "nobody@example.org"] {
        let answer =
            visitor(&app).form("/auth/login", &[("email", email), ("password", "wrong password")]).await;
        assert_eq!((answer.status, focus(&answer)), (StatusCode::UNAUTHORIZED, Some("password")));
        assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        pages.push(answer.text.replace(&format!("value=\"{email}\""), "(email)"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn a_password_that_is_too_long_is_a_wrong_one() {
    let app = App::new().await;
    app.register(ANN).await;
    let password = "a".repeat(1025);
    let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", &password)]).await;
    assert_eq!((answer.status, focus(&answer)), (StatusCode::UNPROCESSABLE_ENTITY, Some("password")));
    assert!(
        error_of(&answer, "password").unwrap().starts_with("The e-mail address or the password is wrong")
    );
}

#[tokio::test]
async fn a_log_in_replaces_the_session_of_the_browser() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register(BOB).await;
    let mut browser = visitor_of(&app, ANN).await;
    let before = browser.cookies.clone();
    let answer = browser.form("/auth/login", &[("email", BOB), ("password", PASSWORD)]).await;
    leads_to(&answer);
    assert_ne!(browser.cookies, before);
    let mut old = visitor(&app);
    old.cookies = before;
    assert_eq!(leads_to(&old.get("/auth/account").await), "/auth/login");
    // A token that an attacker chose is replaced.
    let mut fixed = visitor(&app);
    fixed.cookies.insert("doorward".into(), "dw_s_chosen".into());
    leads_to(&fixed.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await);
    assert_ne!(fixed.cookies["doorward"], "dw_s_chosen");
    // Two cookies are refused, and the page explains that.
    let mut tossed = visitor(&app).header("cookie", "doorward=a; doorward=b");
    let answer = tossed.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("Too many cookies") && !answer.headers.contains_key(header::SET_COOKIE));
}
