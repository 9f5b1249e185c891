//! What programs must know of the provider: `/.well-known/openid-configuration` (OpenID Connect Discovery),
//! `/.well-known/oauth-authorization-server` (RFC 8414) and `/oauth/jwks.json`. It names only what there is.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    accounts::signing_key,
    auth::Auth,
    base::{
        config::client::STANDARD,
        error::Result,
        jose::Algorithm,
        text::language::{LANGUAGES, Language},
    },
    features::provider::{
        answer::{Mode, issuer},
        claims,
        readable::READABLE,
        token::GRANTS,
    },
    model::session::LEVELS,
    web::pages::page::Pages,
};

/// Both kinds of metadata are one document.
pub(super) async fn show(State(pages): State<Pages>) -> Response {
    let cached = [(header::CACHE_CONTROL, "public, max-age=3600")];
    (cached, READABLE, Json(document(&pages.auth))).into_response()
}

/// The keys that verify ID tokens (RFC 7517). A new key is published two days before it signs. So a client may keep this
/// answer for the hour that it names.
pub(super) async fn keys(State(pages): State<Pages>) -> Result<Response> {
    let auth = &pages.auth;
    let keys = signing_key::all(auth).await?;
    let keys: Vec<&Value> = keys.published(auth.now()).map(|key| &key.jwk).collect();
    let cached = [(header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((cached, READABLE, Json(json!({"keys": keys}))).into_response())
}

fn document(auth: &Auth) -> Value {
    let issuer = issuer(auth);
    let at = |path: &str| format!("{issuer}/oauth/{path}");
    let own = auth.config().scopes.keys().map(String::as_str);
    let scopes: Vec<&str> = STANDARD.into_iter().chain(own).collect();
    let own_claims =
        ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"];
    let claims: Vec<&str> = own_claims.into_iter().chain(claims::OF_SCOPES).collect();
    let with_secret = ["client_secret_basic", "client_secret_post"];
    let with_any = ["client_secret_basic", "client_secret_post", "none"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("jwks.json"),
        "introspection_endpoint": at("introspect"),
        "revocation_endpoint": at("revoke"),
        "end_session_endpoint": at("logout"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": Mode::NAMES,
        "grant_types_supported": GRANTS,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::name),
        "token_endpoint_auth_methods_supported": with_any,
        "introspection_endpoint_auth_methods_supported": with_secret,
        "revocation_endpoint_auth_methods_supported": with_any,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": LEVELS,
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "ui_locales_supported": LANGUAGES.map(Language::tag),
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}
