//! The audit log: each action writes one event in its own transaction, and answers show none of it.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode},
};
use doorward::{
    Config, UserId,
    event::{Actor, Event, EventKind},
    guard::RequestId,
};
use serde_json::json;

use crate::{
    app::{ANN, App, NEW_PASSWORD, PASSWORD, WRONG},
    mail::mailbox::with_mail,
};

pub(crate) mod failures;

/// All events, oldest first.
pub(crate) async fn all(app: &App) -> Vec<Event> {
    let mut events = app.events().next_page(1000).await.unwrap();
    events.reverse();
    events
}

/// The kinds of all events, oldest first.
async fn kinds(app: &App) -> Vec<EventKind> {
    all(app).await.iter().map(|event| event.kind).collect()
}

/// The number of failures that this event stands for.
pub(crate) fn count(event: &Event) -> i64 {
    event.detail.get("count").map_or(1, |count| count.parse().unwrap())
}

/// The reason, the user and the number of failed log-ins.
async fn failures(app: &App) -> Vec<(String, Option<i64>, i64)> {
    let failed = all(app).await.into_iter().filter(|event| event.kind == EventKind::LogInFailed);
    let told = |event: Event| (event.detail["reason"].clone(), event.user_id.map(i64::from), count(&event));
    failed.map(told).collect()
}

pub(crate) async fn fail(app: &App, email: &str, password: &str) {
    let answer = app.anonymous().request_token(email, password).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
}

#[tokio::test]
async fn each_action_of_a_user_is_one_event() {
    use EventKind as Kind;
    let app = App::new().await;
    let mut expected = Vec::new();
    let expect = async |expected: &mut Vec<EventKind>, kind| {
        expected.push(kind);
        assert_eq!(&kinds(&app).await, expected);
    };
    let id = app.register(ANN).await;
    expect(&mut expected, Kind::Registered).await;
    let token = app.token(ANN).await;
    expect(&mut expected, Kind::LoggedIn).await;
    let mut browser = app.browser_of(ANN).await;
    expect(&mut expected, Kind::LoggedIn).await;
    fail(&app, ANN, WRONG).await;
    expect(&mut expected, Kind::LogInFailed).await;
    assert_eq!(browser.change_email("Ann@example.com").await.status, StatusCode::OK);
    expect(&mut expected, Kind::EmailChanged).await;
    let change = |current| json!({"current_password": current, "new_password": NEW_PASSWORD});
    assert_eq!(browser.post("/auth/password", change(WRONG)).await.status, StatusCode::FORBIDDEN);
    expect(&mut expected, Kind::ConfirmationFailed).await;
    assert_eq!(browser.post("/auth/password", change(PASSWORD)).await.status, StatusCode::NO_CONTENT);
    expect(&mut expected, Kind::PasswordChanged).await;
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.log_out().await.status, StatusCode::NO_CONTENT);
    expect(&mut expected, Kind::LoggedOut).await;

    let login = json!({"email": "ann@example.com", "password": NEW_PASSWORD});
    for _ in 0..3 {
        assert_eq!(browser.post("/auth/login", login.clone()).await.status, StatusCode::OK);
        browser.cookies.clear();
        expect(&mut expected, Kind::LoggedIn).await;
    }
    assert_eq!(browser.post("/auth/login", login).await.status, StatusCode::OK);
    expect(&mut expected, Kind::LoggedIn).await;
    let sessions = browser.get("/auth/sessions").await.json();
    let other = sessions.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/auth/sessions/{}", other["id"]);
    assert_eq!(browser.delete(&path, None).await.status, StatusCode::NO_CONTENT);
    expect(&mut expected, Kind::SessionEnded).await;
    assert_eq!(browser.delete(&path, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
    expect(&mut expected, Kind::AllSessionsEnded).await;
    let gone = browser.delete_account(NEW_PASSWORD).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    expect(&mut expected, Kind::UserDeleted).await;

    let events = all(&app).await;
    for event in &events {
        assert_eq!((event.user_id.map(i64::from), event.actor), (Some(id), Actor::User), "{event:?}");
    }
    let detail = |kind| {
        let event = events.iter().rev().find(|event| event.kind == kind).unwrap();
        event.detail.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<BTreeMap<_, _>>()
    };
    let logged_in = detail(Kind::LoggedIn);
    assert_eq!((logged_in["method"], logged_in["transport"]), ("password", "cookie"));
    assert_eq!(detail(Kind::SessionEnded)["session"], other["id"].to_string());
    assert_eq!(detail(Kind::AllSessionsEnded)["ended"], "2");
    assert!(detail(Kind::PasswordChanged).is_empty());
}

#[tokio::test]
async fn each_action_of_an_operator_is_one_event() {
    use EventKind as Kind;
    let app = App::new().await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    app.disable_user(ann.id).await.unwrap();
    app.enable_user(ann.id).await.unwrap();
    app.set_password(ann.id, NEW_PASSWORD).await.unwrap();
    app.delete_user(ann.id).await.unwrap();
    let hash = "$2b$04$abcdefghijklmnopqrstuuiOlr/L/2PdIxTbgrB6V.yqVwqiwGnRi";
    app.add_user_with_hash("bo@example.org", hash).await.unwrap();
    let foreign = doorward::import::ForeignUser::new("cy@example.org", hash);
    app.import().batch(std::slice::from_ref(&foreign)).await.unwrap();
    for _ in 0..2 {
        app.import().apply().batch(std::slice::from_ref(&foreign)).await.unwrap();
    }
    // This user does not exist.
    let nobody: UserId = "1".parse().unwrap();
    app.disable_user(nobody).await.unwrap();
    app.set_password(nobody, NEW_PASSWORD).await.unwrap();
    app.delete_user(nobody).await.unwrap();

    let events = all(&app).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::Registered,
            Kind::UserDisabled,
            Kind::UserEnabled,
            Kind::PasswordSet,
            Kind::UserDeleted,
            Kind::Registered,
            Kind::UserImported
        ]
    );
    assert!(events.iter().all(|event| event.actor == Actor::Operator && event.ip.is_none()));
    assert!(events[..5].iter().all(|event| event.user_id == Some(ann.id)));
    assert_eq!(events[6].detail["scheme"], "bcrypt");
}

#[tokio::test]
async fn only_the_log_tells_why_a_log_in_failed() {
    let app = App::new().await;
    let [wrong, disabled, without] =
        ["wrong", "disabled", "without"].map(|name| format!("{name}@example.org"));
    let wrong_id = app.register(&wrong).await;
    let (disabled_id, without_id) = (app.register(&disabled).await, app.register(&without).await);
    app.execute(&format!("UPDATE users SET disabled_at = 1 WHERE id = {disabled_id}")).await;
    app.execute(&format!("DELETE FROM credentials WHERE user_id = {without_id}")).await;
    failures::stop_at_hour(&app).await;
    for (email, password) in [
        (&*wrong, WRONG),
        (&disabled, WRONG),
        (&disabled, PASSWORD),
        (&without, PASSWORD),
        ("typed-in-the-wrong-field@example.org", PASSWORD),
        ("my secret password", PASSWORD),
    ] {
        fail(&app, email, password).await;
        app.advance(Duration::from_secs(1));
    }
    let found = failures(&app).await;
    let expected = [
        ("wrong_password", Some(wrong_id), 1),
        ("wrong_password", Some(disabled_id), 1),
        ("disabled", Some(disabled_id), 1),
        ("no_password", Some(without_id), 1),
        ("unknown_user", None, 2),
    ];
    assert_eq!(found, expected.map(|(reason, id, count)| (reason.to_owned(), id, count)));
    // The text in the field for the address may be a password.
    let events = format!("{:?}", all(&app).await);
    for typed in ["typed-in", "my secret", WRONG, PASSWORD, "example.org"] {
        assert!(!events.contains(typed), "{typed}: {events}");
    }
}

#[tokio::test]
async fn an_event_holds_the_client_of_the_request() {
    let app = App::new().await;
    app.register(ANN).await;
    let agent = format!("curl \u{1b}[31m \u{202e}{}", "x".repeat(1000));
    for password in [PASSWORD, WRONG] {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("username", ANN), ("password", password)])
            .finish();
        let mut request = Request::post("/auth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(
                "user-agent",
                agent
                    .as_bytes()
                    .iter()
                    .map(|byte| if *byte < b' ' { b'?' } else { *byte })
                    .collect::<Vec<_>>(),
            )
            .header("x-request-id", "chosen-by-the-client")
            .body(Body::from(form))
            .unwrap();
        let peer: SocketAddr = "192.0.2.7:4711".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(RequestId::new(&"4f9a0c\0".repeat(30)));
        app.anonymous().raw(request).await;
    }
    let events = all(&app).await;
    assert_eq!(events.len(), 3);
    for event in &events[1..] {
        assert_eq!(event.ip.as_deref(), Some("192.0.2.7"));
        assert_eq!(event.user_agent.as_ref().unwrap().chars().count(), 256);
        assert!(event.user_agent.as_ref().unwrap().contains('\u{202e}'));
        assert_eq!(event.request_id.as_deref().unwrap(), &"4f9a0c".repeat(11)[..64]);
    }
    assert_eq!((&events[0].ip, &events[0].request_id), (&None, &None));
}

#[tokio::test]
async fn refused_requests_are_no_events() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    app.register("bo@example.org").await;
    let before = all(&app).await;
    assert_eq!(app.anonymous().register("bo@example.org", PASSWORD).await.code(), "email_exists");
    assert_eq!(ann.change_email("bo@example.org").await.code(), "email_exists");
    let other_site = app.anonymous().header("sec-fetch-site", "cross-site");
    assert_eq!(other_site.clone().log_in("bo@example.org", PASSWORD).await.code(), "cross_site");
    assert_eq!(app.anonymous().log_out().await.status, StatusCode::NO_CONTENT);
    let unknown = format!("dw_s_{}", "A".repeat(49));
    assert_eq!(app.anonymous().form("/auth/revoke", &[("token", &unknown)]).await.status, StatusCode::OK);
    assert_eq!(
        ann.post("/auth/password", json!({"current_password": PASSWORD})).await.wrong_fields(),
        ["new_password"]
    );
    assert_eq!(ann.get("/auth/sessions").await.status, StatusCode::OK);
    assert_eq!(all(&app).await, before);
}

#[tokio::test]
async fn without_its_event_no_change_is_made() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let before = app.contents().await;
    app.execute("ALTER TABLE events RENAME TO gone").await;
    let internal = StatusCode::INTERNAL_SERVER_ERROR;
    assert_eq!(app.anonymous().register("bo@example.org", PASSWORD).await.status, internal);
    for password in [PASSWORD, WRONG] {
        let answer = app.anonymous().request_token(ANN, password).await;
        assert_eq!(answer.status, internal);
    }
    assert_eq!(ann.change_email("ann@example.com").await.status, internal);
    assert_eq!(ann.log_out().await.status, internal);
    assert_eq!(app.contents().await, before);
}

#[tokio::test]
async fn a_reached_limit_is_one_event() {
    let app = App::new().await;
    let ann = app.register(ANN).await;
    let throttled = async || {
        let events = all(&app).await.into_iter().filter(|event| event.kind == EventKind::Throttled);
        events.map(|event| (event.detail["limit"].clone(), event.user_id.map(i64::from))).collect::<Vec<_>>()
    };
    let mut expected = Vec::new();
    for (email, id) in [(ANN, Some(ann)), ("nobody@example.org", None)] {
        for number in 0..12 {
            let answer = app.anonymous().request_token(email, WRONG).await;
            assert_eq!(answer.status == StatusCode::TOO_MANY_REQUESTS, number >= 5, "{number}");
        }
        expected.push(("account".to_owned(), id));
        assert_eq!(throttled().await, expected);
        // A later guess that is let through adds no event either.
        app.advance(Duration::from_secs(2));
        fail(&app, email, WRONG).await;
        assert_eq!(throttled().await, expected);
    }
    // The last free guess has the correct password.
    app.register("bob@example.org").await;
    for password in [WRONG, WRONG, WRONG, WRONG, PASSWORD] {
        app.anonymous().request_token("bob@example.org", password).await;
    }
    assert_eq!(throttled().await, expected);
    for number in 0..40 {
        let email = format!("u{number}@example.org");
        let answer = app.anonymous().from("192.0.2.1").request_token(&email, WRONG).await;
        assert_eq!(answer.status == StatusCode::TOO_MANY_REQUESTS, number >= 30, "{number}");
    }
    expected.push(("client_address".to_owned(), None));
    assert_eq!(throttled().await, expected);
}

#[tokio::test]
async fn a_wrong_code_and_an_address_that_is_not_verified_are_events() {
    let app = App::with(Config { require_verified_email: Some(true), ..with_mail() }).await;
    let ann = app.register(ANN).await;
    let code = json!({"email": ANN, "code": "AAAA-AAAA"});
    let mut with_password = code.clone();
    with_password["new_password"] = NEW_PASSWORD.into();
    for (path, body) in [
        ("/auth/verify-email", &code),
        ("/auth/reset-password", &with_password),
        ("/auth/confirm-email", &code),
    ] {
        assert_eq!(app.anonymous().post(path, body.clone()).await.code(), "invalid_link");
        app.advance(Duration::from_secs(2));
    }
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.code(), "email_not_verified");
    let events = all(&app).await;
    assert!(events.iter().all(|event| event.user_id.map(i64::from) == Some(ann)));
    let detail = |event: &Event| event.detail.values().cloned().collect::<Vec<_>>();
    let told: Vec<_> = events[1..].iter().map(|event| (event.kind, detail(event).join(" "))).collect();
    let expected = [
        (EventKind::CodeFailed, "verify_email"),
        (EventKind::CodeFailed, "reset_password"),
        (EventKind::CodeFailed, "change_email"),
        (EventKind::LogInFailed, "password unverified"),
    ];
    assert_eq!(told, expected.map(|(kind, detail)| (kind, detail.to_owned())));
}
