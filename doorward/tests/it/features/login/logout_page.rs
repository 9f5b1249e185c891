//! The page `/logout`.

use axum::http::StatusCode;
use doorward::Config;

use crate::{
    app::{ANN, App, config},
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

#[tokio::test]
async fn a_log_out_comes_back_to_the_app() {
    let next_origins = vec!["https://app.example.org".into()];
    let app = App::with(Config { next_origins, ..config() }).await;
    app.register(ANN).await;
    for (next, target) in [
        ("https%3A%2F%2Fapp.example.org%2Fbye", "https://app.example.org/bye"),
        ("%2Fbye%3Fa%3Db", "/bye?a=b"),
        ("https%3A%2F%2Fevil.example%2F", "/auth/login?done=logged-out"),
        ("%2F%2Fevil.example", "/auth/login?done=logged-out"),
    ] {
        let path = format!("/auth/logout?next={next}");
        let mut ann = visitor_of(&app, ANN).await;
        let asked = ann.get(&path).await;
        assert!(asked.text.contains("Log out?"), "{}", asked.text);
        // To cancel also leads back.
        let back = if target.contains("done=") { "/auth/account" } else { target };
        assert!(asked.text.contains(&format!("href=\"{}\"", back.replace('/', "&#x2f;"))), "{}", asked.text);
        assert_eq!(leads_to(&ann.form(&path, &[]).await), target);
        assert!(!ann.cookies.contains_key("doorward"));
        // Who is logged out already is not asked to log in.
        let already = ann.get(&path).await;
        let to_log_in = "/auth/login?next=%2Fauth%2Flogout";
        assert_eq!(leads_to(&already), if target.contains("done=") { to_log_in } else { target });
    }
}
