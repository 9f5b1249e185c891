//! The devices on the page `/account`.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App, BOB, PASSWORD},
    visitor::{leads_to, visitor, visitor_of},
};

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
    // A user cannot end the session of another user.
    let mut bob = app.user(BOB).await;
    let id = bob.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
    ann.form(&format!("/auth/account/sessions/{id}"), &[]).await;
    assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
}
