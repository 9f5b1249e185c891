//! The pages, as a browser without JavaScript uses them.

use std::{collections::BTreeSet, fs, path::Path};

use axum::http::{Method, StatusCode, header};
use doorward::{Config, Registration};
use serde_json::json;

use crate::app::{Actor, Answer, App, PASSWORD, config};

const ANN: &str = "ann@example.org";
const OTHER: &str = "another good password";

/// A browser that asks for pages.
fn visitor(app: &App) -> Actor<'_> {
    app.browser().header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// Somebody's browser after they logged in on the page.
async fn visitor_of<'a>(app: &'a App, email: &str) -> Actor<'a> {
    let mut browser = visitor(app);
    let answer = browser.form("/auth/login", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
    browser
}

/// Where an answer leads to.
#[track_caller]
fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap()
}

/// The text of the error beside a field; none if it is not wrong.
fn error_of<'a>(answer: &'a Answer, field: &str) -> Option<&'a str> {
    let mark = format!("id=\"{field}-error\"");
    let (start, text) = answer.text.split_once(&mark)?.1.split_once('>').unwrap();
    let wrong = answer.text.split("<input").any(|input| {
        input.contains(&format!("id=\"{field}\""))
            && input.split('>').next().unwrap().contains("aria-invalid=\"true\"")
    });
    assert_eq!(wrong, !start.contains("hidden"));
    wrong.then(|| text.split('<').next().unwrap())
}

/// The name of the field that the cursor stands in.
fn focus(answer: &Answer) -> Option<&str> {
    let input =
        answer.text.split("<input ").find(|input| input.split('>').next().unwrap().contains(" autofocus"))?;
    input.strip_prefix("id=\"")?.split('"').next()
}

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
        ("/auth/register", "bob@example.org", "", "password", "Enter your password."),
        ("/auth/register", "bob@example.org", "short", "password", "Use at least 8 characters."),
        (
            "/auth/register",
            "bob@example.org",
            "password1",
            "password",
            "Many people use this password. Choose one that nobody else would.",
        ),
        (
            "/auth/register",
            "bob@example.org",
            "bob@example.org",
            "password",
            "This is made of your e-mail address. Choose something else.",
        ),
        ("/auth/register", "bob@example.org", &"x".repeat(257), "password", "Use at most 256 characters."),
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
        pages.push(answer.text.replace(email, "(email)"));
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
    app.register("bob@example.org").await;
    let mut browser = visitor_of(&app, ANN).await;
    let before = browser.cookies.clone();
    let answer = browser.form("/auth/login", &[("email", "bob@example.org"), ("password", PASSWORD)]).await;
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
    assert!(ann.cookies.is_empty());
    assert!(ann.get("/auth/login?done=logged-out").await.text.contains("You are logged out."));
    ann.cookies = cookies;
    assert_eq!(leads_to(&ann.get("/auth/account").await), "/auth/login");
    // JSON and an empty body are still for the API.
    assert_eq!(ann.post("/auth/logout", json!({})).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn dangerous_changes_ask_for_the_password_once_more() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    for (path, fields) in [
        ("/auth/account/email", vec![("email", "new@example.org")]),
        ("/auth/account/password", vec![("new_password", OTHER)]),
        ("/auth/account/data", vec![]),
        ("/auth/account/delete", vec![]),
    ] {
        for (password, error) in
            [("", "Enter your password."), ("wrong password", "This is not your current password.")]
        {
            let mut fields = fields.clone();
            fields.push(("password", password));
            let answer = ann.form(path, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(
                (error_of(&answer, "password"), focus(&answer)),
                (Some(error), Some("password")),
                "{path}"
            );
        }
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
    app.token(ANN).await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_a_new_address_is_the_one_to_log_in_with() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register("bob@example.org").await;
    let (mut ann, mut elsewhere) = (visitor_of(&app, ANN).await, visitor_of(&app, ANN).await);
    let fields = [("password", PASSWORD), ("new_password", OTHER)];
    assert_eq!(leads_to(&ann.form("/auth/account/password", &fields).await), "/auth/account?done=password");
    assert!(ann.get("/auth/account?done=password").await.text.contains("Your password is changed"));
    assert_eq!(leads_to(&elsewhere.get("/auth/account").await), "/auth/login");
    // A bad one is told at its own field.
    let answer = ann.form("/auth/account/password", &[("password", OTHER), ("new_password", ANN)]).await;
    assert_eq!(
        error_of(&answer, "new_password"),
        Some("This is made of your e-mail address. Choose something else.")
    );
    assert_eq!(error_of(&answer, "password"), None);

    let taken = ann.form("/auth/account/email", &[("email", "bob@example.org"), ("password", OTHER)]).await;
    assert!(error_of(&taken, "email").unwrap().starts_with("There is an account"));
    let answer = ann.form("/auth/account/email", &[("email", "ann@example.com"), ("password", OTHER)]).await;
    assert_eq!(leads_to(&answer), "/auth/account?done=email");
    let answer =
        visitor(&app).form("/auth/login", &[("email", "ann@example.com"), ("password", OTHER)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
}

#[tokio::test]
async fn devices_are_listed_and_logged_out() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut firefox = visitor(&app)
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
    firefox.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let mut curl = app.anonymous().header("user-agent", "curl/8.5.0");
    curl.form("/auth/token", &[("username", ANN), ("password", PASSWORD)]).await;
    app.advance(std::time::Duration::from_secs(7200));
    let mut ann = visitor_of(&app, ANN).await;
    let page = ann.get("/auth/account").await.text;
    for text in
        ["Firefox on Linux", "curl (app)", "2 hours ago", "Unknown device", "Log out the 2 other devices"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    let end = page.split("action=\"").find(|rest| rest.contains("Firefox on Linux")).unwrap();
    let end = end.split('"').next().unwrap().replace("&#x2f;", "/");
    assert_eq!(leads_to(&ann.form(&end, &[]).await), "/auth/account?done=session");
    assert_eq!(leads_to(&firefox.get("/auth/account").await), "/auth/login");
    let page = ann.get("/auth/account?done=session").await.text;
    assert!(page.contains("That device is logged out.") && page.contains("Log out the other device"));
    assert_eq!(leads_to(&ann.form("/auth/account/sessions", &[]).await), "/auth/account?done=sessions");
    assert!(!ann.get("/auth/account").await.text.contains("curl"));
    // Nobody ends another's session.
    let mut bob = app.user("bob@example.org").await;
    let id = bob.get("/auth/sessions").await.json()[0]["id"].as_i64().unwrap();
    ann.form(&format!("/auth/account/sessions/{id}"), &[]).await;
    assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn ones_data_is_a_file_without_secrets() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let answer = ann.form("/auth/account/data", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::OK);
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
    assert!(ann.cookies.is_empty());
    let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_registers_where_that_is_closed() {
    let app = App::with(Config { registration: Registration::Closed, ..config() }).await;
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
        ("/auth/account/password", vec![("password", PASSWORD), ("new_password", OTHER)]),
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
    let body = json!({"email": ANN, "password": PASSWORD});
    assert_eq!(app.browser().post("/auth/register", body.clone()).await.status, StatusCode::CREATED);
    assert_eq!(app.browser().post("/auth/login", body).await.json()["email"], ANN);
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

#[tokio::test]
async fn pages_speak_the_language_that_is_asked_for() {
    let app = App::new().await;
    app.register(ANN).await;
    let title =
        |answer: &Answer| answer.text.split("<h1>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    for (accepted, path, tag, expected) in [
        ("", "/auth/login", "en", "Log in"),
        ("de-AT,en;q=0.5", "/auth/login", "de", "Anmelden"),
        ("de", "/auth/login?lang=fr", "fr", "Se connecter"),
        ("fr", "/auth/register?lang=es", "es", "Crear cuenta"),
        ("zh-CN", "/auth/login?lang=xx", "zh", "登录"),
    ] {
        let answer = visitor(&app).header("accept-language", accepted).get(path).await;
        assert_eq!(title(&answer), expected, "{accepted} {path}");
        assert!(answer.text.contains(&format!("<html lang=\"{tag}\"")));
    }
    // What was chosen is kept from page to page.
    let mut browser = visitor(&app);
    let answer = browser.form("/auth/login?lang=de", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account?lang=de");
    assert_eq!(title(&browser.get("/auth/account?lang=de").await), "Ihr Konto");
    // Every page can be had in every language.
    for path in [
        "login",
        "register",
        "account",
        "account/email",
        "account/password",
        "account/data",
        "account/delete",
        "logout",
        "nothing",
    ] {
        for lang in ["en", "de", "fr", "es", "zh"] {
            let mut who = if ["login", "register"].contains(&path) { visitor(&app) } else { browser.clone() };
            let page = who.get(&format!("/auth/{path}?lang={lang}")).await;
            assert!(page.text.contains(&format!("<html lang=\"{lang}\"")), "{path}: {}", page.text);
            assert!(page.text.contains("<h1>"), "{path}");
        }
    }
}

#[tokio::test]
async fn what_people_send_is_shown_and_never_run() {
    let app = App::new().await;
    let bad = "\"><img src=x onerror=alert(1)>'{{7*7}}</script>";
    let mut browser = visitor(&app).header("user-agent", bad);
    let page = browser.form("/auth/login", &[("email", bad), ("password", PASSWORD)]).await.text;
    assert!(page.contains("&lt;img") && !page.contains("<img"), "{page}");
    let email = "'onfocus={{7*7}}&`{}'@example.org";
    let answer = browser.form("/auth/register", &[("email", email), ("password", PASSWORD)]).await;
    leads_to(&answer);
    for path in ["account", "account/email", "account/password", "account/delete", "logout"] {
        let page = browser
            .get(
                &format!("/auth/{path}?done={bad}&lang={bad}&next={bad}")
                    .replace(['"', ' ', '<', '>', '\'', '{', '}'], "%3c"),
            )
            .await
            .text;
        assert!(
            !page.contains("<img") && !page.contains("'onfocus") && page.contains("{{7*7}}"),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn a_page_is_small_whole_and_allows_nothing_inline() {
    let app = App::new().await;
    app.register(ANN).await;
    let ann = visitor_of(&app, ANN).await;
    for path in [
        "login",
        "register",
        "account",
        "account/email",
        "account/password",
        "account/data",
        "account/delete",
        "logout",
        "nothing",
    ] {
        let mut who = if ["login", "register"].contains(&path) { visitor(&app) } else { ann.clone() };
        let page = who.get(&format!("/auth/{path}")).await;
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
            "{policy}"
        );
        for forbidden in [" style=", " onclick=", "<script>", "http://", "https://"] {
            assert!(!page.text.contains(forbidden), "{path} has {forbidden}");
        }
        let bytes = gzipped(&page.text);
        assert!(bytes < 14 * 1024, "{path} has {bytes} bytes: more than one round trip brings");
        // Every field is told to password managers, and none is guarded against pasting.
        for input in page.text.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            assert!(input.contains("autocomplete=\""), "{path}: {input}");
            assert!(!input.contains("maxlength") && !input.contains("onpaste"), "{path}: {input}");
        }
    }
    let answer = visitor(&app).another_header("accept-encoding", "gzip").get_bytes("/auth/login").await;
    assert_eq!(answer.0["content-encoding"], "gzip");
    let mut plain = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&answer.1[..]), &mut plain).unwrap();
    assert_eq!(plain, visitor(&app).get("/auth/login").await.text);
}

fn gzipped(text: &str) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[tokio::test]
async fn files_are_named_by_what_they_hold_and_kept_for_ever() {
    let app = App::new().await;
    let page = visitor(&app).get("/auth/login").await.text.replace("&#x2f;", "/");
    let script = page.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = visitor(&app).get(script).await;
    assert_eq!(answer.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(visitor(&app).get("/auth/static/script.js").await.headers["cache-control"], "no-cache");
    assert_eq!(app.anonymous().get("/auth/static/logo.svg").await.code(), "not_found");
}

#[tokio::test]
async fn operators_put_their_own_name_colour_logo_style_and_template_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("logo.svg", "<svg/>");
    write("style.css", "body { color: var(--accent) }");
    write("pages/logout.html", "Bye {{ user.email }} from {{ service_name }}");
    let own = Config {
        service_name: "Blue & Co".into(),
        accent_color: "#ffff00".into(),
        templates_dir: Some(folder.path().to_owned()),
        ..config()
    };
    let app = App::with(own).await;
    app.register(ANN).await;
    let page = visitor(&app).get("/auth/login").await.text.replace("&#x2f;", "/");
    assert!(
        page.contains("<title>Log in – Blue &amp; Co</title>") && page.contains("alt=\"Blue &amp; Co\""),
        "{page}"
    );
    assert!(page.contains("body { color: var(--accent) }:root{--accent:#"), "{page}");
    let logo = page.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = visitor(&app).get(logo).await;
    assert_eq!(
        (&*answer.text, &answer.headers["content-type"]),
        ("<svg/>", &"image/svg+xml".parse().unwrap())
    );
    let mut ann = visitor_of(&app, ANN).await;
    assert_eq!(ann.get("/auth/logout").await.text, "Bye ann@example.org from Blue &amp; Co");
}

/// The keys of texts that a file names.
fn keys_in(text: &str, mark: &str) -> BTreeSet<String> {
    text.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn every_text_of_the_pages_is_used_and_every_one_that_is_used_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |folder: &str| {
        let files = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap()).collect::<String>()
    };
    let templates = read("templates") + &read("templates/pages");
    let sources = read("src/pages");
    let texts = fs::read_to_string(root.join("languages/en/pages.ftl")).unwrap();
    let known: BTreeSet<String> = texts
        .lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    for key in keys_in(&templates, "t(\"") {
        assert!(known.contains(&key), "no text {key}");
    }
    for key in &known {
        let done = key.strip_prefix("done-").unwrap_or(key);
        let used = templates.contains(&format!("t(\"{key}\"")) || sources.contains(&format!("\"{done}\""));
        assert!(used, "nobody uses the text {key}");
    }
}
