//! What else logs in to an account whose password is chosen anew.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    app::{ANN, App, NEW_PASSWORD, Phone, with_key},
    mail::mailbox::with_mail,
    visitor::{leads_to, visitor},
};

const WEEK: u64 = 7 * 24 * 3600;

/// Ann with a verified address and an authenticator app, which was added so many seconds ago. Returns the token of a
/// mail.
async fn with_app_added(app: &App, seconds: u64) -> String {
    let mut ann = app.ann().await;
    app.execute("UPDATE users SET email_verified_at = 1").await;
    let phone = Phone::add(app, &mut ann).await.0;
    phone.wait(app, seconds);
    app.mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    app.newest_mail(ANN).await.token("reset-password")
}

#[tokio::test]
async fn the_page_lists_what_else_logs_in_and_one_button_removes_what_was_added_lately() {
    let app = App::with(with_key(with_mail())).await;
    let token = with_app_added(&app, WEEK - 100).await;
    let mut browser = visitor(&app);
    let page = browser.get(&format!("/auth/reset-password?token={token}")).await;
    for shown in ["An authenticator app, added on", "10 recovery codes", "name=\"remove_others\""] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let form = [("token", &*token), ("new_password", NEW_PASSWORD), ("remove_others", "yes")];
    let answer = browser.form("/auth/reset-password", &form).await;
    assert_eq!(leads_to(&answer), "/auth/login?done=reset-removed");
    assert_eq!(app.count("totp").await + app.count("recovery_codes").await, 0);
    let event = "events WHERE kind = 'ways_in_removed' AND detail LIKE '%totp recovery_codes%'";
    assert_eq!(app.count(event).await, 1);
    let answer = browser.log_in(ANN, NEW_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn a_mail_does_not_get_past_a_second_factor_that_was_added_earlier() {
    let app = App::with(with_key(with_mail())).await;
    let token = with_app_added(&app, WEEK + 100).await;
    let page = visitor(&app).get(&format!("/auth/reset-password?token={token}")).await;
    assert!(page.text.contains("added on") && !page.text.contains("remove_others"), "{}", page.text);
    let body = json!({"token": token, "new_password": NEW_PASSWORD, "remove_others": true});
    let answer = app.anonymous().post("/auth/reset-password", body).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!((app.count("totp").await, app.count("recovery_codes").await), (1, 10));
    let answer = app.browser().log_in(ANN, NEW_PASSWORD).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
}

#[tokio::test]
async fn without_the_button_all_stays_and_the_page_says_so() {
    let app = App::with(with_key(with_mail())).await;
    let token = with_app_added(&app, 60).await;
    let form = [("token", &*token), ("new_password", NEW_PASSWORD)];
    let answer = visitor(&app).form("/auth/reset-password", &form).await;
    assert_eq!(leads_to(&answer), "/auth/login?done=reset-left");
    assert_eq!((app.count("totp").await, app.count("recovery_codes").await), (1, 10));
    let page = visitor(&app).get("/auth/login?done=reset-left").await;
    assert!(page.text.contains("Your second factor stays"), "{}", page.text);
}

#[tokio::test]
async fn an_operator_who_sets_a_password_keeps_the_second_factor_and_a_lock_out_does_not() {
    let app = App::with(with_key(with_mail())).await;
    let mut ann = app.ann().await;
    app.execute("UPDATE users SET email_verified_at = 1").await;
    Phone::add(&app, &mut ann).await;
    let id = app.id_of(ANN).await;
    assert!(app.set_password(id, NEW_PASSWORD).await.unwrap());
    app.stop_clock();
    assert_eq!((app.count("totp").await, app.count("recovery_codes").await), (1, 10));
    assert_eq!(app.browser().log_in(ANN, NEW_PASSWORD).await.code(), "second_step_required");
    assert!(app.lock_out_user(id).await.unwrap());
    for table in ["totp", "recovery_codes", "credentials", "sessions", "devices", "pending_logins", "grants"]
    {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.count("events WHERE kind = 'user_locked_out'").await, 1);
    assert_eq!(app.browser().log_in(ANN, NEW_PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    // The owner gets in again by mail.
    app.mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("reset-password");
    let body = json!({"token": token, "new_password": "yet another one, longer"});
    assert_eq!(app.anonymous().post("/auth/reset-password", body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.browser().log_in(ANN, "yet another one, longer").await.status, StatusCode::OK);
    assert!(!app.lock_out_user(doorward::UserId::try_from(1).unwrap()).await.unwrap());
}
