//! The pages `/account/data` and `/account/delete`.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App, PASSWORD},
    visitor::{leads_to, visitor, visitor_of},
};

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
