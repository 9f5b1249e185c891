//! Errors as pages.

use axum::http::{Method, StatusCode};

use crate::{app::App, visitor::visitor};

#[tokio::test]
async fn errors_are_pages_for_browsers_and_problems_for_programs() {
    let app = App::new().await;
    let page = visitor(&app).get("/auth/nothing/here").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.text.contains("Page not found") && page.text.contains("&#x2f;auth&#x2f;account"),
        "{}",
        page.text
    );
    let page = visitor(&app)
        .send(Method::POST, "/auth/account", Some("application/x-www-form-urlencoded"), "")
        .await;
    assert_eq!(
        (page.status, &page.headers["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"GET,HEAD".parse().unwrap())
    );
    assert_eq!(app.anonymous().get("/auth/nothing/here").await.code(), "not_found");
    assert_eq!(
        app.browser().header("accept", "application/json").get("/auth/me").await.code(),
        "not_authenticated"
    );
    // A body that cannot be read is answered by a page too.
    let page = visitor(&app)
        .send(Method::POST, "/auth/login", Some("application/x-www-form-urlencoded"), "%ff")
        .await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.starts_with("<!doctype html>"));
}
