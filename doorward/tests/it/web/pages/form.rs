//! The pages, as a browser without JavaScript uses them.

use axum::http::{Method, StatusCode, header};
use doorward::{Config, Registration};

use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD, config},
    visitor::{error_of, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn somebody_registers_and_is_logged_in() {
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
async fn what_is_wrong_stands_beside_the_field_and_what_was_typed_is_kept() {
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
    // Both at once, and the first has the cursor.
    let answer = visitor(&app).form("/auth/login", &[]).await;
    assert!(error_of(&answer, "email").is_some() && error_of(&answer, "password").is_some());
    assert_eq!(focus(&answer), Some("email"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut pages = Vec::new();
    for email in [ANN, "nobody@example.org"] {
        let answer =
            visitor(&app).form("/auth/login", &[("email", email), ("password", "wrong password")]).await;
        assert_eq!((answer.status, focus(&answer)), (StatusCode::UNAUTHORIZED, Some("password")));
        assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        pages.push(answer.text.replace(&format!("value=\"{email}\""), "(email)"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn only_who_is_logged_in_sees_an_account_and_comes_back_to_the_page_they_wanted() {
    let app = App::new().await;
    app.register(ANN).await;
    for path in ["account/email", "account/password", "account/data", "account/delete", "logout"] {
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
async fn next_leads_to_listed_apps_and_our_own_paths_alone() {
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
    // A browser holds a redirect after a form to the same rule.
    let page = visitor(&app).get("/auth/login").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://app.example.org;"), "{policy}");
}

#[tokio::test]
async fn a_log_in_replaces_the_session_that_the_browser_had() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register(BOB).await;
    let mut browser = visitor_of(&app, ANN).await;
    let before = browser.cookies.clone();
    let answer = browser.form("/auth/login", &[("email", BOB), ("password", PASSWORD)]).await;
    leads_to(&answer);
    assert_ne!(browser.cookies, before);
    let mut old = visitor(&app);
    old.cookies = before;
    assert_eq!(leads_to(&old.get("/auth/account").await), "/auth/login");
    // A token that somebody else chose is never taken over.
    let mut fixed = visitor(&app);
    fixed.cookies.insert("doorward".into(), "dw_s_chosen".into());
    leads_to(&fixed.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await);
    assert_ne!(fixed.cookies["doorward"], "dw_s_chosen");
    // Two cookies are nobody's, and the page says what to do.
    let mut tossed = visitor(&app).header("cookie", "doorward=a; doorward=b");
    let answer = tossed.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("Too many cookies") && !answer.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn logging_out_asks_first_and_then_is_done() {
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
    // JSON and an empty body are still for the API.
    assert_eq!(ann.log_out().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn nobody_registers_where_that_is_closed() {
    let app = App::with(Config { registration: Some(Registration::Closed), ..config() }).await;
    let page = visitor(&app).get("/auth/register").await.text;
    assert!(
        page.contains("New accounts are made by the people who run Doorward.") && !page.contains("<form")
    );
    assert!(!visitor(&app).get("/auth/login").await.text.contains("register"));
    let answer = visitor(&app).form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_sites_forms_are_refused_with_a_page_and_change_nothing() {
    let app = App::new().await;
    app.register(ANN).await;
    let ann = visitor_of(&app, ANN).await;
    for (path, fields) in [
        ("/auth/login", vec![("email", ANN), ("password", PASSWORD)]),
        ("/auth/register", vec![("email", "eve@example.org"), ("password", PASSWORD)]),
        ("/auth/logout", vec![]),
        ("/auth/account/sessions", vec![]),
        ("/auth/account/sessions/1", vec![]),
        ("/auth/account/email", vec![("email", "eve@example.org"), ("password", PASSWORD)]),
        ("/auth/account/password", vec![("password", PASSWORD), ("new_password", NEW_PASSWORD)]),
        ("/auth/account/data", vec![("password", PASSWORD)]),
        ("/auth/account/delete", vec![("password", PASSWORD)]),
    ] {
        for site in ["cross-site", "same-site"] {
            let mut evil = ann.clone().header("sec-fetch-site", site);
            let answer = evil.form(path, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.text.contains("That came from another site"), "{path}: {}", answer.text);
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
        }
    }
    assert_eq!(ann.clone().get("/auth/me").await.json()["email"], ANN);
}

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
    // A body that cannot be read is no reason for JSON either.
    let page = visitor(&app)
        .send(Method::POST, "/auth/login", Some("application/x-www-form-urlencoded"), "%ff")
        .await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.starts_with("<!doctype html>"));
}

#[tokio::test]
async fn json_is_for_the_api_and_a_form_for_the_page() {
    let app = App::new().await;
    assert_eq!(app.browser().register(ANN, PASSWORD).await.status, StatusCode::CREATED);
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.json()["email"], ANN);
    let off = App::with(Config { pages: false, ..config() }).await;
    for path in ["/auth", "/auth/login", "/auth/account", "/auth/static/script.js"] {
        assert!(visitor(&off).get(path).await.status.is_client_error(), "{path}");
    }
    let answer = visitor(&off).form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(
        (answer.status, &*answer.code()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
    );
}
