//! The metadata of a provider whose name has a path, at the root of the host.

use axum::{
    Router,
    http::{Method, StatusCode},
};
use doorward::Config;

use super::parties::{ISSUER, with_apps};
use crate::app::App;

const ROOT: [&str; 2] =
    ["/.well-known/oauth-authorization-server/auth", "/.well-known/openid-configuration/auth"];

/// A host that nests the routes at `/auth`, with the metadata at its root.
async fn host(config: Config) -> App {
    let app = App::with(config).await;
    let router = Router::new().nest("/auth", app.auth.router()).merge(app.auth.well_known());
    app.serving(router)
}

#[tokio::test]
async fn a_host_that_nests_the_routes_shows_the_metadata_at_its_root() {
    let app = host(with_apps()).await;
    let below = app.anonymous().get("/auth/.well-known/openid-configuration").await;
    assert_eq!(below.json()["issuer"], ISSUER);
    for path in ROOT {
        let mut page = app.anonymous().header("origin", "https://any.example.org");
        let answer = page.get(path).await;
        assert_eq!((answer.status, &answer.text), (StatusCode::OK, &below.text), "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert_eq!(answer.headers["cache-control"], "public, max-age=3600");
        let asked = page.send(Method::OPTIONS, path, None, "").await;
        assert_eq!(asked.status, StatusCode::NO_CONTENT);
        assert_eq!(asked.headers["access-control-allow-origin"], "*");
    }
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"] {
        assert_eq!(app.anonymous().get(path).await.status, StatusCode::NOT_FOUND, "it has another name");
    }
}

#[tokio::test]
async fn there_is_none_without_a_path_and_without_a_provider() {
    let at_the_root = Config { public_url: "http://localhost:8000".into(), ..with_apps() };
    let off = Config { secret_key: None, secret_key_id: None, ..with_apps() };
    for config in [at_the_root.clone(), off] {
        let app = host(config).await;
        for path in ROOT {
            assert_eq!(app.anonymous().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    // All routes at the root, so both forms are one.
    let app = App::with(at_the_root).await;
    let router = app.auth.router().merge(app.auth.well_known());
    let app = app.serving(router);
    let answer = app.anonymous().get("/.well-known/oauth-authorization-server").await;
    assert_eq!(answer.json()["issuer"], "http://localhost:8000");
}
