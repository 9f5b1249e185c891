//! `POST /token` and `POST /revoke`, and how long tokens live.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use doorward::Config;
use serde_json::json;

use crate::app::{ANN, App, BOB, PASSWORD, WRONG, config};

#[tokio::test]
async fn a_password_gives_a_token() {
    let app = App::new().await;
    app.register(ANN).await;
    let answer = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
    let body = answer.json();
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(body, json!({"access_token": token, "token_type": "bearer", "expires_in": 86400}));
    let random = token.strip_prefix("dw_s_").expect("a prefix that scanners know");
    assert_eq!(random.len(), 49);
    assert!(random.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["pragma"], "no-cache");
    assert_eq!(answer.headers["content-type"], "application/json");
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!(app.bearer(token).get("/protected-route").await.text, ANN);
}

#[tokio::test]
async fn what_oauth_clients_send_besides_is_accepted() {
    let app = App::new().await;
    app.register(ANN).await;
    let own = [("username", ANN), ("password", PASSWORD)];
    for more in [
        &[("grant_type", "password")][..],
        &[("grant_type", "password"), ("scope", ""), ("client_id", ""), ("client_secret", "")],
        &[("scope", "a b"), ("client_id", "swagger"), ("client_secret", "x"), ("unheard", "of")],
    ] {
        let answer = app.anonymous().form("/auth/token", &[&own[..], more].concat()).await;
        assert_eq!(answer.status, StatusCode::OK, "{more:?}: {}", answer.text);
    }
    // `:` and `swagger:`, as the documentation page sends them.
    for basic in ["Basic Og==", "Basic c3dhZ2dlcjo=", "Basic %%%"] {
        let answer = app.anonymous().header("authorization", basic).form("/auth/token", &own).await;
        assert_eq!(answer.status, StatusCode::OK, "{basic}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_an_oauth_error() {
    let app = App::new().await;
    app.register(ANN).await;
    for (username, password) in [(ANN, WRONG), (ANN, "correct horse batter"), (BOB, PASSWORD), ("x", "y")] {
        let answer = app.anonymous().request_token(username, password).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            answer.json(),
            json!({"error": "invalid_grant", "error_description": "Incorrect email or password",
                   "detail": "Incorrect email or password"})
        );
        assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"doorward\"");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["pragma"], "no-cache");
    }
}

#[tokio::test]
async fn missing_fields_are_named() {
    let app = App::new().await;
    for (form, fields) in [
        (&[][..], &["username", "password"][..]),
        (&[("username", ANN)], &["password"]),
        (&[("password", PASSWORD)], &["username"]),
        (&[("username", ""), ("password", "")], &["username", "password"]),
        (&[("username", ANN), ("username", BOB), ("password", PASSWORD)], &["body"]),
    ] {
        let answer = app.anonymous().form("/auth/token", form).await;
        assert_eq!(answer.wrong_fields(), fields, "{form:?}");
        assert_eq!(answer.json()["error"], "invalid_request");
    }
}

#[tokio::test]
async fn only_the_password_grant_is_offered_and_only_while_it_is_on() {
    let app = App::new().await;
    app.register(ANN).await;
    let own = [("username", ANN), ("password", PASSWORD)];
    for grant in ["refresh_token", "client_credentials", "PASSWORD", "password ", "authorization_code"] {
        let answer =
            app.anonymous().form("/auth/token", &[&own[..], &[("grant_type", grant)]].concat()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{grant}");
        assert_eq!(answer.json()["error"], "unsupported_grant_type");
        // A client that speaks of another grant sends other fields, and is told what is wrong.
        let answer = app.anonymous().form("/auth/token", &[("grant_type", grant)]).await;
        assert_eq!(answer.json()["error"], "unsupported_grant_type", "{grant}");
    }
    let off = app.sibling(Config { password_grant: false, ..config() }).await;
    let answer = off.anonymous().form("/auth/token", &own).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "unsupported_grant_type");
    off.browser_of(ANN).await;
}

#[tokio::test]
async fn only_the_exact_token_works() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let refused = async |token: &str| {
        let answer = app.bearer(token).get("/auth/me").await;
        assert_eq!(
            (answer.status, &*answer.code()),
            (StatusCode::UNAUTHORIZED, "invalid_session"),
            "{token}"
        );
        assert!(answer.headers["www-authenticate"].to_str().unwrap().contains("error=\"invalid_token\""));
        answer.text
    };
    let shape = refused("x").await;
    for length in 1..token.len() {
        assert_eq!(refused(&token[..length]).await, shape);
        assert_eq!(refused(&token[length..]).await, shape);
    }
    for position in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] =
            if bytes[position].is_ascii_alphabetic() { bytes[position] ^ 0x20 } else { bytes[position] ^ 1 };
        assert_eq!(refused(&String::from_utf8(bytes).unwrap()).await, shape);
    }
    for wrong in [
        format!("{token}="),
        format!("{token}=="),
        format!("{token} "),
        format!("\t{token}"),
        format!("{token}%00"),
        format!("{token}{token}"),
        format!("{token} {token}"),
        format!("{token},"),
        format!("\"{token}\""),
        token.replacen("dw_s_", "dw_r_", 1),
        token.to_uppercase(),
        format!("Bearer {token}"),
    ] {
        assert_eq!(refused(&wrong).await, shape);
    }
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_good_for_the_way_it_was_given_for() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let browser = app.browser_of(ANN).await;
    let cookie = browser.cookies.values().next().unwrap();
    assert_eq!(app.bearer(cookie).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let mut thief = app.browser();
    thief.cookies.insert("doorward".into(), token);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_token_ends_to_the_second() {
    let app = App::with(Config { session_lifetime: Duration::from_secs(1000), ..config() }).await;
    app.register(ANN).await;
    let first = app.token(ANN).await;
    app.advance(Duration::from_secs(500));
    let second = app.token(ANN).await;
    let status = async |token: &str| app.bearer(token).get("/auth/me").await.status;
    // The clock goes on by itself too; seconds that pass while this runs are given back.
    app.advance(Duration::from_secs(470));
    assert_eq!((status(&first).await, status(&second).await), (StatusCode::OK, StatusCode::OK));
    app.advance(Duration::from_secs(30));
    assert_eq!((status(&first).await, status(&second).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    app.advance(Duration::from_secs(500));
    assert_eq!(status(&second).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_lifetime_that_is_shortened_ends_older_tokens() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let strict = app.sibling(Config { session_lifetime: Duration::from_secs(3600), ..config() }).await;
    assert_eq!(strict.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
    let listed = strict.bearer(&token).get("/auth/sessions").await.json();
    let moment = |name: &str| listed[0][name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(moment("expires_at").as_second() - moment("created_at").as_second(), 3600);
    strict.advance(Duration::from_secs(3600));
    assert_eq!(strict.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends() {
    let app = App::with(Config { session_idle_timeout: Duration::from_secs(600), ..config() }).await;
    app.register(ANN).await;
    let (used, unused) = (app.token(ANN).await, app.token(ANN).await);
    for _ in 0..3 {
        app.advance(Duration::from_secs(400));
        assert_eq!(app.bearer(&used).get("/auth/me").await.status, StatusCode::OK);
    }
    assert_eq!(app.bearer(&unused).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let listed = app.bearer(&used).get("/auth/sessions").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    app.advance(Duration::from_secs(600));
    assert_eq!(app.bearer(&used).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn use_does_not_prolong_a_session_beyond_its_lifetime() {
    let idle = Duration::from_secs(600);
    let app = App::with(Config { session_idle_timeout: idle, session_lifetime: idle * 3, ..config() }).await;
    let mut ann = app.ann().await;
    for _ in 0..5 {
        app.advance(Duration::from_secs(350));
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    }
    app.advance(Duration::from_secs(50));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_over_stays_over_when_the_clock_goes_back() {
    let app = App::new().await;
    app.register(ANN).await;
    let (revoked, kept) = (app.token(ANN).await, app.token(ANN).await);
    app.anonymous().form("/auth/revoke", &[("token", &revoked)]).await;
    app.go_back(Duration::from_secs(3600));
    assert_eq!(app.bearer(&revoked).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(&kept).get("/auth/me").await.status, StatusCode::OK);
    app.advance(Duration::from_secs(10 * 365 * 86400));
    assert_eq!(app.bearer(&kept).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_revoked_token_is_refused_everywhere_at_once() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    app.register(ANN).await;
    for hint in [None, Some("access_token"), Some("refresh_token"), Some("nonsense")] {
        let (token, kept) = (app.token(ANN).await, app.token(ANN).await);
        let mut form = vec![("token", &*token)];
        form.extend(hint.map(|hint| ("token_type_hint", hint)));
        assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
        let answer = app.anonymous().form("/auth/revoke", &form).await;
        assert_eq!((answer.status, &*answer.text), (StatusCode::OK, ""));
        for app in [&app, &other] {
            assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
            assert_eq!(app.bearer(&kept).get("/auth/me").await.status, StatusCode::OK);
        }
        let again = app.anonymous().form("/auth/revoke", &form).await;
        assert_eq!((again.status, again.text), (StatusCode::OK, String::new()));
    }
}

#[tokio::test]
async fn nothing_but_a_token_revokes_it() {
    use sha2::{Digest, Sha256};
    let app = App::new().await;
    let id = app.register(ANN).await;
    let token = app.token(ANN).await;
    let session = app.bearer(&token).get("/auth/sessions").await.json()[0]["id"].to_string();
    let hash = Sha256::digest(&token).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for wrong in [&*hash, &session, &id.to_string(), &token[..50], &format!("{token}="), ANN, "%", "' OR 1=1"]
    {
        let answer = app.anonymous().form("/auth/revoke", &[("token", wrong)]).await;
        assert_eq!((answer.status, &*answer.text), (StatusCode::OK, ""), "{wrong}");
    }
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(app.anonymous().form("/auth/revoke", &[]).await.wrong_fields(), ["token"]);
    let answer = app.anonymous().send(Method::GET, &format!("/auth/revoke?token={token}"), None, "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_disabled_or_deleted_user_is_out_at_once() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let id = app.register(ANN).await.to_string().parse().unwrap();
    let token = app.token(ANN).await;
    let mut browser = other.browser_of(ANN).await;
    assert!(app.disable_user(id).await.unwrap());
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert!(app.enable_user(id).await.unwrap());
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let token = other.token(ANN).await;
    let mut browser = other.browser_of(ANN).await;
    assert!(app.delete_user(id).await.unwrap());
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    // The address is free again, and nothing of the old account comes with it.
    app.register(ANN).await;
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}
