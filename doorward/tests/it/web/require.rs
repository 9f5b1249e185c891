//! A group of routes behind a layer.

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::{any, get},
};
use doorward::{Config, CurrentUser, Role, guard::Require};

use crate::app::{ANN, Actor, Answer, App, config};

async fn app(layer: impl FnOnce(Require) -> Require) -> App {
    let app = App::new().await;
    let members = Router::new()
        .route("/page", any(|CurrentUser(user): CurrentUser| async move { user.email }))
        .route("/quiet", any(|| async { "for members" }))
        .route_layer(layer(app.require()));
    let router = Router::new()
        .route("/open", get(|| async { "for everybody" }))
        .merge(members.clone())
        .nest("/nested", members)
        .with_state(app.auth.clone())
        .nest("/auth", app.auth.router());
    app.serving(router)
}

fn navigating(actor: Actor<'_>) -> Actor<'_> {
    actor.header("sec-fetch-mode", "navigate").header("accept", "text/html")
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer.headers["location"].to_str().unwrap()
}

#[tokio::test]
async fn only_users_who_are_logged_in_reach_a_group_of_routes() {
    let app = app(|require| require).await;
    for path in ["/page", "/quiet", "/nested/quiet"] {
        let answer = navigating(app.anonymous()).get(path).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "not_authenticated"));
        assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"doorward\"");
        assert_eq!(app.bearer("x").get(path).await.code(), "invalid_session");
    }
    assert_eq!(app.anonymous().get("/open").await.status, StatusCode::OK);
    assert_eq!(app.anonymous().get("/nowhere").await.status, StatusCode::NOT_FOUND);
    let mut ann = app.ann().await;
    assert_eq!(
        (ann.get("/page").await.text, ann.get("/nested/quiet").await.status),
        (ANN.into(), StatusCode::OK)
    );
    let mut browser = app.browser_of(ANN).await;
    assert_eq!(browser.send(Method::POST, "/quiet", None, "").await.status, StatusCode::OK);
    let mut other = browser.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(other.send(Method::POST, "/quiet", None, "").await.code(), "cross_site");
    app.end_sessions(app.id_of(ANN).await).await.unwrap();
    assert_eq!((ann.get("/quiet").await.code(), browser.get("/quiet").await.code()), {
        ("invalid_session".into(), "invalid_session".into())
    });
}

#[tokio::test]
async fn a_browser_that_navigates_is_sent_to_the_log_in_and_back() {
    let app = app(|require| require.or_log_in("/auth/login")).await;
    app.register(ANN).await;
    let mut browser = navigating(app.browser());
    let answer = browser.get("/nested/quiet?a=1&b=%2F").await;
    let log_in = location(&answer).to_owned();
    assert_eq!(log_in, "/auth/login?next=%2Fnested%2Fquiet%3Fa%3D1%26b%3D%252F");
    let fields = [("email", ANN), ("password", crate::app::PASSWORD)];
    let answer = browser.form(&log_in, &fields).await;
    assert_eq!(location(&answer), "/nested/quiet?a=1&b=%2F");
    assert_eq!(browser.get("/nested/quiet?a=1&b=%2F").await.text, "for members");
    // The cookie of a session that has ended is no error for a person.
    app.end_sessions(app.id_of(ANN).await).await.unwrap();
    assert_eq!(location(&browser.get("/page").await), "/auth/login?next=%2Fpage");
    // A form cannot be sent again, so it is not gone back to.
    assert_eq!(location(&browser.send(Method::POST, "/page", None, "").await), "/auth/login");
    // A log-in does not lead to another site, however the path is written.
    for path in ["//evil.example", "/page/..//evil.example", "/nested//evil.example"] {
        let answer = navigating(app.browser()).get(path).await;
        assert!(
            answer.headers.get("location").is_none_or(|to| !to.to_str().unwrap().contains("evil")),
            "{path}"
        );
    }
}

struct Admin;

impl Role for Admin {
    const NAME: &'static str = "admin";
}

struct Editor;

impl Role for Editor {
    const NAME: &'static str = "editor";
}

#[tokio::test]
async fn only_users_with_the_role_reach_a_group_of_routes() {
    let app = App::with(Config { roles: vec!["admin".into(), "editor".into()], ..config() }).await;
    let route = || Router::new().route("/", get(|| async { "for some" }));
    let router = Router::new()
        .nest("/admin", route().route_layer(app.require().role::<Admin>().or_log_in("/auth/login")))
        .nest("/either", route().route_layer(app.require().any_role::<(Admin, Editor)>()))
        .with_state(app.auth.clone())
        .nest("/auth", app.auth.router());
    let app = app.serving(router);
    let mut ann = app.ann().await;
    let id = app.id_of(ANN).await;
    for (path, roles) in [("/admin", "admin"), ("/either", "admin editor")] {
        let answer = ann.get(path).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "missing_role"));
        assert_eq!(answer.json()["role"], roles);
    }
    assert_eq!(navigating(app.browser_of(ANN).await).get("/admin").await.code(), "missing_role");
    assert_eq!(location(&navigating(app.browser()).get("/admin").await), "/auth/login?next=%2Fadmin");
    app.set_roles(id, &["editor"]).await.unwrap();
    assert_eq!((ann.get("/admin").await.status, ann.get("/either").await.status), {
        (StatusCode::FORBIDDEN, StatusCode::OK)
    });
    app.add_role(id, "admin").await.unwrap();
    assert_eq!(ann.get("/admin").await.text, "for some");
    app.set_roles(id, &[]).await.unwrap();
    assert_eq!(ann.get("/admin").await.code(), "missing_role");
}

#[tokio::test]
async fn scripts_and_programs_are_sent_nowhere() {
    let app = app(|require| require.or_log_in("/auth/login")).await;
    let answers = [
        app.anonymous().get("/page").await,
        app.browser().header("sec-fetch-mode", "cors").header("accept", "text/html").get("/page").await,
        app.anonymous().header("accept", "application/json, text/html").get("/page").await,
        navigating(app.bearer("x")).get("/page").await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    // An older browser says only what it takes.
    let mut older = app.anonymous().header("accept", "text/html,application/xhtml+xml;q=0.9");
    assert_eq!(location(&older.get("/page").await), "/auth/login?next=%2Fpage");
    let mut both = navigating(app.anonymous()).header("cookie", "doorward=a; doorward=b");
    assert_eq!(both.get("/page").await.code(), "ambiguous_credentials");
}
