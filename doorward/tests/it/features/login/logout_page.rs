//! The page `/logout`.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App},
    visitor::{leads_to, visitor_of},
};

#[tokio::test]
async fn logging_out_asks_first() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let cookies = ann.cookies.clone();
    assert!(ann.get("/auth/logout").await.text.contains("Log out?"));
    assert_eq!(ann.get("/auth/account").await.status, StatusCode::OK, "a GET changes nothing");
    assert_eq!(leads_to(&ann.form("/auth/logout", &[]).await), "/auth/login?done=logged-out");
    assert!(!ann.cookies.contains_key("doorward"));
    assert!(ann.get("/auth/login?done=logged-out").await.text.contains("You are logged out."));
    ann.cookies = cookies;
    assert_eq!(leads_to(&ann.get("/auth/account").await), "/auth/login");
    // A JSON request still goes to the API.
    assert_eq!(ann.log_out().await.status, StatusCode::NO_CONTENT);
}
