//! The forms of the pages: errors beside fields, and the password that dangerous changes need.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD},
    visitor::{error_of, focus, visitor, visitor_of},
};

#[tokio::test]
async fn an_error_is_beside_its_field_and_the_input_is_kept() {
    let app = App::new().await;
    app.register(ANN).await;
    for (path, email, password, field, error) in [
        ("/auth/login", "", PASSWORD, "email", "Enter your e-mail address."),
        ("/auth/login", "ann", PASSWORD, "email", "Enter an address such as ann@example.org."),
        ("/auth/login", ANN, "", "password", "Enter your password."),
        ("/auth/register", "a@b", PASSWORD, "email", "Enter an address such as ann@example.org."),
        (
            "/auth/register",
            "Ann@Example.org",
            PASSWORD,
            "email",
            "There is an account with this address already. Log in, or use another address.",
        ),
        ("/auth/register", BOB, "", "password", "Enter your password."),
        ("/auth/register", BOB, "sh0rt", "password", "Use at least 8 characters."),
        (
            "/auth/register",
            BOB,
            "password1",
            "password",
            "Many people use this password. Choose one that nobody else would.",
        ),
        (
            "/auth/register",
            BOB,
            BOB,
            "password",
            "This is made of your e-mail address. Choose something else.",
        ),
        ("/auth/register", BOB, &"x".repeat(257), "password", "Use at most 256 characters."),
    ] {
        let answer = visitor(&app).form(path, &[("email", email), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {email}");
        assert_eq!((error_of(&answer, field), focus(&answer)), (Some(error), Some(field)), "{path} {email}");
        let typed = format!("value=\"{email}\"");
        assert!(answer.text.contains(&typed), "{path}: {typed}");
        assert!(
            password.is_empty() || email == password || !answer.text.contains(password),
            "{path} shows the password"
        );
        assert!(answer.text.contains("<title>Error: "));
    }
    // Both fields are wrong, and the first has the focus.
    let answer = visitor(&app).form("/auth/login", &[]).await;
    assert!(error_of(&answer, "email").is_some() && error_of(&answer, "password").is_some());
    assert_eq!(focus(&answer), Some("email"));
}

#[tokio::test]
async fn dangerous_changes_ask_for_the_password_again() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    for (path, fields) in [
        ("/auth/account/email", vec![("email", "new@example.org")]),
        ("/auth/account/email-undo", vec![]),
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
