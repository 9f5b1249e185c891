//! The user of a request: the grammar of `Authorization` and `Cookie`, and requests with two credentials.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use doorward::Config;

use crate::app::{ANN, Answer, App, BOB, config};

const NO_TOKEN: &str = "Bearer realm=\"doorward\"";

/// Sends a `GET` with exactly these headers.
async fn ask(app: &App, path: &str, lines: &[(HeaderName, &[u8])]) -> Answer {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    for (name, value) in lines {
        request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
    }
    app.anonymous().raw(request).await
}

#[tokio::test]
async fn the_bearer_scheme_is_read_in_any_case() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer "] {
        let line = format!("{scheme} {token}");
        for path in ["/auth/me", "/protected-route"] {
            let answer = ask(&app, path, &[(header::AUTHORIZATION, line.as_bytes())]).await;
            assert_eq!(answer.status, StatusCode::OK, "{scheme}");
        }
    }
}

#[tokio::test]
async fn anything_but_a_bearer_token_gets_a_challenge() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let huge = format!("Bearer {}", "a".repeat(1 << 20));
    let lines: [(&[u8], &str); 19] = [
        (b"", "not_authenticated"),
        (b" ", "not_authenticated"),
        (b"Basic %%%", "not_authenticated"),
        (b"Basic Og==", "not_authenticated"),
        (b"Digest username=\"ann\"", "not_authenticated"),
        (b"bearer\tx", "not_authenticated"),
        (b"Bearerx", "not_authenticated"),
        (b"Token x", "not_authenticated"),
        (b"\xff\xfe", "not_authenticated"),
        ("Béarer x".as_bytes(), "not_authenticated"),
        (b"Bearer", "invalid_session"),
        (b"Bearer ", "invalid_session"),
        (b"Bearer \xff\xfe\x80", "invalid_session"),
        (b"Bearer a b", "invalid_session"),
        (b"Bearer ,", "invalid_session"),
        (b"Bearer \"\"", "invalid_session"),
        ("Bearer dw_s_é".as_bytes(), "invalid_session"),
        (b"Bearer null", "invalid_session"),
        (huge.as_bytes(), "invalid_session"),
    ];
    for (line, code) in lines {
        for path in ["/auth/me", "/protected-route"] {
            let answer = ask(&app, path, &[(header::AUTHORIZATION, line)]).await;
            let shown = String::from_utf8_lossy(&line[..line.len().min(40)]).into_owned();
            assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, code), "{shown}");
            let challenge = answer.headers["www-authenticate"].to_str().unwrap();
            if code == "not_authenticated" {
                assert_eq!(challenge, NO_TOKEN, "{shown}");
            } else {
                assert!(challenge.starts_with(&format!("{NO_TOKEN}, error=\"invalid_token\"")), "{shown}");
            }
        }
    }
    for glued in
        [format!("Bearer{token}"), format!("Bearer\t{token}"), format!("Bearer \t{token}"), token.clone()]
    {
        let answer = ask(&app, "/auth/me", &[(header::AUTHORIZATION, glued.as_bytes())]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{glued}");
    }
    assert_eq!(ask(&app, "/auth/me", &[]).await.headers["www-authenticate"], NO_TOKEN);
}

#[tokio::test]
async fn a_token_in_the_url_or_the_body_is_ignored() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    for path in ["/auth/me", "/protected-route"] {
        let answer = app.anonymous().get(&format!("{path}?access_token={token}&token={token}")).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "not_authenticated"));
    }
    let answer = app.anonymous().form("/protected-route", &[("access_token", &token)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    for name in ["x-access-token", "x-auth-token", "proxy-authorization", "x-authorization"] {
        let answer = app.anonymous().header(name, &format!("Bearer {token}")).get("/auth/me").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[tokio::test]
async fn two_credentials_are_always_refused() {
    let app = App::new().await;
    app.register(ANN).await;
    let (ann, bob) = (app.token(ANN).await, app.user(BOB).await);
    let bob = bob.clone().get("/auth/me").await.json()["email"].clone();
    assert_eq!(bob, BOB);
    let cookie = format!("doorward={}", app.browser_of(BOB).await.cookies["doorward"]);
    let (good, bad) = (format!("Bearer {ann}"), "Bearer x");
    let (good, bad, cookie) = (good.as_bytes(), bad.as_bytes(), cookie.as_bytes());
    for lines in [
        &[(header::AUTHORIZATION, good), (header::AUTHORIZATION, bad)][..],
        &[(header::AUTHORIZATION, bad), (header::AUTHORIZATION, good)],
        &[(header::AUTHORIZATION, good), (header::AUTHORIZATION, good)],
        &[(header::AUTHORIZATION, b"Basic Og=="), (header::AUTHORIZATION, good)],
        &[(header::AUTHORIZATION, good), (header::COOKIE, cookie)],
        &[(header::AUTHORIZATION, bad), (header::COOKIE, cookie)],
        &[(header::AUTHORIZATION, good), (header::COOKIE, b"doorward=x")],
        &[(header::AUTHORIZATION, good), (header::COOKIE, b"doorward=")],
        &[(header::COOKIE, cookie), (header::COOKIE, b"doorward=x")],
        &[(header::COOKIE, b"doorward=x"), (header::COOKIE, cookie)],
        &[(header::COOKIE, cookie), (header::COOKIE, cookie)],
    ] {
        for path in ["/auth/me", "/auth/sessions", "/protected-route", "/open-route"] {
            let answer = ask(&app, path, lines).await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "ambiguous_credentials"));
        }
    }
}

#[tokio::test]
async fn a_cookie_is_found_by_its_exact_name() {
    for (public_url, name) in
        [("http://127.0.0.1:8000", "doorward"), ("https://example.org", "__Host-doorward")]
    {
        let app = App::with(Config { public_url: public_url.into(), ..config() }).await;
        app.register(ANN).await;
        app.register("evil@example.org").await;
        let token = app.browser_of(ANN).await.cookies[name].clone();
        let evil = app.browser_of("evil@example.org").await.cookies[name].clone();
        for line in
            [format!("{name}={token}"), format!("a=b; {name}={token}; c=d"), format!("a=b;{name}={token}")]
        {
            let answer = ask(&app, "/auth/me", &[(header::COOKIE, line.as_bytes())]).await;
            assert_eq!(answer.json()["email"], ANN, "{line}");
        }
        let encoded = format!("%{:02x}{}", name.as_bytes()[0], &name[1..]);
        for line in [
            format!("\u{2000}{name}={evil}"),
            format!("\u{a0}{name}={evil}"),
            format!("\t{name}={evil}"),
            format!("  {name}={evil}"),
            format!("{name} ={evil}"),
            format!("{name}\u{2000}={evil}"),
            format!("{}={evil}", name.to_uppercase()),
            format!("{encoded}={evil}"),
            format!("$Version=1; {name}={evil}"),
            format!("$Version=1, {name}={evil}"),
            format!("$Version=\"1\"; {name}={evil}; $Path=\"/\""),
            format!("a=b, {name}={evil}"),
            format!("={name}={evil}"),
            format!("{name}=\"{evil}\""),
            format!("{name}= {evil}"),
            format!("{name}={evil} "),
            format!("{name}={evil}%00"),
            format!("{name}==\u{e9}{evil}"),
            name.to_owned(),
            format!("{name}={evil}; {name}={token}"),
            format!("{name}={token}; {name}={evil}"),
        ] {
            let answer = ask(&app, "/auth/me", &[(header::COOKIE, line.as_bytes())]).await;
            let refused = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED].contains(&answer.status);
            assert!(refused, "{line}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn very_long_cookie_headers_are_harmless() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.browser_of(ANN).await.cookies["doorward"].clone();
    let line = format!("{}doorward={token}{}", "a=; ".repeat(1000), "; b".repeat(1000));
    let answer = ask(&app, "/auth/me", &[(header::COOKIE, line.as_bytes())]).await;
    assert_eq!(answer.status, StatusCode::OK);
    for line in ["=".repeat(60_000), ";".repeat(60_000), "doorward".repeat(8000), "; doorward=".repeat(5000)]
    {
        let answer = ask(&app, "/auth/me", &[(header::COOKIE, line.as_bytes())]).await;
        assert!([StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED].contains(&answer.status));
    }
}

#[tokio::test]
async fn an_open_route_serves_everyone_but_refuses_a_wrong_token() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    assert_eq!(app.anonymous().get("/open-route").await.text, "nobody");
    assert_eq!(app.bearer(&token).get("/open-route").await.text, ANN);
    assert_eq!(browser.get("/open-route").await.text, ANN);
    let other_scheme = app.anonymous().header("authorization", "Basic Og==").get("/open-route").await;
    assert_eq!(other_scheme.text, "nobody");
    let wrong = app.bearer("x").get("/open-route").await;
    assert_eq!((wrong.status, &*wrong.code()), (StatusCode::UNAUTHORIZED, "invalid_session"));
    // Any visitor may have an expired cookie, so it is no error.
    let old = browser.clone();
    browser.log_out().await;
    assert_eq!(old.clone().get("/open-route").await.text, "nobody");
    let garbage = app.anonymous().header("cookie", "doorward=x");
    assert_eq!(garbage.clone().get("/open-route").await.text, "nobody");
}

#[tokio::test]
async fn another_site_cannot_post_to_a_route_of_the_host() {
    let app = App::new().await;
    app.register(ANN).await;
    let browser = app.browser_of(ANN).await;
    let mut own = browser.clone();
    assert_eq!(own.send(Method::POST, "/protected-route", None, "").await.text, ANN);
    for site in ["cross-site", "same-site"] {
        let mut other =
            browser.clone().header("sec-fetch-site", site).header("origin", "https://evil.example");
        let answer = other.send(Method::POST, "/protected-route", None, "").await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"));
        // A link from another site opens the page with the session.
        assert_eq!(other.get("/protected-route").await.text, ANN);
    }
    // A browser never sends a bearer token by itself.
    let mut app_of_ann = app.bearer(&app.token(ANN).await).header("origin", "https://evil.example");
    assert_eq!(app_of_ann.send(Method::POST, "/protected-route", None, "").await.text, ANN);
}
