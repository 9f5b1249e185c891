//! Streams that a host keeps open: they are told when their session has ended.

use std::{pin::pin, time::Duration};

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::any,
};
use doorward::{Auth, Config, CurrentSession};
use futures_util::future::{join_all, poll_immediate};
use tokio::{sync::mpsc, time::timeout};

use crate::app::{ANN, Actor, App, BOB, NEW_PASSWORD, PASSWORD, config, file};

/// A host that hands over the session of each request to `/stream`, as a stream would keep it.
struct Host {
    app: App,
    sessions: mpsc::UnboundedReceiver<CurrentSession>,
}

impl Host {
    async fn new(config: Config) -> Self {
        Self::around(App::with(config).await)
    }

    fn around(app: App) -> Self {
        let (send, sessions) = mpsc::unbounded_channel();
        let routes: Router<Auth> = Router::new().route(
            "/stream",
            any(async move |session: CurrentSession| {
                let email = session.user().email.clone();
                send.send(session).unwrap();
                email
            }),
        );
        let router = routes
            .route(
                "/stream-for-anyone",
                any(async |session: Option<CurrentSession>| {
                    session.map_or("nobody".to_owned(), |session| session.user().email.clone())
                }),
            )
            .with_state(app.auth.clone())
            .nest("/auth", app.auth.router());
        Self { app: app.serving(router), sessions }
    }

    /// Opens a stream with this token. Returns its session.
    async fn stream(&mut self, token: &str) -> CurrentSession {
        let answer = self.app.bearer(token).get("/stream").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        self.sessions.try_recv().unwrap()
    }

    /// Opens a stream, and waits for its end in a task. Returns the session and the wait, which has begun.
    async fn waiting(&mut self, token: &str) -> (CurrentSession, tokio::task::JoinHandle<()>) {
        let session = self.stream(token).await;
        let mut ended = Box::pin(session.ended());
        assert_eq!(poll_immediate(&mut ended).await, None, "the session has just been used");
        (session, tokio::spawn(ended))
    }
}

async fn assert_ends(wait: impl Future, why: &str) {
    // An end is told within a second. A busy machine may need longer.
    assert!(timeout(Duration::from_secs(10), wait).await.is_ok(), "not told: {why}");
}

/// Ends sessions of Ann in one way. `app` may be another node.
async fn end(app: &App, token: &str, way: &str) {
    let id = app.id_of(ANN).await;
    let mut ann = app.bearer(token);
    match way {
        "logout" => assert_eq!(ann.log_out().await.status, StatusCode::NO_CONTENT),
        "revocation" => {
            assert_eq!(
                app.anonymous().form("/auth/revoke", &[("token", token)]).await.status,
                StatusCode::OK
            );
        }
        "all others end" => {
            let mut other = app.bearer(&app.token(ANN).await);
            assert_eq!(other.delete("/auth/sessions", None).await.status, StatusCode::NO_CONTENT);
        }
        "a new token" => {
            assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
        }
        "a password by the operator" => assert!(app.set_password(id, PASSWORD).await.unwrap()),
        "disabling" => assert!(app.disable_user(id).await.unwrap()),
        "deleting" => assert_eq!(ann.delete_account(PASSWORD).await.status, StatusCode::NO_CONTENT),
        "the clock" => app.advance(Duration::from_secs(24 * 3600)),
        way => panic!("{way} is no way to end a session"),
    }
}

const WAYS: [&str; 8] = [
    "logout",
    "revocation",
    "all others end",
    "a new token",
    "a password by the operator",
    "disabling",
    "deleting",
    "the clock",
];

#[tokio::test]
async fn a_stream_is_told_each_end_of_its_session() {
    for way in WAYS {
        let mut host = Host::new(config()).await;
        host.app.register(ANN).await;
        host.app.register(BOB).await;
        let (ann, bob) = (host.app.token(ANN).await, host.app.token(BOB).await);
        let (session, wait) = host.waiting(&ann).await;
        let (of_bob, bobs_wait) = host.waiting(&bob).await;
        assert!(!session.has_ended().await, "{way}");
        end(&host.app, &ann, way).await;
        // Like a request: refused as soon as the end is acknowledged.
        assert!(session.has_ended().await, "{way}");
        assert_ends(wait, way).await;
        assert_ends(session.ended(), "ended before").await;
        if way != "the clock" {
            assert!(!of_bob.has_ended().await && !bobs_wait.is_finished(), "{way} of another user");
        }
    }
}

#[tokio::test]
async fn a_stream_is_told_what_happens_on_another_node() {
    for way in WAYS.into_iter().filter(|way| *way != "the clock") {
        let mut host = Host::new(config()).await;
        let sibling = host.app.sibling(config()).await;
        host.app.register(ANN).await;
        let token = host.app.token(ANN).await;
        let (session, wait) = host.waiting(&token).await;
        end(&sibling, &token, way).await;
        assert!(session.has_ended().await, "{way}");
        assert_ends(wait, way).await;
    }
}

#[tokio::test]
async fn other_changes_end_no_stream() {
    let mut host = Host::new(config()).await;
    let sibling = host.app.sibling(config()).await;
    host.app.register(ANN).await;
    let token = host.app.token(ANN).await;
    let (session, wait) = host.waiting(&token).await;
    for app in [&host.app, &sibling] {
        assert_eq!(app.bearer(&token).change_email("new@example.org").await.status, StatusCode::OK);
        assert_eq!(app.bearer(&token).change_email(ANN).await.status, StatusCode::OK);
        let other = app.token(ANN).await;
        assert_eq!(app.bearer(&other).log_out().await.status, StatusCode::NO_CONTENT);
        assert!(!session.has_ended().await);
    }
    // Each change was looked at when another stream, opened later, is told its end.
    let other = host.app.token(ANN).await;
    let (_, told) = host.waiting(&other).await;
    assert_eq!(host.app.bearer(&other).log_out().await.status, StatusCode::NO_CONTENT);
    assert_ends(told, "the other").await;
    assert!(!wait.is_finished() && !session.has_ended().await);
}

#[tokio::test]
async fn a_stream_does_not_keep_its_session_alive() {
    let idle = || Config { session_idle_timeout: Duration::from_secs(600), ..config() };
    let mut host = Host::new(idle()).await;
    host.app.register(ANN).await;
    let token = host.app.token(ANN).await;
    let (session, wait) = host.waiting(&token).await;
    // A request does.
    for _ in 0..3 {
        host.app.advance(Duration::from_secs(500));
        assert!(host.app.bearer(&token).is_logged_in().await);
        assert!(!session.has_ended().await);
    }
    let (_, younger) = host.waiting(&token).await;
    assert!(!wait.is_finished());
    host.app.advance(Duration::from_secs(500));
    assert!(!session.has_ended().await, "to ask is no use");
    host.app.advance(Duration::from_secs(100));
    assert!(session.has_ended().await);
    assert_ends(join_all([wait, younger]), "unused").await;
}

#[tokio::test]
async fn a_stream_outlives_the_memory_of_its_session() {
    let mut host = Host::new(config()).await;
    host.app.register(ANN).await;
    let token = host.app.token(ANN).await;
    let (session, wait) = host.waiting(&token).await;
    // After five minutes the database is asked again, and sees what was done by hand.
    host.app.advance(Duration::from_secs(301));
    let (_, second) = host.waiting(&token).await;
    assert!(!session.has_ended().await && !wait.is_finished());
    host.app.execute("DELETE FROM sessions").await;
    host.app.advance(Duration::from_secs(301));
    assert!(session.has_ended().await);
    assert_ends(join_all([wait, second]), "by hand").await;
}

#[tokio::test]
async fn many_streams_are_told_together_and_those_that_are_gone_cost_nothing() {
    const STREAMS: usize = 300;
    let mut host = Host::new(config()).await;
    host.app.register(ANN).await;
    host.app.register(BOB).await;
    let (ann, bob) = (host.app.token(ANN).await, host.app.token(BOB).await);
    let (session, first) = host.waiting(&ann).await;
    let (_, bobs) = host.waiting(&bob).await;
    let waits: Vec<_> = (0..STREAMS).map(|_| tokio::spawn(session.ended())).collect();
    for _ in 0..STREAMS {
        // A client that goes away drops its stream.
        assert_eq!(poll_immediate(pin!(session.ended())).await, None);
    }
    assert_eq!(host.app.bearer(&ann).log_out().await.status, StatusCode::NO_CONTENT);
    assert_ends(join_all(waits), "all").await;
    assert_ends(first, "the first").await;
    assert!(!bobs.is_finished());
    assert_eq!(host.app.bearer(&bob).log_out().await.status, StatusCode::NO_CONTENT);
    assert_ends(bobs, "the last").await;
    // The task that looked after them has ended, and another one begins.
    let again = host.app.token(ANN).await;
    let (_, wait) = host.waiting(&again).await;
    assert_eq!(host.app.bearer(&again).log_out().await.status, StatusCode::NO_CONTENT);
    assert_ends(wait, "a later one").await;
}

#[tokio::test]
async fn closing_the_accounts_ends_streams() {
    let mut host = Host::new(config()).await;
    host.app.register(ANN).await;
    let token = host.app.token(ANN).await;
    let (session, wait) = host.waiting(&token).await;
    host.app.close().await;
    assert_ends(wait, "closed").await;
    assert_ends(session.ended(), "closed before").await;
}

#[tokio::test]
async fn a_stream_protects_its_route_as_the_current_user_does() {
    let config = Config { public_url: "https://example.org".into(), ..config() };
    let host = Host::new(config).await;
    host.app.register(ANN).await;
    assert_eq!(host.app.anonymous().get("/stream").await.code(), "not_authenticated");
    assert_eq!(host.app.bearer("x").get("/stream").await.code(), "invalid_session");
    assert_eq!(host.app.anonymous().get("/stream-for-anyone").await.text, "nobody");
    let ann: Actor<'_> = host.app.browser_of(ANN).await;
    assert_eq!(ann.clone().get("/stream-for-anyone").await.text, ANN);
    let evil = ann.without(["sec-fetch-site"].into_iter()).header("origin", "https://evil.example");
    for path in ["/stream", "/stream-for-anyone"] {
        assert_eq!(evil.clone().header("upgrade", "websocket").get(path).await.code(), "cross_site");
        assert_eq!(evil.clone().send(Method::POST, path, None, "").await.code(), "cross_site");
    }
}

#[tokio::test]
async fn a_database_that_is_gone_ends_streams() {
    // Nobody knows then whether the session goes on. A request gets 503.
    let Some(app) = App::on_sqlite().await else { return };
    let mut host = Host::around(app);
    host.app.register(ANN).await;
    let token = host.app.token(ANN).await;
    let (session, wait) = host.waiting(&token).await;
    let path = file(&host.app.database);
    std::fs::rename(&path, path.with_extension("moved")).unwrap();
    // A write notices it.
    assert_eq!(host.app.anonymous().register(BOB, PASSWORD).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(host.app.bearer(&token).get("/stream").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(session.has_ended().await);
    assert_ends(wait, "gone").await;
}
