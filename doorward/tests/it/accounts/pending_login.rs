//! A log-in that waits for its second step is no session, whichever way it came.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use axum::http::StatusCode;
use doorward::{
    Config,
    config::SecondFactorPolicy,
    session::{LogInOutcome, LogInRequest, Transport},
};
use serde_json::{Value, json};

use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD, config, with_key},
    mail::mailbox::with_mail,
    tidy::rust_files,
};

/// The secret of a service that asks about tokens.
const SERVICE: &str = "a secret of a service, which is long enough";

/// Gives a user an authenticator app whose secret nobody knows, past the library.
async fn with_an_app(app: &App, email: &str) -> i64 {
    let id = i64::from(app.id_of(email).await);
    app.execute(&format!(
        "INSERT INTO totp (user_id, state, sealed, sealed_with, algorithm, digits, period, last_step, failures, created_at)
         VALUES ({id}, 'active', 'x', 'x', 'SHA1', 6, 30, 0, 0, 0)"
    ))
    .await;
    id
}

/// The sources that call the door. Each is a way in.
fn ways_in() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let calls = |file: &std::path::PathBuf| fs::read_to_string(file).unwrap().contains("session::log_in(");
    let name = |file: std::path::PathBuf| file.strip_prefix(&root).unwrap().display().to_string();
    rust_files(&root).into_iter().filter(calls).map(name).collect()
}

/// The methods that the sources give a name.
fn methods() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for file in rust_files(&root) {
        let source = fs::read_to_string(file).unwrap();
        let marks = [
            "Method = Method(\"",
            "PASSWORD: Self = Self(\"",
            "PASSKEY: Self = Self(\"",
            "EMAIL: Self = Self(\"",
        ];
        found.extend(
            marks
                .iter()
                .flat_map(|mark| source.split(mark).skip(1))
                .filter(|rest| rest.find('"').is_some_and(|end| end < 33))
                .map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
    }
    found.retain(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    found
}

/// Why a user has a second step.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reason {
    /// An authenticator app.
    App,
    /// An app that is off after too many wrong codes, and recovery codes.
    OnlyRecoveryCodes,
    /// The settings demand a second factor of everybody, and the user has none.
    Required,
    /// The settings demand it of a role of the user.
    RequiredOfRole,
}

impl Reason {
    const ALL: [Self; 4] = [Self::App, Self::OnlyRecoveryCodes, Self::Required, Self::RequiredOfRole];

    fn methods(self) -> Value {
        match self {
            Self::App => json!(["totp"]),
            Self::OnlyRecoveryCodes => json!(["recovery_code"]),
            Self::Required | Self::RequiredOfRole => json!([]),
        }
    }

    fn must_enroll(self) -> bool {
        matches!(self, Self::Required | Self::RequiredOfRole)
    }

    /// An application with Ann, who has this reason.
    async fn app(self) -> App {
        let roles = vec!["admin".into()];
        let config = with_key(Config { roles, email_login: true, ..with_mail() });
        let app = App::with(match self {
            Self::Required => Config { second_factor: SecondFactorPolicy::Required, ..config },
            Self::RequiredOfRole => Config { second_factor_roles: vec!["admin".into()], ..config },
            _ => config,
        })
        .await;
        let id = app.add_verified(ANN).await;
        match self {
            Self::App => drop(with_an_app(&app, ANN).await),
            Self::OnlyRecoveryCodes => {
                with_an_app(&app, ANN).await;
                app.execute(&format!(
                    "UPDATE totp SET failures = 100;
                     INSERT INTO recovery_codes (user_id, slot, code_hash, created_at) VALUES ({id}, 0, 'x', 0)"
                ))
                .await;
            }
            Self::Required => {}
            Self::RequiredOfRole => app.set_roles(app.id_of(ANN).await, &["admin"]).await.map(drop).unwrap(),
        }
        app
    }
}

/// Takes the first step of a way in. Returns the cookies that the client then has.
async fn first_step(app: &App, way: &str, reason: Reason) -> Vec<String> {
    let mut browser = app.browser();
    match way {
        "features/login/routes.rs" => {
            let answer = browser.log_in(ANN, PASSWORD).await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
            assert_eq!(answer.json()["methods"], reason.methods());
            assert_eq!(answer.json().get("enroll").is_some(), reason.must_enroll());
        }
        "features/login/page.rs" => {
            let answer = browser.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
            let page = if reason.must_enroll() { "/auth/login/enroll" } else { "/auth/login/second-step" };
            assert_eq!(answer.headers["location"], page);
        }
        "features/token/routes.rs" => {
            let answer = app.anonymous().request_token(ANN, PASSWORD).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
            let told = answer.json();
            assert_eq!((&told["error"], &told["mfa_methods"]), (&json!("mfa_required"), &reason.methods()));
            assert_eq!(told.get("enroll").is_some(), reason.must_enroll());
            if !reason.must_enroll() {
                assert_eq!(told["expires_in"], 600);
                assert!(told["mfa_token"].as_str().unwrap().starts_with("dw_p_"));
            }
            assert!(told.get("access_token").is_none());
            // Swagger and stock clients show it.
            assert!(told["error_description"].as_str().unwrap().starts_with("A second factor is needed"));
        }
        "features/host/log_in.rs" => {
            for transport in [Transport::Bearer, Transport::Cookie] {
                let outcome = app.log_in(app.id_of(ANN).await, transport, LogInRequest::unknown()).await;
                let LogInOutcome::SecondStep(step) = outcome.unwrap() else { panic!("no second step") };
                let methods: Vec<_> = step.methods().iter().map(|method| method.as_str()).collect();
                assert_eq!(json!(methods), reason.methods());
                assert_eq!(step.enroll().is_some(), reason.must_enroll());
                let waits = !reason.must_enroll() || transport == Transport::Cookie;
                assert_eq!(step.token().is_some_and(|token| token.starts_with("dw_p_")), waits);
            }
        }
        "accounts/email_log_in.rs" => {
            // Mails of the same moment arrive in any order, so earlier ones are sent first.
            app.mails().await;
            browser.post("/auth/login/email", json!({"email": ANN})).await;
            let link = app.newest_mail(ANN).await.token("login/link");
            let answer = browser.post("/auth/login/email/finish", json!({"token": link})).await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
            assert_eq!(answer.json()["methods"], reason.methods());
        }
        // They are the second step itself: see `features/second_step` and `features/authenticator/enroll`.
        // A passkey is two factors in one: see `features/passkeys`.
        "accounts/second_step.rs" | "accounts/passkey_log_in.rs" | "features/authenticator/enroll.rs" => {
            return Vec::new();
        }
        // It logs in only a user who has just been made, and so has no second factor.
        "features/register/page.rs" => {
            let email = if reason == Reason::Required { BOB } else { ANN };
            browser.form("/auth/register", &[("email", email), ("password", PASSWORD)]).await;
        }
        other => panic!("{other} logs users in: take its first step here"),
    }
    browser.cookies.into_keys().collect()
}

#[tokio::test]
async fn no_way_in_gives_a_session_a_cookie_or_an_event_of_a_log_in_before_the_second_step() {
    // A new method needs an arm in `first_step`, even if it shares a source with another one.
    assert_eq!(methods(), BTreeSet::from(["email", "passkey", "password"].map(str::to_owned)));
    let ways = ways_in();
    assert!(ways.len() >= 6, "only {ways:?} were found");
    for (way, reason) in ways.iter().flat_map(|way| Reason::ALL.map(|reason| (way, reason))) {
        let app = reason.app().await;
        let cookies = first_step(&app, way, reason).await;
        let case = format!("{way}, {reason:?}");
        assert!(
            !cookies.iter().any(|name| name == "doorward" || name == "doorward-device"),
            "{case}: {cookies:?}"
        );
        assert_eq!(app.count("sessions").await, 0, "{case}");
        assert_eq!(app.count("devices").await, 0, "{case}");
        assert_eq!(app.count("events WHERE kind = 'logged_in'").await, 0, "{case}");
        let is_second_step =
            ["accounts/second_step.rs", "accounts/passkey_log_in.rs", "features/authenticator/enroll.rs"]
                .contains(&&**way);
        let registers = way == "features/register/page.rs" && reason != Reason::Required;
        if !is_second_step && !registers {
            assert!(app.count("events WHERE kind = 'second_step_required'").await >= 1, "{case}");
            let waits = !(reason.must_enroll() && way == "features/token/routes.rs");
            assert_eq!(app.count("pending_logins").await >= 1, waits, "{case}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_does_not_tell_that_there_is_a_second_factor() {
    let app = App::new().await;
    app.add(ANN).await;
    let tell = async || {
        let token = app.anonymous().request_token(ANN, "not the password").await;
        let cookie = app.browser().log_in(ANN, "not the password").await;
        [token.text, cookie.text]
    };
    let before = tell().await;
    with_an_app(&app, ANN).await;
    assert_eq!(tell().await, before);
    assert_eq!(app.count("pending_logins").await, 0);
}

#[tokio::test]
async fn the_token_of_a_log_in_that_waits_opens_nothing() {
    let app = App::with(Config { introspection_secrets: vec![SERVICE.into()], ..config() }).await;
    app.add(ANN).await;
    with_an_app(&app, ANN).await;
    let waiting = app.anonymous().request_token(ANN, PASSWORD).await.json()["mfa_token"].clone();
    let waiting = waiting.as_str().unwrap();
    for path in ["/auth/me", "/auth/sessions", "/protected-route", "/open-route"] {
        let answer = app.bearer(waiting).get(path).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "invalid_session"), "{path}");
        let mut browser = app.browser();
        browser.cookies.insert("doorward".into(), waiting.into());
        let answer = browser.get(path).await;
        let nobody = path == "/open-route" && answer.text == "nobody";
        assert!(nobody || answer.status == StatusCode::UNAUTHORIZED, "{path}");
    }
    let form = [("token", waiting), ("client_secret", SERVICE)];
    let told = app.anonymous().form("/auth/introspect", &form).await;
    assert_eq!((told.status, &*told.text), (StatusCode::OK, "{\"active\":false}"));
    assert!(app.session(waiting).await.unwrap().is_none());
    app.anonymous().form("/auth/revoke", &[("token", waiting)]).await;
}

#[tokio::test]
async fn what_ends_the_sessions_of_a_user_ends_the_log_ins_that_wait() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let id = app.id_of(ANN).await;
    with_an_app(&app, ANN).await;
    for end in ["log out everywhere", "another address", "another password", "an operator's", "disabled"] {
        assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(app.count("pending_logins").await, 1, "before {end}");
        match end {
            "log out everywhere" => drop(ann.delete("/auth/sessions", None).await),
            "another address" => {
                assert_eq!(ann.change_email("anna@example.org").await.status, StatusCode::OK);
                assert_eq!(app.count("pending_logins").await, 0, "{end}");
                assert_eq!(ann.change_email(ANN).await.status, StatusCode::OK);
            }
            "another password" => {
                assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
            }
            "an operator's" => assert!(app.set_password(id, PASSWORD).await.unwrap()),
            _ => assert!(app.disable_user(id).await.unwrap()),
        }
        assert_eq!(app.count("pending_logins").await, 0, "{end}");
        if end == "another password" {
            assert!(app.set_password(id, PASSWORD).await.unwrap());
        }
    }
}

#[tokio::test]
async fn a_log_in_that_has_waited_for_ten_minutes_is_deleted() {
    let app = App::new().await;
    app.add(ANN).await;
    with_an_app(&app, ANN).await;
    app.anonymous().request_token(ANN, PASSWORD).await;
    app.advance(Duration::from_secs(599));
    app.clean_up().await.unwrap();
    assert_eq!(app.count("pending_logins").await, 1);
    app.advance(Duration::from_secs(301));
    app.clean_up().await.unwrap();
    assert_eq!(app.count("pending_logins").await, 0);
}

#[tokio::test]
async fn a_session_tells_how_certain_it_is() {
    let app = App::with(Config { introspection_secrets: vec![SERVICE.into()], ..config() }).await;
    let mut ann = app.ann().await;
    let token = ann.authorization().unwrap().strip_prefix("Bearer ").unwrap().to_owned();
    for (second, acr, amr) in [
        ("", "aal1", json!(["pwd"])),
        ("totp", "aal2", json!(["pwd", "otp", "mfa"])),
        ("recovery_code", "aal2", json!(["pwd", "mfa"])),
    ] {
        if !second.is_empty() {
            app.execute(&format!("UPDATE sessions SET second_method = '{second}', second_at = 1")).await;
            app.advance(Duration::from_secs(301));
        }
        let listed = &ann.sessions().await[0];
        assert_eq!((&listed["acr"], &listed["amr"]), (&json!(acr), &amr));
        assert_eq!(listed["authenticated_at"], listed["created_at"]);
        let form = [("token", &*token), ("client_secret", SERVICE)];
        let told = app.anonymous().form("/auth/introspect", &form).await.json();
        assert_eq!((&told["acr"], &told["amr"]), (&json!(acr), &amr));
        let session = app.session(&token).await.unwrap().unwrap();
        assert_eq!(told["auth_time"], session.authenticated_at().as_second());
        assert_eq!((json!(session.acr()), json!(session.amr())), (json!(acr), amr));
    }
}
