//! `POST /oauth/introspect`: tells an API about a token that it got (RFC 7662).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    accounts::oauth::access,
    base::{error::Error, http::input::Form, secret},
    features::provider::{
        answer::issuer,
        refusal::Refusal,
        token_form::{self, TokenForm},
    },
    model::{
        access::{ACCESS_TOKEN, Access},
        oauth_client::OAuthClient,
    },
    web::pages::page::Pages,
};

pub(super) async fn introspect(
    State(pages): State<Pages>,
    headers: HeaderMap,
    form: Result<Form<TokenForm>, Error>,
) -> Result<Response, Refusal> {
    let auth = &pages.auth;
    let (app, token) = token_form::read(auth, &headers, form).await?;
    if !app.confidential {
        return Err(Refusal::Client);
    }
    let access = match secret::hash(ACCESS_TOKEN, &token) {
        Some(hash) => access::find(auth, hash).await?,
        None => None,
    };
    let told = match access.filter(|access| may_know(&app, access)) {
        Some(access) => told(&issuer(auth), &access),
        None => json!({"active": false}),
    };
    Ok(([(header::PRAGMA, "no-cache")], Json(told)).into_response())
}

/// A client learns of its own tokens, and of those for an API of its own.
fn may_know(app: &OAuthClient, access: &Access) -> bool {
    let is_for = |resource: &str| app.resources.iter().any(|known| known == resource);
    *access.client_id == *app.id || access.resource.as_deref().is_some_and(is_for)
}

fn told(issuer: &str, access: &Access) -> Value {
    let mut told = json!({
        "active": true,
        "iss": issuer,
        "sub": access.user.id.to_string(),
        "client_id": access.client_id,
        "scope": access.scopes,
        "token_type": "Bearer",
        "iat": access.created_at,
        "exp": access.expires_at,
    });
    if let Some(resource) = &access.resource {
        told["aud"] = (**resource).into();
    }
    if access.allows("email") {
        told["username"] = access.user.email.as_str().into();
    }
    told
}
