//! A function of the host decides about attempts before they cost anything.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use doorward::{
    Config,
    attempt::{Attempt, AttemptKind, Decision},
    config::{ProfileField, Registration},
    event::{Actor, EventKind},
};
use serde_json::{Value, json};

use crate::{
    app::{ANN, App, BOB, Log, PASSWORD, WRONG, config, refusal},
    mail::mailbox::with_mail,
};

/// An application whose host refuses one address, and asks everybody else for an answer.
async fn asking(config: Config) -> (App, Arc<Mutex<Vec<Attempt>>>) {
    let app = App::with(config).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let attempts = Arc::clone(&seen);
    app.auth.before_attempt(move |attempt| {
        attempts.lock().unwrap().push(attempt.clone());
        async move {
            match attempt.answer.as_deref() {
                _ if attempt.email.contains("refused") => Decision::Refuse,
                Some("42") => Decision::Allow,
                _ => Decision::Challenge("What is six times seven?".into()),
            }
        }
    });
    (app, seen)
}

#[tokio::test]
async fn the_host_may_refuse_an_attempt_or_ask_for_more() {
    let (app, seen) = asking(with_mail()).await;
    let attempts = |email: &'static str| {
        [
            ("/auth/register", json!({"email": email, "password": PASSWORD}), AttemptKind::Register),
            ("/auth/login", json!({"email": email, "password": PASSWORD}), AttemptKind::LogIn),
            ("/auth/forgot-password", json!({"email": email}), AttemptKind::Mail),
            ("/auth/verify-email/request", json!({"email": email}), AttemptKind::Mail),
            ("/auth/undo-email-change/request", json!({"email": email}), AttemptKind::Mail),
        ]
    };
    for (path, body, kind) in attempts(ANN) {
        for answer in ["", "41"] {
            let mut client = app.browser().from("192.0.2.1");
            if !answer.is_empty() {
                client = client.header("doorward-answer", answer);
            }
            let asked = client.post(path, body.clone()).await;
            assert_eq!(
                (asked.status, &*asked.code()),
                (StatusCode::FORBIDDEN, "challenge_required"),
                "{path}"
            );
            assert_eq!(asked.json()["detail"], "What is six times seven?");
        }
        let attempt = seen.lock().unwrap().pop().unwrap();
        assert_eq!((attempt.kind, &*attempt.email, attempt.answer.as_deref()), (kind, ANN, Some("41")));
        assert_eq!(attempt.ip, Some("192.0.2.1".parse().unwrap()));
    }
    for (path, body, _) in attempts("refused@example.org") {
        let refused = app.browser().header("doorward-answer", "42").post(path, body).await;
        assert_eq!((refused.status, &*refused.code()), (StatusCode::FORBIDDEN, "attempt_refused"), "{path}");
    }
    // Nothing has happened yet.
    for table in ["users", "mails", "events"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    for (path, body, _) in attempts(ANN) {
        let allowed = app.browser().header("doorward-answer", "42").post(path, body).await;
        assert_ne!(allowed.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn a_token_is_refused_like_any_log_in() {
    let (app, _) = asking(config()).await;
    app.add(ANN).await;
    let asked = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!((asked.status, &*asked.code()), (StatusCode::FORBIDDEN, "challenge_required"));
    let allowed = app.anonymous().header("doorward-answer", "42").request_token(ANN, PASSWORD).await;
    assert_eq!(allowed.status, StatusCode::OK);
    // An attempt that the host refused is not counted as a wrong guess.
    for _ in 0..20 {
        app.anonymous().request_token(ANN, WRONG).await;
    }
    let allowed = app.anonymous().header("doorward-answer", "42").request_token(ANN, PASSWORD).await;
    assert_eq!(allowed.status, StatusCode::OK);
    assert_eq!(app.count(&format!("events WHERE kind = '{}'", EventKind::LogInFailed)).await, 0);
}

#[tokio::test]
async fn a_page_shows_the_challenge_and_takes_the_answer() {
    let (app, seen) = asking(with_mail()).await;
    app.add(ANN).await;
    let fields = [("email", ANN), ("password", PASSWORD)];
    let browser = || app.browser().header("accept", "text/html");
    let asked = browser().form("/auth/login", &fields).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text.contains("What is six times seven?"), "{}", asked.text);
    assert!(asked.text.contains("name=\"answer\""), "{}", asked.text);
    // Every page of an attempt asks for the answer, in the language of the page.
    let mut ann = app.browser().header("doorward-answer", "42");
    ann.log_in(ANN, PASSWORD).await;
    let cookies = ann.cookies.clone();
    for path in
        ["register", "login", "forgot-password", "verify-email/request", "login-attempt", "account/email"]
    {
        let mut browser = browser();
        if path == "account/email" {
            browser.cookies = cookies.clone();
        }
        let fields = [("email", "anna@example.org"), fields[1]];
        let asked = browser.form(&format!("/auth/{path}?lang=de"), &fields).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN, "{path}");
        assert!(asked.text.contains("name=\"answer\"") && asked.text.contains("Ihre Antwort"), "{path}");
    }
    let shown = browser().get("/auth/login").await;
    assert!(!shown.text.contains("name=\"answer\""));
    let answered = [fields[0], fields[1], ("answer", "42")];
    assert_eq!(browser().form("/auth/login", &answered).await.status, StatusCode::SEE_OTHER);
    let refused = browser().form("/auth/login", &[("email", "refused@example.org"), fields[1]]).await;
    assert!(refused.text.contains("This attempt was refused"), "{}", refused.text);
    let german = seen.lock().unwrap().iter().filter(|attempt| attempt.language == "de").count();
    assert_eq!(german, 6);
}

#[tokio::test]
async fn a_refusal_says_why_with_a_code_of_the_host() {
    let app = App::with(with_mail()).await;
    app.add(ANN).await;
    app.auth.before_attempt(|_| async { Decision::refuse("invite_needed", "Ask <Bob> for an invitation") });
    for (path, body) in [
        ("/auth/register", json!({"email": "eve@example.org", "password": PASSWORD})),
        ("/auth/login", json!({"email": ANN, "password": PASSWORD})),
        ("/auth/forgot-password", json!({"email": ANN})),
    ] {
        let refused = app.browser().post(path, body).await;
        assert_eq!((refused.status, &*refused.code()), (StatusCode::FORBIDDEN, "invite_needed"), "{path}");
        assert_eq!(refused.json()["detail"], "Ask <Bob> for an invitation");
    }
    let refused = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!((refused.status, &*refused.code()), (StatusCode::FORBIDDEN, "invite_needed"));
    let fields = [("email", "eve@example.org"), ("password", PASSWORD)];
    let page = app.browser().header("accept", "text/html").form("/auth/register", &fields).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("Ask &lt;Bob&gt; for an invitation"), "{}", page.text);
}

#[tokio::test]
async fn the_host_sees_the_fields_that_it_names_and_no_password() {
    let app = App::with(Config { attempt_fields: vec!["invite_code".into()], ..with_mail() }).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let attempts = Arc::clone(&seen);
    app.auth.before_attempt(move |attempt| {
        attempts.lock().unwrap().push(attempt);
        async { Decision::Allow }
    });
    let extra = json!({
        "invite_code": "K7WM", "pasword": PASSWORD, "confirm": PASSWORD, "plan": "admin", "email": ANN,
        "password": PASSWORD,
    });
    let paths = ["register", "login", "forgot-password", "verify-email/request", "login-attempt"];
    for path in paths {
        app.browser().post(&format!("/auth/{path}"), extra.clone()).await;
    }
    let form =
        [("username", ANN), ("password", PASSWORD), ("invite_code", "K7WM"), ("client_secret", PASSWORD)];
    app.anonymous().form("/auth/token", &form).await;
    let form = [("email", "bob@example.org"), ("password", PASSWORD), ("invite_code", "K7WM")];
    app.browser().header("accept", "text/html").form("/auth/register", &form).await;
    let attempts = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(attempts.len(), paths.len() + 2);
    for attempt in attempts {
        let fields: Vec<_> = attempt.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(fields, [("invite_code", "K7WM")], "{attempt:?}");
        assert!(!format!("{attempt:?}").contains(PASSWORD), "{attempt:?}");
    }
    // A field that is missing is no error. One that is no text is.
    let without = json!({"email": "eve@example.org", "password": PASSWORD, "invite_code": null});
    assert_eq!(app.browser().post("/auth/register", without).await.status, StatusCode::CREATED);
    let wrong = json!({"email": "eve@example.org", "password": PASSWORD, "invite_code": 7});
    let wrong = app.browser().post("/auth/register", wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.json()["errors"], json!([{"field": "invite_code", "message": "expected text"}]));
    assert!(app.auth.openapi().contains("\"invite_code\""));
    assert!(!app.contents().await.contains("K7WM"));
}

#[tokio::test]
async fn only_further_fields_may_be_named() {
    for (name, fits) in [
        ("invite_code", true),
        ("password", false),
        ("new_password", false),
        ("client_secret", false),
        ("token", false),
        ("display_name", false),
        ("profile", false),
        ("roles", false),
        ("", false),
        ("Invite", false),
        ("a b", false),
    ] {
        let refused = refusal(Config { attempt_fields: vec![name.into()], ..config() }).await;
        assert_eq!(!refused.contains("attempt_fields: expected"), fits, "{name}: {refused}");
    }
}

#[tokio::test]
async fn the_host_may_change_the_address() {
    let app = App::with(config()).await;
    app.auth.before_attempt(|attempt| async move {
        Decision::Allow.with_email(match (attempt.kind, &*attempt.email) {
            (AttemptKind::LogIn, "ann") => ANN.into(),
            (_, "broken@example.org") => "no address".into(),
            (_, email) => email.replace("+news", ""),
        })
    });
    let registered = app.anonymous().register("ann+news@example.org", PASSWORD).await;
    assert_eq!((registered.status, &registered.json()["email"]), (StatusCode::CREATED, &json!(ANN)));
    let again = app.anonymous().register("ann+news@example.org", PASSWORD).await;
    assert_eq!(again.code(), "email_exists");
    // The password is checked against the address that the account gets.
    let weak = app.anonymous().register("grandmother+news@example.org", "grandmother@example.org").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", weak.text);
    for name in ["ann", "ann+news@example.org"] {
        let token = app.anonymous().request_token(name, PASSWORD).await;
        assert_eq!(token.status, StatusCode::OK, "{name}");
    }
    // Wrong guesses count for the account, however its address is typed.
    for _ in 0..6 {
        app.anonymous().request_token("ann", WRONG).await;
    }
    let blocked = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS);
    let broken = app.anonymous().register("broken@example.org", PASSWORD).await;
    assert_eq!((broken.status, &*broken.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn a_function_that_fails_or_panics_opens_no_door() {
    let app = App::with(with_mail()).await;
    app.add(ANN).await;
    let events = app.count("events").await;
    app.auth.before_attempt(|attempt| async move {
        if attempt.user_agent.as_deref() == Some("error") {
            return Err("the list of invitations cannot be read");
        }
        assert_eq!(attempt.email, "nobody@example.org", "this function panics");
        Ok(Decision::Allow)
    });
    for agent in ["error", "panic"] {
        for (path, body) in [
            ("/auth/register", json!({"email": "eve@example.org", "password": PASSWORD})),
            ("/auth/login", json!({"email": ANN, "password": PASSWORD})),
            ("/auth/forgot-password", json!({"email": ANN})),
        ] {
            let refused = app.browser().header("user-agent", agent).post(path, body).await;
            let expected = (StatusCode::SERVICE_UNAVAILABLE, "unavailable");
            assert_eq!((refused.status, &*refused.code()), expected, "{path} {agent}");
            assert!(refused.headers.contains_key("retry-after") && !refused.text.contains("invitations"));
        }
        let refused = app.anonymous().header("user-agent", agent).request_token(ANN, PASSWORD).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{agent}");
    }
    assert_eq!(app.count("users").await, 1);
    assert_eq!((app.count("sessions").await, app.count("events").await), (0, events));
}

#[tokio::test]
async fn a_change_of_address_is_an_attempt_too() {
    for config in [config(), with_mail()] {
        let app = App::with(config).await;
        app.add(ANN).await;
        let mut ann = app.browser_of(ANN).await;
        app.auth.before_attempt(|attempt| async move {
            match (attempt.kind, attempt.email.ends_with("@example.org")) {
                (AttemptKind::ChangeEmail, false) => Decision::refuse("other_domain", "Stay at example.org"),
                _ => Decision::Allow,
            }
        });
        let refused = ann.change_email("ann@elsewhere.example").await;
        assert_eq!((refused.status, &*refused.code()), (StatusCode::FORBIDDEN, "other_domain"));
        let form = [("email", "ann@elsewhere.example"), ("password", PASSWORD)];
        let page = ann.form("/auth/account/email", &form).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
        assert!(page.text.contains("Stay at example.org"), "{}", page.text);
        assert!(!app.contents().await.contains("elsewhere"));
        let changed = ann.change_email("anna@example.org").await;
        assert!(changed.status.is_success(), "{}", changed.text);
    }
}

/// Settings with a role, and a field that registration asks for.
fn with_details(config: Config) -> Config {
    let company = ProfileField { name: "company".into(), required: true, ..ProfileField::default() };
    let plan = ProfileField { name: "plan".into(), maximum: Some(5), ..ProfileField::default() };
    let attempt_fields = vec!["invite_code".into()];
    Config { roles: vec!["editor".into()], profile: vec![company, plan], attempt_fields, ..config }
}

/// A registration with this invite code.
fn invited(email: &str, code: &str) -> Value {
    let profile = json!({"company": "Acme", "plan": "free"});
    json!({"email": email, "password": PASSWORD, "profile": profile, "invite_code": code})
}

#[tokio::test]
async fn an_invite_code_carries_a_role() {
    let app = App::with(with_details(config())).await;
    app.auth.before_attempt(|attempt| async move {
        match attempt.fields.get("invite_code").map(String::as_str) {
            Some("K7WM") => Decision::Allow
                .with_roles(["editor"])
                .with_attributes(json!({"invited_by": 17}))
                .with_display_name("  Ann ")
                .with_profile(json!({"plan": "pro"})),
            _ => Decision::Allow,
        }
    });
    let registered = app.anonymous().post("/auth/register", invited(ANN, "K7WM")).await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.text);
    let user = app.bearer(&app.token(ANN).await).get("/auth/me").await.json();
    assert_eq!((&user["roles"], &user["display_name"]), (&json!(["editor"]), &json!("Ann")));
    assert_eq!(user["attributes"], json!({"invited_by": 17}));
    // What the client sent stays, where the host set nothing.
    assert_eq!(user["profile"], json!({"company": "Acme", "plan": "pro"}));
    // The audit log says that the host gave them.
    for (kind, detail) in [
        (EventKind::RolesChanged, json!({"added": "editor", "removed": ""})),
        (EventKind::AttributesChanged, json!({"members": "invited_by"})),
    ] {
        let events = app.events().of_kind(kind).next_page(10).await.unwrap();
        assert_eq!((events.len(), events[0].actor), (1, Actor::Operator), "{kind:?}");
        assert_eq!(serde_json::to_value(&events[0].detail).unwrap(), detail);
    }
    // The page registers in the same way, and the code of nobody carries nothing.
    let form = [("email", BOB), ("password", PASSWORD), ("profile.company", "Acme"), ("invite_code", "K7WM")];
    let mut bob = app.browser();
    assert_eq!(bob.form("/auth/register", &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(bob.get("/auth/me").await.json()["roles"], json!(["editor"]));
    let plain = app.anonymous().post("/auth/register", invited("eve@example.org", "")).await.json();
    assert_eq!((&plain["roles"], &plain["attributes"]), (&json!([]), &json!({})));
}

#[tokio::test]
async fn an_account_that_exists_gets_no_role_from_a_registration() {
    let private = Config { registration: Some(Registration::Private), ..with_mail() };
    let app = App::with(with_details(private)).await;
    app.add(ANN).await;
    app.auth.before_attempt(|_| async { Decision::Allow.with_roles(["editor"]).with_display_name("Eve") });
    let repeated = app.anonymous().post("/auth/register", invited(ANN, "K7WM")).await;
    assert_eq!(repeated.status, StatusCode::ACCEPTED, "{}", repeated.text);
    let ann = app.find_user(ANN).await.unwrap().unwrap();
    assert!(ann.roles.is_empty() && ann.display_name.is_none() && ann.profile.is_empty(), "{ann:?}");
    assert_eq!(app.count("events WHERE kind = 'roles_changed'").await, 0);
    let new = app.anonymous().post("/auth/register", invited(BOB, "K7WM")).await;
    assert_eq!((new.status, new.text), (repeated.status, repeated.text));
    assert!(app.find_user(BOB).await.unwrap().unwrap().roles.contains("editor"));
}

#[tokio::test]
async fn a_wrong_value_of_the_host_makes_no_account() {
    let app = App::with(with_details(config())).await;
    let decisions: [(&str, Decision); 11] = [
        ("roles", Decision::Allow.with_roles(["owner"])),
        ("roles", Decision::Allow.with_roles([""])),
        ("attributes", Decision::Allow.with_attributes(7)),
        ("attributes", Decision::Allow.with_attributes(json!({"a": "x".repeat(2041)}))),
        ("display_name", Decision::Allow.with_display_name("a".repeat(65))),
        ("display_name", Decision::Allow.with_display_name("a\nb")),
        ("profile", Decision::Allow.with_profile(["company"])),
        ("profile", Decision::Allow.with_profile(json!({"role": "admin"}))),
        ("profile.plan", Decision::Allow.with_profile(json!({"plan": "platinum"}))),
        ("profile.company", Decision::Allow.with_profile(json!({"company": null}))),
        ("email", Decision::Allow.with_email("no address").with_roles(["editor"])),
    ];
    for (field, decision) in decisions {
        app.auth.before_attempt(move |_| {
            let decision = decision.clone();
            async move { decision }
        });
        let log = Log::begin();
        let refused = app.anonymous().post("/auth/register", invited(ANN, "K7WM")).await;
        let expected = (StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        assert_eq!((refused.status, &*refused.code()), expected, "{field}");
        assert!(!refused.text.contains(field), "{}", refused.text);
        assert_eq!(log.lines_with(&format!("field={field:?}")).len(), 1, "{:?}", log.lines_with(""));
    }
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn only_a_registration_makes_a_new_user() {
    let app = App::with(with_details(with_mail())).await;
    app.add_verified(ANN).await;
    let mut ann = app.browser_of(ANN).await;
    app.auth.before_attempt(|_| async { Decision::Allow.with_roles(["editor"]) });
    for (path, body) in [
        ("/auth/login", json!({"email": ANN, "password": PASSWORD})),
        ("/auth/forgot-password", json!({"email": ANN})),
    ] {
        assert_eq!(app.browser().post(path, body).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    assert_eq!(ann.change_email("anna@example.org").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(app.find_user(ANN).await.unwrap().unwrap().roles.is_empty());
}
