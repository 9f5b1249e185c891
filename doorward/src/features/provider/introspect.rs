//! `POST /oauth/introspect`: tells an API about a token that it got, and a client about its refresh tokens (RFC 7662).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    accounts::oauth::{access, refresh},
    auth::Auth,
    base::{
        error::{Error, Result},
        http::input::Form,
        secret,
    },
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
    let told = match secret::hash(ACCESS_TOKEN, &token) {
        Some(hash) => {
            let access = access::find(auth, hash).await?.filter(|access| may_know(&app, access));
            access.map(|access| told(&issuer(auth), &access))
        }
        None => about_refresh_token(auth, &app, &token).await?,
    };
    let told = told.unwrap_or_else(|| json!({"active": false}));
    Ok(([(header::PRAGMA, "no-cache")], Json(told)).into_response())
}

/// Says whether a refresh token of this client works. To ask does not exchange it. It has no `token_type`, because no API
/// takes it.
async fn about_refresh_token(auth: &Auth, app: &OAuthClient, token: &str) -> Result<Option<Value>> {
    let shown = refresh::find(auth, app, token).await?.filter(|shown| shown.works(auth));
    Ok(shown.map(|shown| {
        json!({
            "active": true,
            "iss": issuer(auth),
            "sub": shown.user.id.to_string(),
            "client_id": app.id,
            "scope": shown.scopes,
            "exp": shown.ends_at(auth),
        })
    }))
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
