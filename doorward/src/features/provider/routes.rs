//! The routes of the provider. They are standards, and the metadata describes them to programs. So the OpenAPI document
//! does not.

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};

use crate::{
    auth::Auth,
    features::provider::{
        apps, authorize, decided, introspect, logout, metadata, posted, readable::READABLE, revoke, token,
        userinfo,
    },
    web::pages::page::Pages,
};

/// Returns the routes, or none if the provider is off.
pub(super) fn routes(auth: &Auth) -> Router {
    if !auth.has_provider() {
        return Router::new();
    }
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::show).options(preflight))
        .route("/.well-known/oauth-authorization-server", get(metadata::show).options(preflight))
        .route("/oauth/jwks.json", get(metadata::keys).options(preflight))
        .route("/oauth/authorize", get(authorize::show).post(posted::lead_to_get))
        .route("/oauth/choose", post(decided::choose))
        .route("/oauth/consent", post(decided::consent))
        .route("/oauth/confirm", post(decided::confirm))
        .route("/oauth/logout", get(logout::show).post(posted::lead_to_get))
        .route("/oauth/logout/confirm", post(logout::confirm))
        .route("/account/apps", get(apps::show))
        .route("/account/apps/{id}", post(apps::end))
        .route("/oauth/token", post(token::token).options(preflight))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show).options(preflight))
        .route("/oauth/introspect", post(introspect::introspect))
        .route("/oauth/revoke", post(revoke::revoke).options(preflight))
        .with_state(Pages::of(auth, Vec::new()))
}

/// Answers the question of a browser whether a page may send a request.
pub(super) async fn preflight() -> impl IntoResponse {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, READABLE, allowed)
}
