//! The accounts that a host tests with.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    routing::get,
};
use doorward::{
    Auth, Config, CurrentUser,
    config::{PasswordConfig, Registration},
    event::EventKind,
    mail::NewLetter,
    session::Transport,
    test_util::{PASSWORD, TestAuth},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::app::{ANN, BOB, Outside, for_tests, fresh_database, postgres_server};

async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

async fn post(app: &Router, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    send(app, request.body(body.to_string().into()).unwrap()).await
}

/// A `GET` with this header.
fn with(path: &str, name: header::HeaderName, value: header::HeaderValue) -> Request<Body> {
    Request::get(path).header(name, value).body(Body::empty()).unwrap()
}

/// An app with accounts and one route.
fn app(auth: &Auth) -> Router {
    Router::new()
        .route("/who", get(|CurrentUser(user): CurrentUser| async move { axum::Json(user.email) }))
        .with_state(auth.clone())
        .nest("/auth", auth.router())
}

#[tokio::test]
async fn the_session_of_a_program_is_a_real_one() {
    let accounts = for_tests().await;
    let app = app(&accounts);
    let ann = accounts.new_user(ANN).await;
    let session = accounts.log_in_as(&ann).await;
    let get = |path: &str| with(path, header::AUTHORIZATION, session.bearer());
    assert_eq!(send(&app, get("/who")).await, (StatusCode::OK, json!(ANN)));
    let (status, me) = send(&app, get("/auth/me")).await;
    assert_eq!((status, me), (StatusCode::OK, serde_json::to_value(&ann).unwrap()));
    let (_, sessions) = send(&app, get("/auth/sessions")).await;
    let [listed] = sessions.as_array().unwrap().as_slice() else { panic!("{sessions}") };
    assert_eq!((&listed["id"], &listed["current"]), (&json!(i64::from(session.id())), &json!(true)));
    let found = accounts.session(session.token()).await.unwrap().unwrap();
    assert_eq!((found.user().id, found.method(), found.transport()), (ann.id, "password", Transport::Bearer));
    let kinds: Vec<_> = accounts.all_events().await.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Registered, EventKind::EmailVerified, EventKind::LoggedIn]);
    // The owner ends it.
    let end = Request::delete(format!("/auth/sessions/{}", session.id()));
    let end = end.header(header::AUTHORIZATION, session.bearer()).body(Body::empty()).unwrap();
    assert_eq!(send(&app, end).await.0, StatusCode::NO_CONTENT);
    assert_eq!(send(&app, get("/who")).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_session_of_a_browser_is_a_real_one() {
    for public_url in ["http://localhost:3000/auth", "https://example.org/auth"] {
        let accounts =
            for_tests().config(Config { public_url: public_url.into(), ..Config::default() }).await;
        let app = app(&accounts);
        let ann = accounts.new_user(ANN).await;
        let session = accounts.log_in_browser_as(&ann).await;
        let who = || with("/who", header::COOKIE, session.cookie());
        assert_eq!(send(&app, who()).await, (StatusCode::OK, json!(ANN)), "{public_url}");
        assert_eq!(accounts.sessions_of(&ann).await.unwrap()[0].id, session.id());
        // A change needs the header that browsers send.
        let log_out = |site: Option<&str>| {
            let mut request = Request::post("/auth/logout").header(header::COOKIE, session.cookie());
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            request.body(Body::empty()).unwrap()
        };
        assert_eq!(send(&app, log_out(None)).await.0, StatusCode::FORBIDDEN);
        assert!(send(&app, log_out(Some("same-origin"))).await.0.is_success());
        assert_eq!(send(&app, who()).await.0, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_user_of_a_test_can_log_in_with_the_password() {
    // The strictest rules for passwords.
    let password = PasswordConfig { min_length: 64, zxcvbn_score: 4, ..PasswordConfig::default() };
    let accounts = for_tests().config(Config { password, ..Config::default() }).await;
    let app = app(&accounts);
    let ann = accounts.new_user(ANN).await;
    assert!(ann.email_verified_at.is_some());
    let (status, _) = post(&app, "/auth/login", json!({"email": ANN, "password": PASSWORD})).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn time_moves_until_a_session_expires() {
    let lifetime = Duration::from_secs(3600);
    let accounts = for_tests().config(Config { session_lifetime: lifetime, ..Config::default() }).await;
    let app = app(&accounts);
    let ann = accounts.new_user(ANN).await;
    accounts.stop_clock();
    let session = accounts.log_in_as(&ann).await;
    let who = async || send(&app, with("/who", header::AUTHORIZATION, session.bearer())).await.0;
    accounts.advance(lifetime - Duration::from_secs(1));
    assert_eq!(who().await, StatusCode::OK);
    accounts.advance(Duration::from_secs(1));
    assert_eq!(who().await, StatusCode::UNAUTHORIZED);
    accounts.go_back(Duration::from_secs(1));
    assert_eq!(who().await, StatusCode::OK);
    accounts.advance(Duration::from_secs(1));
    assert_eq!(accounts.clean_up().await.unwrap(), Some(1));
}

#[tokio::test]
async fn mails_show_the_links_and_codes_that_work() {
    let accounts = for_tests().await;
    let app = app(&accounts);
    let first = json!({"email": ANN, "password": "a first password"});
    assert_eq!(post(&app, "/auth/register", first.clone()).await.0, StatusCode::ACCEPTED);
    let mail = accounts.mail_to(ANN).await;
    let token = mail.token.clone().unwrap();
    let link = mail.link.clone().unwrap();
    assert!(link.contains("/verify-email?lang=en&token=") && link.ends_with(&token), "{mail:?}");
    assert!(mail.text.contains(&link) && mail.html.contains(&token) && !mail.subject.is_empty(), "{mail:?}");
    assert_eq!(post(&app, "/auth/verify-email", json!({"token": token})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(post(&app, "/auth/login", first).await.0, StatusCode::OK);

    // A code does the same as a link.
    assert_eq!(post(&app, "/auth/forgot-password", json!({"email": ANN})).await.0, StatusCode::ACCEPTED);
    let code = accounts.mail_to(ANN).await.code.unwrap();
    let new = json!({"email": ANN, "code": code, "new_password": "a second password"});
    assert_eq!(post(&app, "/auth/reset-password", new).await.0, StatusCode::NO_CONTENT);
    let second = json!({"email": ANN, "password": "a second password"});
    assert_eq!(post(&app, "/auth/login", second).await.0, StatusCode::OK);

    // A letter of the host has no link of ours.
    accounts.queue_letter(NewLetter::to_address(BOB, "Hello", "Hello Bob")).await.unwrap();
    let mail = accounts.mail_to("Bob@Example.org").await;
    assert_eq!((&*mail.subject, mail.link, mail.token, mail.code), ("Hello", None, None, None));
    let mails = accounts.mails().await;
    // The verification, the reset and its notice, and the letter of the host.
    let to_ann = mails.iter().filter(|mail| mail.to == ANN).count();
    assert_eq!((to_ann, mails.len()), (3, 4), "{mails:?}");
}

#[tokio::test]
#[should_panic(expected = "no mail to bob@example.org was sent")]
async fn a_mail_that_was_not_sent_fails_the_test() {
    for_tests().await.mail_to(BOB).await;
}

#[tokio::test]
#[should_panic(expected = "no mails are kept")]
async fn accounts_without_mail_show_no_mails() {
    for_tests().without_mail().await.mails().await;
}

#[tokio::test]
async fn accounts_without_mail_register_at_once() {
    let accounts = for_tests().without_mail().await;
    let app = app(&accounts);
    let account = json!({"email": ANN, "password": PASSWORD});
    assert_eq!(post(&app, "/auth/register", account).await.0, StatusCode::CREATED);
    assert_eq!(
        post(&app, "/auth/forgot-password", json!({"email": ANN})).await.1["code"],
        "mail_not_configured"
    );
}

#[tokio::test]
async fn the_settings_of_an_app_are_used_without_its_mail_server() {
    let config = Config {
        smtp_url: Some("smtp://127.0.0.1:1".into()),
        mail_from: Some("no-reply@example.org".into()),
        registration: Some(Registration::Open),
        service_name: "Notes".into(),
        ..Config::default()
    };
    let accounts = for_tests().config(config).await;
    let account = json!({"email": ANN, "password": PASSWORD});
    assert_eq!(post(&app(&accounts), "/auth/register", account).await.0, StatusCode::CREATED);
    assert!(accounts.mail_to(ANN).await.text.contains("Notes"));
}

#[tokio::test]
#[should_panic(
    expected = "the accounts of the test cannot be opened: bad configuration: password.min_length"
)]
async fn a_setting_that_makes_no_sense_fails_the_test() {
    let password = PasswordConfig { min_length: 1, ..PasswordConfig::default() };
    for_tests().config(Config { password, ..Config::default() }).await;
}

#[tokio::test]
#[should_panic(expected = "may not log in: WrongCredentials")]
async fn a_disabled_user_cannot_be_logged_in() {
    let accounts = for_tests().await;
    let ann = accounts.new_user(ANN).await;
    accounts.disable_user(ann.id).await.unwrap();
    accounts.log_in_as(&ann).await;
}

#[tokio::test]
async fn a_hundred_accounts_know_nothing_of_each_other() {
    let is_on_a_server = postgres_server().is_some();
    let mut all = Vec::new();
    // A server has a limit of connections.
    for number in 0..if is_on_a_server { 10 } else { 100 } {
        let accounts = for_tests().await;
        // The same address each time, and a moved clock.
        let ann = accounts.new_user(ANN).await;
        accounts.advance(Duration::from_secs(1000 * number));
        let session = accounts.log_in_as(&ann).await;
        accounts.send_password_reset(&ann, "en").await.unwrap();
        all.push((accounts, session));
    }
    let databases: BTreeSet<_> = all.iter().map(|(accounts, _)| accounts.database()).collect();
    assert_eq!(databases.len(), if is_on_a_server { 1 } else { 100 });
    for (accounts, _) in &all {
        assert_eq!(accounts.users(None, 10).await.unwrap().len(), 1);
        assert_eq!(accounts.mails().await.len(), 1);
    }
    let [(one, ones), (other, others), ..] = all.as_slice() else { unreachable!() };
    for (accounts, token, is_there) in [(one, ones, true), (other, others, true), (one, others, false)] {
        assert_eq!(accounts.session(token.token()).await.unwrap().is_some(), is_there);
    }
}

#[tokio::test]
async fn the_file_of_a_test_is_deleted_when_nobody_uses_it_any_more() {
    let accounts = Auth::for_tests().await;
    let ann = accounts.new_user(ANN).await;
    let session = accounts.log_in_as(&ann).await;
    let app = app(&accounts);
    let file = std::path::PathBuf::from(accounts.database().strip_prefix("sqlite:").unwrap());
    // The app still has a handle.
    drop(accounts);
    assert_eq!(send(&app, with("/who", header::AUTHORIZATION, session.bearer())).await.0, StatusCode::OK);
    assert!(file.exists());
    drop(app);
    assert!(!file.parent().unwrap().exists());
}

#[tokio::test]
async fn the_schema_of_a_test_is_deleted_when_nobody_uses_it_any_more() {
    let Some(_) = postgres_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = fresh_database(&folder).await;
    let outside = Outside::of(&url).await;
    let schemas = async || {
        let count = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'doorward\\_test\\_%'";
        outside.number(count).await
    };
    let accounts = Auth::for_tests_on(&url).await;
    let ann = accounts.new_user(ANN).await;
    let session = accounts.log_in_as(&ann).await;
    let app = app(&accounts);
    drop(accounts);
    assert_eq!(send(&app, with("/who", header::AUTHORIZATION, session.bearer())).await.0, StatusCode::OK);
    assert_eq!(schemas().await, 1);
    drop(app);
    assert_eq!(schemas().await, 0);
}

#[tokio::test]
async fn a_database_of_the_test_stays() {
    let folder = tempfile::tempdir().unwrap();
    let url = fresh_database(&folder).await;
    let named = Config { schema: postgres_server().map(|_| "auth".into()), ..Config::default() };
    let open = async || -> TestAuth { Auth::for_tests_on(&url).config(named.clone()).await };
    open().await.new_user(ANN).await;
    assert!(open().await.user_by_email(ANN).await.unwrap().is_some());
}

#[tokio::test]
async fn no_setting_makes_hashes_weak() {
    let cost = |memory_kib, iterations| {
        let password = PasswordConfig { memory_kib, iterations, ..PasswordConfig::default() };
        Config { password, ..Config::default() }
    };
    let url = "sqlite:/nonexistent/x.db";
    let too_little = "password.memory_kib: expected at least 7168 with password.iterations = 5";
    for (memory_kib, iterations, expected) in [
        (0, 0, too_little),
        (8, 1, too_little),
        (64, 1000, too_little),
        (7167, 5, too_little),
        (7168, 4, "password.iterations: expected at least 5 with password.memory_kib = 7168"),
        (9216, 3, "password.iterations: expected at least 4 with"),
        (12_288, 2, "password.iterations: expected at least 3 with"),
        (19_456, 1, "password.iterations: expected at least 2 with"),
        (47_104, 0, "password.iterations: expected at least 1 with"),
    ] {
        // This build has the feature for tests, as a server has that is built together with its tests.
        let config = cost(memory_kib, iterations);
        let checked = Auth::builder(url).config(config.clone()).check().unwrap_err();
        assert_eq!(checked.mistakes().len(), 1, "{checked}");
        assert!(checked.to_string().contains(expected), "{memory_kib} {iterations}: {checked}");
        assert_eq!(Auth::open_with(url, config).await.unwrap_err().to_string(), checked.to_string());
    }
    for (memory_kib, iterations) in
        [(7168, 5), (9216, 4), (12_288, 3), (19_456, 2), (47_104, 1), (65_536, 3), (8192, 5)]
    {
        Auth::builder(url).config(cost(memory_kib, iterations)).check().unwrap();
    }
}
