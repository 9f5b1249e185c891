//! Handlers for apps that act for a user.

use std::cell::Cell;

use axum::{Router, http::StatusCode, routing::get};
use doorward::{Auth, Config, Error, Granted, Scope, provider::ClientConfig};
use futures_util::future::join;

use crate::{
    app::{ANN, Actor, App, NEW_PASSWORD, PASSWORD, config},
    features::provider::parties::{
        VERIFIER, WIKI, WIKI_CALLBACK, access_token, address, ann_in_a_browser, as_wiki, code_for,
        consent_of, exchange, with_apps,
    },
};

struct Read;

impl Scope for Read {
    const NAME: &'static str = "read";
}

struct Email;

impl Scope for Email {
    const NAME: &'static str = "email";
}

struct Misspelt;

impl Scope for Misspelt {
    const NAME: &'static str = "raed";
}

/// Says who acts for whom.
async fn who(Granted(caller, ..): Granted<Email>) -> String {
    let scopes: Vec<_> = caller.scopes().collect();
    let (user, app, ends) = (&caller.user().email, caller.client_id(), caller.expires_at());
    format!("{app} for {user}, {}, {:?}, until {ends}", scopes.join(" "), caller.resource())
}

async fn anyone(granted: Option<Granted<Email>>) -> String {
    granted.map_or("nobody".into(), |Granted(caller, ..)| caller.user().email.clone())
}

/// A host with routes for apps, beside those of the provider.
fn serving(app: App) -> App {
    let routes: Router<Auth> = Router::new()
        .route("/who", get(who).post(who))
        .route("/anyone", get(anyone))
        .route("/read", get(async |_: Granted<Read>| "read"))
        .route("/misspelt", get(async |_: Granted<Misspelt>| "misspelt"));
    let router = routes.with_state(app.auth.clone()).nest("/auth", app.auth.router());
    app.serving(router)
}

async fn host() -> App {
    serving(App::with(with_apps()).await)
}

/// The status and the challenge of a refusal.
#[track_caller]
fn refused(answer: &crate::app::Answer) -> (StatusCode, String, &str) {
    assert_eq!(answer.headers["cache-control"], "no-store");
    (answer.status, answer.code(), answer.headers["www-authenticate"].to_str().unwrap())
}

#[tokio::test]
async fn an_app_acts_for_a_user_within_its_scopes() {
    let app = host().await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    let answer = app.bearer(&token).get("/who").await;
    let wanted = format!("{WIKI} for {ANN}, openid profile email, None, until ");
    assert!(answer.status == StatusCode::OK && answer.text.starts_with(&wanted), "{}", answer.text);
    // The provider answers with the same time.
    let told = as_wiki(&app, "/auth/oauth/introspect", &[("token", &token)]).await.json();
    let ends = doorward::Timestamp::from_second(told["exp"].as_i64().unwrap());
    assert!(answer.text.ends_with(&ends.to_string()), "{}", answer.text);
    // A page of another site may send a token, because no browser adds one by itself.
    let mut page = app.bearer(&token).header("sec-fetch-site", "cross-site");
    assert_eq!(page.form("/who", &[]).await.status, StatusCode::OK);
    assert_eq!(app.bearer(&token).get("/anyone").await.text, ANN);
    assert_eq!(app.anonymous().get("/anyone").await.text, "nobody");

    let answer = app.bearer(&token).get("/read").await;
    let challenge = "Bearer realm=\"doorward\", error=\"insufficient_scope\", scope=\"read\"";
    assert_eq!(refused(&answer), (StatusCode::FORBIDDEN, "insufficient_scope".into(), challenge));
    assert_eq!(answer.json()["detail"], "This needs the scope read");
    let code = code_for(&mut browser, &[("scope", "read")]).await;
    let token = exchange(&app, &code).await.token();
    assert_eq!(app.bearer(&token).get("/read").await.text, "read");
    assert_eq!(app.bearer(&token).get("/who").await.code(), "insufficient_scope");
}

#[tokio::test]
async fn a_request_without_a_token_and_one_with_a_wrong_token_are_told_apart() {
    let app = host().await;
    let browser = ann_in_a_browser(&app).await;
    let own = app.token(ANN).await;
    let nothing = "Bearer realm=\"doorward\"";
    // A cookie is not read.
    for mut actor in [app.anonymous(), browser, app.anonymous().header("authorization", "Basic YTpi")] {
        let answer = actor.get("/who").await;
        assert_eq!(refused(&answer), (StatusCode::UNAUTHORIZED, "not_authenticated".into(), nothing));
    }
    let wrong = "Bearer realm=\"doorward\", error=\"invalid_token\", \
        error_description=\"The access token is not valid here\"";
    for token in [&*own, "", "x", "dw_a_x", &own.replace("dw_s_", "dw_a_")] {
        for path in ["/who", "/anyone"] {
            let answer = app.bearer(token).get(path).await;
            assert_eq!(
                refused(&answer),
                (StatusCode::UNAUTHORIZED, "invalid_token".into(), wrong),
                "{token}"
            );
        }
    }
    let mut twice = app.bearer(&own).another_header("authorization", "Bearer x");
    assert_eq!(twice.get("/who").await.code(), "ambiguous_credentials");
}

#[tokio::test]
async fn a_misspelt_scope_is_found_at_the_start_and_opens_nothing() {
    let app = host().await;
    assert!(app.require_declared_scope::<Read>().is_ok() && app.require_declared_scope::<Email>().is_ok());
    let error = app.require_declared_scope::<Misspelt>().unwrap_err().to_string();
    assert_eq!(error, "the scope \"raed\" is not in the setting scopes");
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    assert_eq!(app.bearer(&token).get("/misspelt").await.code(), "insufficient_scope");
    // A scope that is not declared any more opens nothing, although a token has it.
    let code = code_for(&mut browser, &[("scope", "read")]).await;
    let token = exchange(&app, &code).await.token();
    let mut config = with_apps();
    config.scopes.clear();
    config.client.iter_mut().for_each(|client| client.scopes.retain(|scope| scope != "read"));
    let other = serving(app.sibling(config).await);
    assert_eq!(app.bearer(&token).get("/read").await.status, StatusCode::OK);
    assert_eq!(other.bearer(&token).get("/read").await.code(), "insufficient_scope");
}

#[tokio::test]
async fn without_a_provider_no_token_opens_anything() {
    let app = host().await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    let off = serving(app.sibling(Config { pages: false, ..with_apps() }).await);
    assert_eq!(off.bearer(&token).get("/who").await.code(), "invalid_token");
    let error = off.protected_resource("https://api.example.org").unwrap_err().to_string();
    assert!(error.contains("nobody can have a token for it"), "{error}");
    // An app that the configuration does not declare any more is refused from the start.
    let without = serving(app.sibling(Config { client: Vec::new(), ..with_apps() }).await);
    assert_eq!(without.bearer(&token).get("/who").await.code(), "invalid_token");
    assert_eq!(app.bearer(&token).get("/who").await.code(), "invalid_token");
}

#[tokio::test]
async fn a_database_that_cannot_answer_refuses_nobody() {
    let app = host().await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    app.execute("DROP TABLE access_tokens").await;
    assert!(app.bearer(&token).get("/who").await.status.is_server_error());
    // What cannot be a token needs no database.
    assert_eq!(app.bearer("x").get("/who").await.code(), "invalid_token");
}

/// Sends requests with a token to a node again and again, until `ended` says that the end was acknowledged, and some more.
/// Counts in `before` how many were accepted before. Returns how many began after the acknowledgement and were still
/// accepted.
async fn knock(node: &App, token: &str, ended: &Cell<bool>, before: &Cell<usize>) -> usize {
    let (mut late, mut after) = (0, 0);
    while after < 50 {
        let begins_late = ended.get();
        let accepted = node.bearer(token).get("/who").await.status == StatusCode::OK;
        before.set(before.get() + usize::from(accepted && !begins_late));
        late += usize::from(accepted && begins_late);
        after += usize::from(begins_late);
        tokio::task::yield_now().await;
    }
    late
}

#[tokio::test]
async fn what_is_ended_is_refused_on_every_node_from_the_acknowledgement_on() {
    let app = host().await;
    let other = serving(app.sibling(with_apps()).await);
    let id = app.register(ANN).await.to_string().parse::<doorward::UserId>().unwrap();
    let wiki = ClientConfig {
        name: "Added".into(),
        public: true,
        redirect_uris: vec![WIKI_CALLBACK.into()],
        ..ClientConfig::default()
    };
    let wiki = app.add_client(wiki).await.unwrap().id;
    let ways = [
        "a log-out",
        "the end of its session",
        "the end of all other sessions",
        "a revocation",
        "the end of its grant",
        "a disabled app",
        "a new password",
        "a disabled user",
    ];
    for (way, node) in ways.iter().flat_map(|way| [(way, &app), (way, &other)]) {
        let mut browser = app.browser_of(ANN).await;
        let code = code_for(&mut browser, &[("client_id", &wiki)]).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", WIKI_CALLBACK),
            ("client_id", &wiki),
            ("code_verifier", VERIFIER),
        ];
        let token = app.anonymous().form("/auth/oauth/token", &form).await.token();
        for node in [&app, &other] {
            assert_eq!(node.bearer(&token).get("/who").await.status, StatusCode::OK, "before {way}");
        }
        let (ended, here, there) = (Cell::new(false), Cell::new(0), Cell::new(0));
        let end = async {
            // Both nodes are asked first.
            while here.get() == 0 || there.get() == 0 {
                tokio::task::yield_now().await;
            }
            end(node, &browser, (&token, &wiki), id, way).await;
            ended.set(true);
        };
        let knocks = join(knock(&app, &token, &ended, &here), knock(&other, &token, &ended, &there));
        let ((), (late, later)) = join(end, knocks).await;
        assert_eq!((late, later), (0, 0), "late acceptances after {way}");
        // What can be switched on again does not bring the token back.
        app.enable_client(&wiki).await.unwrap();
        app.enable_user(id).await.unwrap();
        app.set_password(id, PASSWORD).await.unwrap();
        if *way != "a disabled app" {
            assert_eq!(app.bearer(&token).get("/who").await.code(), "invalid_token", "{way}");
        }
    }
}

/// Ends an access token in one way. `node` is the one that is asked.
async fn end(node: &App, browser: &Actor<'_>, (token, wiki): (&str, &str), id: doorward::UserId, way: &str) {
    let mut here = node.browser();
    here.cookies = browser.cookies.clone();
    let answer = match way {
        "a log-out" => here.log_out().await,
        "the end of its session" => {
            let sessions = here.sessions().await;
            let own = sessions.iter().find(|session| session["current"] == true).unwrap()["id"].to_string();
            node.browser_of(ANN).await.delete(&format!("/auth/sessions/{own}"), None).await
        }
        "the end of all other sessions" => node.browser_of(ANN).await.delete("/auth/sessions", None).await,
        "a revocation" => {
            node.anonymous().form("/auth/oauth/revoke", &[("token", token), ("client_id", wiki)]).await
        }
        "the end of its grant" => {
            let page = here.get("/auth/account/apps").await;
            let grant = page.text.split("account&#x2f;apps&#x2f;").nth(1).unwrap().split('"').next().unwrap();
            here.form(&format!("/auth/account/apps/{grant}"), &[]).await
        }
        "a new password" => here.change_password(PASSWORD, NEW_PASSWORD).await,
        "a disabled app" => return assert!(node.disable_client(wiki).await.unwrap()),
        "a disabled user" => return assert!(node.disable_user(id).await.unwrap()),
        other => panic!("{other} is no way"),
    };
    assert!(!answer.status.is_client_error() && !answer.status.is_server_error(), "{way}: {}", answer.text);
}

#[tokio::test]
async fn a_handler_may_take_both_an_app_and_a_user() {
    let app = App::with(with_apps()).await;
    let either = async |granted: Result<Granted<Email>, Error>,
                        user: Result<doorward::CurrentUser, Error>| {
        match (granted, user) {
            (Ok(Granted(caller, ..)), _) => Ok(format!("{} for {}", caller.client_id(), caller.user().email)),
            (Err(refused @ Error::InsufficientScope(_)), _) => Err(refused),
            (_, Ok(user)) => Ok(user.0.email),
            (Err(refused), Err(_)) => Err(refused),
        }
    };
    let routes: Router<Auth> = Router::new().route("/either", get(either));
    let router = routes.with_state(app.auth.clone()).nest("/auth", app.auth.router());
    let app = app.serving(router);
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    assert_eq!(app.bearer(&token).get("/either").await.text, format!("{WIKI} for {ANN}"));
    assert_eq!(app.bearer(&app.token(ANN).await).get("/either").await.text, ANN);
    assert_eq!(browser.get("/either").await.text, ANN);
    let narrow = browser.form(&consent_of(&address(&[("scope", "read")])), &[("decision", "allow")]).await;
    let code = crate::features::provider::parties::told(&narrow)["code"].clone();
    let narrow = exchange(&app, &code).await.token();
    assert_eq!(app.bearer(&narrow).get("/either").await.code(), "insufficient_scope");
    assert_eq!(app.anonymous().get("/either").await.code(), "not_authenticated");
}

#[tokio::test]
async fn a_host_without_apps_starts_as_before() {
    let app = serving(App::with(config()).await);
    assert_eq!(app.anonymous().get("/who").await.code(), "not_authenticated");
    assert_eq!(app.anonymous().get("/anyone").await.text, "nobody");
}
