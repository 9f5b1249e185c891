//! Every kind of token at every door: each opens its own doors, and no others.

use axum::{Router, http::StatusCode, routing::get};
use doorward::{Auth, Config, CurrentUser, Granted, Scope};
use serde_json::json;

use super::parties::{
    API, VERIFIER, WIKI, WIKI_CALLBACK, WIKI_SECRET, access_token, address, as_wiki, code_for, exchange,
    with_apps,
};
use crate::{
    app::{ANN, Answer, App, BOB, NEW_PASSWORD, PASSWORD},
    mail::mailbox::with_mail,
};

const CAROL: &str = "carol@example.org";
const DAVE: &str = "dave@example.org";
const ERIN: &str = "erin@example.org";
const SERVICE: &str = "the secret of a service, 32 or more";

struct Email;

impl Scope for Email {
    const NAME: &'static str = "email";
}

/// A host with mail, apps, and an API of its own.
async fn host() -> App {
    let mail = with_mail();
    let config = Config {
        smtp_url: mail.smtp_url,
        mail_from: mail.mail_from,
        registration: mail.registration,
        introspection_secrets: vec![SERVICE.into()],
        ..with_apps()
    };
    let app = App::with(config).await;
    let granted = || get(async |Granted(caller, ..): Granted<Email>| caller.user().email.clone());
    let routes: Router<Auth> =
        Router::new().route("/api", granted()).route_layer(app.protected_resource(API).unwrap());
    let router = routes
        .route("/granted", granted())
        .route("/protected-route", get(async |CurrentUser(user): CurrentUser| user.email))
        .with_state(app.auth.clone())
        .nest("/auth", app.auth.router());
    app.serving(router)
}

/// A token of each kind. The first word of a name is its prefix.
async fn tokens(app: &App) -> Vec<(&'static str, String)> {
    app.add_verified(ANN).await;
    let answer = app.anonymous().request_token(ANN, PASSWORD).await;
    let (session, device) = (answer.token(), answer.json()["device_token"].as_str().unwrap().to_owned());
    let mut browser = app.browser_of(ANN).await;
    let cookie = browser.cookies["doorward"].clone();
    let access = access_token(app, &mut browser).await;
    let code = code_for(&mut browser, &[("scope", "email"), ("resource", API)]).await;
    let access_of_api = exchange(app, &code).await.token();
    let code = code_for(&mut browser, &[]).await;

    // Others get the mails, so that nothing ends the sessions of Ann.
    app.register(BOB).await;
    let verify = app.newest_mail(BOB).await.token("auth/verify-email");
    app.add_verified(CAROL).await;
    app.anonymous().post("/auth/forgot-password", json!({"email": CAROL})).await;
    let reset = app.newest_mail(CAROL).await.token("auth/reset-password");
    app.anonymous().post("/auth/login-attempt", json!({"email": CAROL})).await;
    let attempt = app.newest_mail(CAROL).await.token("auth/login");
    app.add_verified(DAVE).await;
    let mut dave = app.bearer(&app.token(DAVE).await);
    dave.change_email("dave@example.com").await;
    let change = app.newest_mail("dave@example.com").await.token("auth/confirm-email");
    app.add_verified(ERIN).await;
    let mut erin = app.bearer(&app.token(ERIN).await);
    erin.change_email("erin@example.com").await;
    let confirm = app.newest_mail("erin@example.com").await.token("auth/confirm-email");
    app.anonymous().post("/auth/confirm-email", json!({"token": confirm})).await;
    let undo = app.newest_mail(ERIN).await.token("auth/undo-email-change");
    vec![
        ("dw_s_ of a program", session),
        ("dw_s_ of a browser", cookie),
        ("dw_d_", device),
        ("dw_a_", access),
        ("dw_a_ for the API", access_of_api),
        ("dw_o_", code),
        ("dw_v_", verify),
        ("dw_r_", reset),
        ("dw_b_", attempt),
        ("dw_c_", change),
        ("dw_u_", undo),
        ("a secret of a client", WIKI_SECRET.to_owned()),
        ("a secret of a service", SERVICE.to_owned()),
    ]
}

/// A door, and the kinds of tokens that open it.
type Door = (&'static str, &'static [&'static str]);

/// Every place that takes a token. Those at the end use it up, or end other tokens.
const DOORS: [Door; 18] = [
    ("GET /me", &["dw_s_ of a program"]),
    ("GET /sessions", &["dw_s_ of a program"]),
    ("GET /protected-route of the host", &["dw_s_ of a program"]),
    ("GET /me with a cookie", &["dw_s_ of a browser"]),
    // An app must not allow itself something: only the browser of a person opens it.
    ("GET /oauth/authorize", &[]),
    ("GET /oauth/authorize with a cookie", &["dw_s_ of a browser"]),
    ("Granted", &["dw_a_"]),
    ("Granted at the API", &["dw_a_ for the API"]),
    ("/oauth/userinfo", &["dw_a_"]),
    ("/oauth/introspect", &["dw_a_", "dw_a_ for the API"]),
    ("/oauth/introspect as a client", &["a secret of a client"]),
    ("/introspect", &["dw_s_ of a program"]),
    ("/introspect as a service", &["a secret of a service"]),
    ("/oauth/token", &["dw_o_"]),
    ("/verify-email", &["dw_v_"]),
    ("/login with attempt_token", &["dw_b_"]),
    ("/reset-password", &["dw_r_"]),
    ("/confirm-email", &["dw_c_"]),
];

/// Returns `true` if a token opens a door.
async fn opens(app: &App, door: &str, token: &str) -> bool {
    let with_cookie = || {
        let mut browser = app.browser();
        browser.cookies.insert("doorward".into(), token.to_owned());
        browser
    };
    let active = |answer: Answer| answer.status == StatusCode::OK && answer.json()["active"] == true;
    let proof = json!({"token": token});
    let answer = match door {
        "GET /me" => app.bearer(token).get("/auth/me").await,
        "GET /sessions" => app.bearer(token).get("/auth/sessions").await,
        "GET /protected-route of the host" => app.bearer(token).get("/protected-route").await,
        "GET /me with a cookie" => with_cookie().get("/auth/me").await,
        "GET /oauth/authorize" => app.bearer(token).get(&address(&[])).await,
        "GET /oauth/authorize with a cookie" => {
            let answer = with_cookie().get(&address(&[])).await;
            return !super::parties::location(&answer).starts_with("/auth/login");
        }
        "Granted" => app.bearer(token).get("/granted").await,
        "Granted at the API" => app.bearer(token).get("/api").await,
        "/oauth/userinfo" => app.bearer(token).get("/auth/oauth/userinfo").await,
        "/oauth/introspect" => {
            return active(as_wiki(app, "/auth/oauth/introspect", &[("token", token)]).await);
        }
        "/oauth/introspect as a client" => {
            let form = [("token", "x"), ("client_id", WIKI), ("client_secret", token)];
            app.anonymous().form("/auth/oauth/introspect", &form).await
        }
        "/introspect" => {
            let form = [("token", token), ("client_secret", SERVICE)];
            return active(app.anonymous().form("/auth/introspect", &form).await);
        }
        "/introspect as a service" => {
            app.anonymous().form("/auth/introspect", &[("token", "x"), ("client_secret", token)]).await
        }
        "/oauth/token" => {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", token),
                ("redirect_uri", WIKI_CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            as_wiki(app, "/auth/oauth/token", &form).await
        }
        "/verify-email" => app.anonymous().post("/auth/verify-email", proof).await,
        "/login with attempt_token" => {
            let body = json!({"email": CAROL, "password": PASSWORD, "attempt_token": token});
            app.browser().post("/auth/login", body).await
        }
        "/reset-password" => {
            let body = json!({"token": token, "new_password": NEW_PASSWORD});
            app.anonymous().post("/auth/reset-password", body).await
        }
        "/confirm-email" => app.anonymous().post("/auth/confirm-email", proof).await,
        "/undo-email-change" => app.anonymous().post("/auth/undo-email-change", proof).await,
        other => panic!("{other} is no door"),
    };
    assert!(
        !answer.status.is_server_error() && answer.status != StatusCode::NOT_FOUND,
        "{door}: {}",
        answer.text
    );
    answer.status.is_success()
}

#[tokio::test]
async fn every_kind_of_token_opens_its_own_doors_and_no_others() {
    let app = host().await;
    // A code lives for a minute, and a machine may be slow.
    app.stop_clock();
    let tokens = tokens(&app).await;
    for (kind, token) in &tokens {
        let is_secret = kind.starts_with("a secret");
        assert!(is_secret || token.starts_with(kind.split(' ').next().unwrap()), "{kind}: {token}");
    }
    // Doors that end tokens take no wrong kind either: all of them still work after it.
    for (kind, token) in &tokens {
        if !kind.starts_with("dw_s_") {
            app.anonymous().form("/auth/revoke", &[("token", token)]).await;
        }
        if !kind.starts_with("dw_a_") {
            as_wiki(&app, "/auth/oauth/revoke", &[("token", token)]).await;
        }
    }
    // First what must not open: a wrong token uses up nothing.
    for own in [false, true] {
        for (door, opened_by) in DOORS.into_iter().chain([("/undo-email-change", &["dw_u_"][..])]) {
            for (kind, token) in tokens.iter().filter(|(kind, _)| opened_by.contains(kind) == own) {
                assert_eq!(opens(&app, door, token).await, own, "{kind} at {door}");
            }
        }
    }
}

#[tokio::test]
async fn an_app_changes_nothing_of_the_account() {
    let app = host().await;
    app.add_verified(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let token = access_token(&app, &mut browser).await;
    let mut wiki = app.bearer(&token);
    let sessions = browser.sessions().await;
    let session = sessions[0]["id"].to_string();
    let proof = json!({"current_password": PASSWORD});
    let answers = [
        wiki.change_password(PASSWORD, NEW_PASSWORD).await,
        wiki.change_email("ann@example.com").await,
        wiki.patch("/auth/me", json!({"display_name": "App"})).await,
        wiki.delete("/auth/sessions", None).await,
        wiki.delete(&format!("/auth/sessions/{session}"), None).await,
        wiki.delete_account(PASSWORD).await,
        wiki.post("/auth/me/delete", proof).await,
        wiki.form(&super::parties::consent_of(&address(&[])), &[("decision", "allow")]).await,
        wiki.form("/auth/oauth/confirm", &[("password", PASSWORD)]).await,
    ];
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{index}: {}", answer.text);
    }
    for page in ["/auth/account", "/auth/account/apps"] {
        let location = super::parties::location(&wiki.get(page).await);
        assert!(location.starts_with("/auth/login"), "{page} leads to {location}");
    }
    assert_eq!(browser.sessions().await.len(), sessions.len());
    assert!(super::parties::is_accepted(&app, &token).await);
}
