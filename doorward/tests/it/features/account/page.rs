//! One's own account on its pages: devices, changes that ask for the password once more, and the end of it.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD},
    visitor::{error_of, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn dangerous_changes_ask_for_the_password_once_more() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    for (path, fields) in [
        ("/auth/account/email", vec![("email", "new@example.org")]),
        ("/auth/account/password", vec![("new_password", NEW_PASSWORD)]),
        ("/auth/account/data", vec![]),
        ("/auth/account/delete", vec![]),
    ] {
        for (password, error) in
            [("", "Enter your password."), ("wrong password", "This is not your current password.")]
        {
            let mut fields = fields.clone();
            fields.push(("password", password));
            let answer = ann.form(path, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(
                (error_of(&answer, "password"), focus(&answer)),
                (Some(error), Some("password")),
                "{path}"
            );
        }
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
    app.token(ANN).await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_a_new_address_is_the_one_to_log_in_with() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register(BOB).await;
    let (mut ann, mut elsewhere) = (visitor_of(&app, ANN).await, visitor_of(&app, ANN).await);
    let fields = [("password", PASSWORD), ("new_password", NEW_PASSWORD)];
    let mut thief = ann.clone();
    assert_eq!(leads_to(&ann.form("/auth/account/password", &fields).await), "/auth/account?done=password");
    assert_eq!(leads_to(&thief.get("/auth/account").await), "/auth/login");
    assert!(ann.get("/auth/account?done=password").await.text.contains("Your password is changed"));
    assert_eq!(leads_to(&elsewhere.get("/auth/account").await), "/auth/login");
    // A bad one is told at its own field.
    let answer =
        ann.form("/auth/account/password", &[("password", NEW_PASSWORD), ("new_password", ANN)]).await;
    assert_eq!(
        error_of(&answer, "new_password"),
        Some("This is made of your e-mail address. Choose something else.")
    );
    assert_eq!(error_of(&answer, "password"), None);

    let taken = ann.form("/auth/account/email", &[("email", BOB), ("password", NEW_PASSWORD)]).await;
    assert!(error_of(&taken, "email").unwrap().starts_with("There is an account"));
    let answer =
        ann.form("/auth/account/email", &[("email", "ann@example.com"), ("password", NEW_PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account?done=email");
    let answer =
        visitor(&app).form("/auth/login", &[("email", "ann@example.com"), ("password", NEW_PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
}

#[tokio::test]
async fn devices_are_listed_and_logged_out() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut firefox = visitor(&app)
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
    firefox.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let mut curl = app.anonymous().header("user-agent", "curl/8.5.0");
    curl.request_token(ANN, PASSWORD).await;
    app.advance(std::time::Duration::from_secs(7200));
    let mut ann = visitor_of(&app, ANN).await;
    let page = ann.get("/auth/account").await.text;
    for text in
        ["Firefox on Linux", "curl (app)", "2 hours ago", "Unknown device", "Log out the 2 other devices"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    let end = page
        .split("action=\"")
        .find(|rest| rest.contains("Log out<span class=\"unseen\"> Firefox on Linux"))
        .unwrap();
    let end = end.split('"').next().unwrap().replace("&#x2f;", "/");
    assert_eq!(leads_to(&ann.form(&end, &[]).await), "/auth/account?done=session");
    assert_eq!(leads_to(&firefox.get("/auth/account").await), "/auth/login");
    let page = ann.get("/auth/account?done=session").await.text;
    assert!(page.contains("That device is logged out.") && page.contains("Log out the other device"));
    assert_eq!(leads_to(&ann.form("/auth/account/sessions", &[]).await), "/auth/account?done=sessions");
    assert!(!ann.get("/auth/account").await.text.contains("curl"));
    // Nobody ends another's session.
    let mut bob = app.user(BOB).await;
    let id = bob.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
    ann.form(&format!("/auth/account/sessions/{id}"), &[]).await;
    assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn ones_data_is_a_file_without_secrets() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let mut thief = ann.clone();
    let answer = ann.form("/auth/account/data", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(leads_to(&thief.get("/auth/account").await), "/auth/login");
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"account.json\"");
    let data = answer.json();
    assert_eq!((&data["user"]["email"], data["sessions"].as_array().unwrap().len()), (&ANN.into(), 1));
    assert!(!answer.text.contains("$argon2") && !answer.text.contains("dw_s_"));
}

#[tokio::test]
async fn a_deleted_account_is_gone() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    assert_eq!(
        leads_to(&ann.form("/auth/account/delete", &[("password", PASSWORD)]).await),
        "/auth/login?done=deleted"
    );
    assert!(!ann.cookies.contains_key("doorward"));
    let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}
