//! `POST /token` and `POST /revoke`.

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
    let device = body["device_token"].as_str().unwrap();
    assert_eq!(
        body,
        json!({"access_token": token, "token_type": "bearer", "expires_in": 86400, "device_token": device})
    );
    for (token, prefix) in [(token, "dw_s_"), (device, "dw_d_")] {
        let random = token.strip_prefix(prefix).expect("the prefix that scanners know");
        assert_eq!(random.len(), 49);
        assert!(random.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    }
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["pragma"], "no-cache");
    assert_eq!(answer.headers["content-type"], "application/json");
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!(app.bearer(token).get("/protected-route").await.text, ANN);
}

#[tokio::test]
async fn extra_fields_of_oauth_clients_are_accepted() {
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
    // The documentation page sends `:` and `swagger:`.
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
async fn only_the_password_grant_is_offered_and_it_can_be_off() {
    let app = App::new().await;
    app.register(ANN).await;
    let own = [("username", ANN), ("password", PASSWORD)];
    for grant in ["refresh_token", "client_credentials", "PASSWORD", "password ", "authorization_code"] {
        let answer =
            app.anonymous().form("/auth/token", &[&own[..], &[("grant_type", grant)]].concat()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{grant}");
        assert_eq!(answer.json()["error"], "unsupported_grant_type");
        // A client of another grant sends other fields. The answer still names the grant.
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
