//! Registering where the answer does not tell who has an account.

use axum::http::StatusCode;
use doorward::{Config, Registration};
use serde_json::json;

use crate::{
    app::{Answer, App, PASSWORD, config},
    mailbox::with_mail,
};

const ANN: &str = "ann@example.org";

fn private() -> Config {
    Config { registration: Some(Registration::Private), ..with_mail() }
}

async fn register(app: &App, email: &str, password: &str) -> Answer {
    app.anonymous().post("/auth/register", json!({"email": email, "password": password})).await
}

#[tokio::test]
async fn a_known_and_an_unknown_address_are_answered_alike() {
    let app = App::with(private()).await;
    let unknown = register(&app, ANN, PASSWORD).await;
    assert_eq!(unknown.status, StatusCode::ACCEPTED, "{}", unknown.text);
    assert!(unknown.json()["detail"].is_string() && unknown.json().get("id").is_none());
    let first = app.newest_mail(ANN).await;
    assert_eq!(first.subject, "Confirm your e-mail address");
    for spelling in [ANN, "ANN@example.org", " ann@example.org"] {
        let known = register(&app, spelling, "another password, longer").await;
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
        assert_eq!(known.headers, unknown.headers);
    }
    // The password is the first one's still, and the owner is told.
    app.token(ANN).await;
    let notice = app.newest_mail(ANN).await;
    assert_eq!((&*notice.subject, &*notice.to), ("You have an account already", ANN));
    let verified = json!({"token": first.token("verify-email")});
    assert_eq!(app.anonymous().post("/auth/verify-email", verified).await.status, StatusCode::NO_CONTENT);
    // What is wrong in itself is told to everyone.
    for (email, password, field) in
        [("x", PASSWORD, "email"), (ANN, "password", "password"), ("b@x.org", "short", "password")]
    {
        assert_eq!(register(&app, email, password).await.wrong_fields(), [field]);
    }
}

#[tokio::test]
async fn of_many_who_register_an_address_at_once_one_makes_the_account() {
    let app = App::with(private()).await;
    let answers = futures_util::future::join_all((0..20).map(|number| {
        let app = &app;
        async move { register(app, ANN, &format!("password number {number}")).await }
    }))
    .await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::ACCEPTED));
    assert_eq!(app.users(None, 100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn it_needs_mail() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
    let config = Config { registration: Some(Registration::Private), ..config() };
    let error = doorward::Auth::open_with(&url, config).await.unwrap_err().to_string();
    assert!(error.contains("registration") && error.contains("smtp_url"), "{error}");
}
