//! What the code of a host does by itself: it logs users in, finds and ends sessions, and sends letters.

use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::any,
};
use doorward::{
    Auth, Config, Error, User, UserId,
    event::EventKind,
    session::{LogInOutcome, LogInRequest, NewSession, Transport},
};

use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD, config},
    mail::mailbox::with_mail,
};

/// Logs in, and expects that it works.
async fn log_in(auth: &Auth, user: &User, transport: Transport, request: LogInRequest) -> NewSession {
    let outcome = auth.log_in(user, transport, request).await.unwrap();
    let LogInOutcome::LoggedIn(session) = outcome else { panic!("{outcome:?}") };
    session
}

async fn refusal(auth: &Auth, user: UserId) -> Error {
    auth.log_in(user, Transport::Bearer, LogInRequest::unknown()).await.unwrap_err()
}

/// The callback of a provider that has proved Ann.
async fn callback(State(auth): State<Auth>, request: LogInRequest) -> doorward::Result<Response> {
    let user = auth.user_by_email(ANN).await?.ok_or(Error::WrongCredentials)?;
    let session = log_in(&auth, &user, Transport::Cookie, request.by("saml")).await;
    Ok((session, Redirect::to("/welcome")).into_response())
}

async fn app() -> App {
    let app = App::new().await;
    let router = Router::new()
        .route("/callback", any(callback))
        .with_state(app.auth.clone())
        .nest("/auth", app.auth.router());
    app.serving(router)
}

#[tokio::test]
async fn a_host_logs_a_browser_in() {
    let app = app().await;
    let ann = app.add_user_without_password(ANN).await.unwrap();
    let mut browser = app.browser().from("192.0.2.7").header("user-agent", "Tester");
    let answer = browser.get("/callback").await;
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &"/welcome".parse().unwrap())
    );
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    assert_eq!(browser.get("/auth/me").await.json()["email"], ANN);
    let listed = app.sessions_of(&ann).await.unwrap();
    assert_eq!((listed.len(), listed[0].transport, &*listed[0].method), (1, Transport::Cookie, "saml"));
    assert_eq!(listed[0].ip, Some("192.0.2.7".parse().unwrap()));
    assert_eq!(listed[0].user_agent.as_deref(), Some("Tester"));
    let event = app.events().of_kind(EventKind::LoggedIn).next_page(1).await.unwrap().remove(0);
    assert_eq!((event.detail["method"].as_str(), event.user_id), ("saml", Some(ann.id)));
    // The next log-in of this browser ends the session that it had.
    let old = browser.clone();
    browser.get("/callback").await;
    assert_eq!(old.clone().get("/auth/me").await.code(), "invalid_session");
    assert_eq!(app.sessions_of(&ann).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_of_another_site_logs_nobody_in() {
    let app = app().await;
    app.add(ANN).await;
    let mut other = app.anonymous().header("sec-fetch-site", "cross-site");
    assert_eq!(other.send(Method::POST, "/callback", None, "").await.code(), "cross_site");
    assert_eq!(other.get("/callback").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_host_logs_a_program_in_without_a_request() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    let request = LogInRequest::unknown().ip("::ffff:192.0.2.8".parse().unwrap()).user_agent("job");
    let new = log_in(&app, &ann, Transport::Bearer, request).await;
    assert!(!format!("{new:?}").contains(new.token()));
    assert!(new.device_token().is_some());
    assert_eq!((new.user(), new.expires_in()), (&ann, Config::default().session_lifetime));
    assert_eq!(app.bearer(new.token()).get("/auth/me").await.json()["email"], ANN);
    let session = app.session(new.token()).await.unwrap().unwrap();
    assert_eq!((session.id(), session.user(), session.method()), (new.id(), &ann, "host"));
    assert_eq!((session.transport(), session.created_at()), (Transport::Bearer, session.authenticated_at()));
    let listed = app.sessions_of(ann.id).await.unwrap();
    assert_eq!((listed[0].id, listed[0].expires_at), (session.id(), session.expires_at()));
    assert_eq!(listed[0].ip, Some("192.0.2.8".parse().unwrap()));
    let (parts, body) = new.token_response().into_parts();
    assert_eq!(parts.status, StatusCode::OK);
    let body = axum::body::to_bytes(body, 4096).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert!(app.session(body["access_token"].as_str().unwrap()).await.unwrap().is_some());
    // A program has no cookies, and the token of a cookie is no bearer token.
    let of_program = log_in(&app, &ann, Transport::Bearer, LogInRequest::unknown()).await;
    assert!((of_program, "").into_response().headers().get("set-cookie").is_none());
    let of_browser = log_in(&app, &ann, Transport::Cookie, LogInRequest::unknown()).await;
    assert!(app.session(of_browser.token()).await.unwrap().is_none());
    for wrong in ["", "dw_s_", "dw_d_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw", "\0"] {
        assert!(app.session(wrong).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_host_logs_nobody_in_whom_our_own_routes_refuse() {
    let app = App::with(Config { require_verified_email: Some(true), ..with_mail() }).await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    assert_eq!(refusal(&app, ann.id).await, Error::EmailNotVerified);
    assert!(app.mark_email_verified(ann.id).await.unwrap());
    assert!(app.auth.user(ann.id).await.unwrap().unwrap().email_verified_at.is_some());
    drop(log_in(&app, &ann, Transport::Bearer, LogInRequest::unknown()).await);
    // The user is read again: what the caller has may be old.
    app.disable_user(ann.id).await.unwrap();
    assert_eq!(refusal(&app, ann.id).await, Error::WrongCredentials);
    assert!(!app.mark_email_verified(ann.id).await.unwrap());
    app.delete_user(ann.id).await.unwrap();
    assert_eq!(refusal(&app, ann.id).await, Error::WrongCredentials);
    assert!(!app.mark_email_verified(ann.id).await.unwrap());
    let failed = app.events().of_kind(EventKind::LogInFailed).next_page(10).await.unwrap();
    let mut reasons: Vec<_> = failed.iter().map(|event| event.detail["reason"].as_str()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["disabled", "unknown_user", "unverified"]);
}

#[tokio::test]
async fn the_name_of_a_proof_is_checked() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    for name in ["", "SAML", "my proof", "a\0", "é", "a_name_that_is_longer_than_32_lett"] {
        let outcome = app.log_in(&ann, Transport::Bearer, LogInRequest::unknown().by(name)).await;
        assert!(matches!(outcome, Err(Error::Invalid(_))), "{name}");
    }
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn a_host_ends_sessions() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let (ann, bob) = (app.add_user(ANN, PASSWORD).await.unwrap(), app.add_user(BOB, PASSWORD).await.unwrap());
    let tokens = [app.token(ANN).await, app.token(ANN).await, app.token(ANN).await];
    let id = app.session(&tokens[0]).await.unwrap().unwrap().id();
    assert!(other.session(&tokens[0]).await.unwrap().is_some());
    assert!(!app.end_session(&bob, id).await.unwrap(), "it is a session of Ann");
    assert!(app.end_session(&ann, id).await.unwrap());
    assert!(!app.end_session(&ann, id).await.unwrap());
    assert!(other.session(&tokens[0]).await.unwrap().is_none());
    let ended = app.events().of_kind(EventKind::SessionEnded).next_page(9).await.unwrap();
    assert_eq!((ended.len(), ended[0].actor.as_str()), (1, "operator"));
    assert_eq!(app.end_sessions(&ann).await.unwrap(), 2);
    assert_eq!(app.end_sessions(&ann).await.unwrap(), 0);
    for token in tokens {
        assert!(other.session(&token).await.unwrap().is_none());
    }
    assert_eq!(app.events().of_kind(EventKind::AllSessionsEnded).next_page(9).await.unwrap().len(), 1);
    app.token(ANN).await;
}

#[tokio::test]
async fn a_user_without_a_password_chooses_one_with_a_letter() {
    let app = App::with(with_mail()).await;
    let ann = app.add_user_without_password(ANN).await.unwrap();
    assert_eq!(app.add_user_without_password(ANN).await.unwrap_err(), Error::EmailExists);
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert!(app.send_password_reset(&ann, "de-AT").await.unwrap());
    let mail = app.newest_mail(ANN).await;
    assert!(mail.text.contains("Passwort"), "{}", mail.text);
    let body = serde_json::json!({"token": mail.token("reset-password"), "new_password": NEW_PASSWORD});
    assert_eq!(app.anonymous().post("/auth/reset-password", body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.anonymous().request_token(ANN, NEW_PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn letters_of_a_host_keep_to_the_limits_and_to_who_needs_them() {
    let app = App::with(with_mail()).await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(app.send_verification(&ann, "xx").await.unwrap());
    }
    assert_eq!(sent, [true, true, true, false, false]);
    let bob = app.add_user(BOB, PASSWORD).await.unwrap();
    assert!(app.mark_email_verified(bob.id).await.unwrap());
    assert!(!app.send_verification(&bob, "en").await.unwrap(), "the address is verified");
    app.disable_user(bob.id).await.unwrap();
    assert!(!app.send_password_reset(&bob, "en").await.unwrap(), "the user is disabled");
    app.delete_user(bob.id).await.unwrap();
    assert!(!app.send_password_reset(&bob, "en").await.unwrap(), "the user is deleted");
    let without = App::new().await;
    let ann = without.add_user(ANN, PASSWORD).await.unwrap();
    assert_eq!(without.send_verification(&ann, "en").await.unwrap_err(), Error::MailNotConfigured);
    assert_eq!(without.send_password_reset(&ann, "en").await.unwrap_err(), Error::MailNotConfigured);
}

#[tokio::test]
async fn ids_and_users_are_written_and_read_again() {
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    app.set_attributes(ann.id, serde_json::json!({"plan": "gold"})).await.unwrap();
    let ann = app.auth.user(ann.id).await.unwrap().unwrap();
    let json = serde_json::to_string(&ann).unwrap();
    assert_eq!(serde_json::from_str::<User>(&json).unwrap(), ann);
    let id = ann.id;
    assert_eq!(UserId::try_from(i64::from(id)).unwrap(), id);
    assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
    for wrong in ["0", "-1", "9007199254740992", "1.5", "", "a"] {
        let error = wrong.parse::<UserId>().unwrap_err().to_string();
        assert_eq!(error, "expected a whole number from 1 to 9007199254740991", "{wrong}");
        assert!(serde_json::from_str::<UserId>(wrong).is_err(), "{wrong}");
    }
    assert_eq!(app.auth.user(id).await.unwrap().unwrap().email, ANN);
    assert_eq!(app.user_by_email(" ann@EXAMPLE.org").await.unwrap().unwrap().id, id);
    assert_eq!(app.user_by_email(&id.to_string()).await.unwrap(), None, "an id is no address");
    let router = Router::new().route(
        "/users/{id}",
        axum::routing::get(
            |axum::extract::Path(id): axum::extract::Path<UserId>| async move { id.to_string() },
        ),
    );
    let app = app.serving(router);
    assert_eq!(app.anonymous().get(&format!("/users/{id}")).await.text, id.to_string());
    assert_eq!(app.anonymous().get("/users/0").await.status, StatusCode::BAD_REQUEST);
}
