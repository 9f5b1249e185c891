//! Where a log-in leads to.

use axum::http::StatusCode;
use doorward::Config;

use crate::{
    app::{ANN, App, PASSWORD, config},
    visitor::{leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn an_account_page_asks_for_a_log_in_and_comes_back() {
    let app = App::new().await;
    app.register(ANN).await;
    for path in [
        "account/details",
        "account/email",
        "account/email-undo",
        "account/password",
        "account/data",
        "account/delete",
        "logout",
    ] {
        let mut browser = visitor(&app);
        let to_login = leads_to(&browser.get(&format!("/auth/{path}")).await).to_owned();
        assert!(to_login.starts_with("/auth/login?next=%2Fauth%2F"), "{to_login}");
        assert!(browser.get(&to_login).await.text.contains(&to_login.replace('/', "&#x2f;")));
        let answer = browser.form(&to_login, &[("email", ANN), ("password", PASSWORD)]).await;
        assert_eq!(leads_to(&answer), format!("/auth/{path}"));
        assert_eq!(browser.get(&format!("/auth/{path}")).await.status, StatusCode::OK);
    }
    assert_eq!(leads_to(&visitor(&app).get("/auth/account").await), "/auth/login");
    assert_eq!(
        leads_to(&visitor(&app).form("/auth/account/delete", &[("password", PASSWORD)]).await),
        "/auth/login?next=%2Fauth%2Faccount%2Fdelete"
    );
    assert_eq!(leads_to(&visitor(&app).get("/auth").await), "/auth/login");
    let mut ann = visitor_of(&app, ANN).await;
    assert_eq!(leads_to(&ann.get("/auth").await), "/auth/account");
    assert_eq!(leads_to(&ann.get("/auth/login").await), "/auth/account");
    assert_eq!(leads_to(&ann.get("/auth/.well-known/change-password").await), "/auth/account/password");
}

#[tokio::test]
async fn next_leads_only_to_listed_apps_and_our_own_paths() {
    let next_origins = vec!["https://app.example.org".into()];
    let app = App::with(Config { next_origins, ..config() }).await;
    app.register(ANN).await;
    for (next, expected) in [
        ("https://app.example.org/back?a=b", "https://app.example.org/back?a=b"),
        ("/dashboard", "/dashboard"),
        ("//evil.example", "/auth/account"),
        ("/\\evil.example", "/auth/account"),
        ("https://evil.example", "/auth/account"),
        ("https://app.example.org@evil.example", "/auth/account"),
        ("javascript:alert(1)", "/auth/account"),
        ("/a\r\nLocation: https://evil.example", "/auth/account"),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        for page in ["login", "register"] {
            let path = format!("/auth/{page}?{query}");
            let email =
                if page == "login" { ANN.to_owned() } else { format!("u{}@example.org", query.len()) };
            let answer = visitor(&app).form(&path, &[("email", &email), ("password", PASSWORD)]).await;
            assert_eq!(leads_to(&answer), expected, "{path}");
            app.execute(&format!("DELETE FROM users WHERE email = 'u{}@example.org'", query.len())).await;
        }
        let mut ann = visitor_of(&app, ANN).await;
        assert_eq!(leads_to(&ann.get(&format!("/auth/login?{query}")).await), expected);
    }
    // The policy lets browsers follow the redirect after a form.
    let page = visitor(&app).get("/auth/login").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://app.example.org;"), "{policy}");
}
