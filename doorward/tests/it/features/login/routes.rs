//! `POST /login`: a browser gets a cookie.

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use crate::app::{ANN, App, BOB, PASSWORD, WRONG, config, refusal};

fn login(email: &str) -> serde_json::Value {
    json!({"email": email, "password": PASSWORD})
}

#[tokio::test]
async fn logging_in_sets_a_cookie_that_scripts_cannot_read() {
    let app = App::new().await;
    let id = app.register(ANN).await;
    let mut browser = app.browser();
    let answer = browser.post("/auth/login", login("ANN@example.org")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["id"], id);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("doorward=dw_s_"));
    assert_eq!(attributes, "Path=/; Max-Age=86400; HttpOnly; SameSite=Lax");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(!answer.text.contains("dw_s_"), "the body shows the token");
    assert_eq!(browser.get("/auth/me").await.json()["id"], id);
    assert_eq!(browser.get("/protected-route").await.text, ANN);
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_this_host_only() {
    let app = App::with(Config { public_url: "https://example.org/auth".into(), ..config() }).await;
    app.register(ANN).await;
    let mut browser = app.browser();
    let answer = browser.post("/auth/login", login(ANN)).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-doorward=dw_s_"));
    assert_eq!(attributes, "Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure");
    let out = browser.clone().log_out().await;
    assert_eq!(
        out.headers["set-cookie"],
        "__Host-doorward=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    );
    // The cookie without the prefix in its name is ignored.
    let token = app.browser_of(ANN).await.cookies.remove("__Host-doorward").unwrap();
    let mut thief = app.browser();
    thief.cookies.insert("doorward".into(), token);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn plain_http_is_allowed_on_this_machine_only() {
    for public_url in
        ["http://example.org", "http://0.0.0.0:8000", "http://192.168.1.5", "http://localhost.evil.org"]
    {
        let config = Config { public_url: public_url.into(), ..config() };
        let refused = refusal(config).await;
        assert!(refused.contains("public_url") && refused.contains("https"), "{refused}");
    }
}

#[tokio::test]
async fn a_browser_never_keeps_a_token_that_an_attacker_chose() {
    let app = App::new().await;
    app.register(ANN).await;
    let made_up = format!("dw_s_{}", "A".repeat(49));
    for chosen in [&*made_up, "AAAA", ""] {
        let mut browser = app.browser();
        browser.cookies.insert("doorward".into(), chosen.to_owned());
        assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        browser.post("/auth/login", login(ANN)).await;
        let token = browser.cookies["doorward"].clone();
        assert_ne!(token, chosen);
        browser.cookies.insert("doorward".into(), chosen.to_owned());
        assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_new_log_in_replaces_the_old_one() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let before = browser.clone();
    let answer = browser.post("/auth/login", login(ANN)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_ne!(before.cookies, browser.cookies);
    assert_eq!(before.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/sessions").await.json().as_array().unwrap().len(), 1);
    // A failed log-in ends no session.
    assert_eq!(browser.log_in(ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_users_of_one_browser_are_told_apart() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register(BOB).await;
    // Ann's browser loses its cookie without logging out.
    let ann = app.browser_of(ANN).await;
    let mut bob = app.browser_of(BOB).await;
    assert_ne!(ann.cookies, bob.cookies);
    assert_eq!(bob.get("/auth/me").await.json()["email"], BOB);
    assert_eq!(ann.clone().get("/auth/me").await.json()["email"], ANN);
    // Bob logs in with Ann's browser, which ends her session.
    let mut shared = ann.clone();
    shared.post("/auth/login", login(BOB)).await;
    assert_eq!(shared.get("/auth/me").await.json()["email"], BOB);
    assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_credentials_set_no_cookie() {
    let app = App::new().await;
    app.register(ANN).await;
    for (email, password) in [(ANN, WRONG), (BOB, PASSWORD), ("x", "y")] {
        let answer = app.browser().log_in(email, password).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "wrong_credentials"));
        assert!(!answer.headers.contains_key("set-cookie"));
        assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"doorward\"");
    }
    let answer = app.browser().post("/auth/login", json!({"email": 1})).await;
    assert_eq!(answer.wrong_fields(), ["email", "password"]);
}

#[tokio::test]
async fn a_cookie_that_comes_twice_is_refused() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser().another_header("cookie", "doorward=a; doorward=b");
    let answer = browser.post("/auth/login", login(ANN)).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "ambiguous_credentials"));
    assert!(!answer.headers.contains_key("set-cookie"));
}
