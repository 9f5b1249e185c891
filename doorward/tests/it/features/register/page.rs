//! The page `/register`.

use axum::http::StatusCode;
use doorward::{Config, config::Registration};

use crate::{
    app::{ANN, App, PASSWORD, config},
    visitor::{focus, leads_to, visitor},
};

#[tokio::test]
async fn registering_on_the_page_logs_in() {
    let app = App::new().await;
    let mut browser = visitor(&app);
    let page = browser.get("/auth/register").await;
    assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("email")));
    let answer = browser.form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
    let page = browser.get("/auth/account").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(ANN) && page.text.contains("This device"), "{}", page.text);
    assert_eq!(browser.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn the_page_is_closed_with_the_registration() {
    let app = App::with(Config { registration: Some(Registration::Closed), ..config() }).await;
    let page = visitor(&app).get("/auth/register").await.text;
    assert!(
        page.contains("New accounts are made by the people who run Doorward.") && !page.contains("<form")
    );
    assert!(!visitor(&app).get("/auth/login").await.text.contains("register"));
    let answer = visitor(&app).form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
