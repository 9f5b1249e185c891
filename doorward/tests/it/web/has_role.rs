//! Handlers that only users with a role may call.

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::{get, post},
};
use doorward::{Config, HasAnyRole, HasRole, Role};

use crate::app::{ANN, App, config};

struct Admin;

impl Role for Admin {
    const NAME: &'static str = "admin";
}

struct Editor;

impl Role for Editor {
    const NAME: &'static str = "editor";
}

struct Misspelt;

impl Role for Misspelt {
    const NAME: &'static str = "admim";
}

async fn app() -> App {
    let app = App::with(Config { roles: vec!["admin".into(), "editor".into()], ..config() }).await;
    let router = Router::new()
        .route("/admin", get(|HasRole(user, ..): HasRole<Admin>| async move { user.email }))
        .route("/admin", post(|HasRole(user, ..): HasRole<Admin>| async move { user.email }))
        .route("/either", get(|HasAnyRole(user, ..): HasAnyRole<(Admin, Editor)>| async move { user.email }))
        .route("/misspelt", get(|_: HasRole<Misspelt>| async move {}))
        .with_state(app.auth.clone())
        .nest("/auth", app.auth.router());
    app.serving(router)
}

#[tokio::test]
async fn only_users_with_the_role_pass() {
    let app = app().await;
    let answer = app.anonymous().get("/admin").await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "not_authenticated"));
    let mut ann = app.ann().await;
    let id = app.id_of(ANN).await;
    for (path, roles) in [("/admin", "admin"), ("/either", "admin editor"), ("/misspelt", "admim")] {
        let answer = ann.get(path).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "missing_role"));
        assert_eq!(answer.json()["role"], roles);
    }
    app.set_roles(id, &["editor"]).await.unwrap();
    assert_eq!(ann.get("/admin").await.status, StatusCode::FORBIDDEN);
    assert_eq!(ann.get("/either").await.text, ANN);
    app.set_roles(id, &["admin"]).await.unwrap();
    assert_eq!((ann.get("/admin").await.text, ann.get("/either").await.text), (ANN.into(), ANN.into()));
    app.remove_role(id, "admin").await.unwrap();
    assert_eq!(ann.get("/admin").await.status, StatusCode::FORBIDDEN);
    assert_eq!(ann.get("/either").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_site_uses_no_role() {
    let app = app().await;
    app.register(ANN).await;
    app.add_role(app.id_of(ANN).await, "admin").await.unwrap();
    let mut browser = app.browser_of(ANN).await;
    assert_eq!(browser.send(Method::POST, "/admin", None, "").await.status, StatusCode::OK);
    let mut other = browser.header("sec-fetch-site", "cross-site");
    assert_eq!(other.send(Method::POST, "/admin", None, "").await.code(), "cross_site");
}

#[tokio::test]
async fn a_misspelt_role_is_found_at_the_start() {
    let app = app().await;
    assert!(app.require_declared::<(Admin, Editor)>().is_ok());
    let error = app.require_declared::<(Admin, Misspelt)>().unwrap_err().to_string();
    assert!(error.contains("admim"), "{error}");
}
