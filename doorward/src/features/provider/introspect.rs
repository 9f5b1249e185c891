//! `POST /oauth/introspect`: tells an API about a token that it got (RFC 7662).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    accounts::oauth::access,
    base::{
        error::Error,
        http::input::{Fields, Form, Input},
        secret,
    },
    features::provider::{
        answer::issuer,
        client_auth::{InForm, authenticate},
        refusal::Refusal,
    },
    model::{
        access::{ACCESS_TOKEN, Access},
        oauth_client::OAuthClient,
    },
    web::pages::page::Pages,
};

/// A token, and the client that shows it. `introspect` and `revoke` have the same form.
pub(super) struct TokenForm {
    pub(super) token: Zeroizing<String>,
    pub(super) client: InForm,
}

impl Input for TokenForm {
    fn read(fields: &mut Fields) -> Option<Self> {
        let token = fields.text("token");
        let mut text = |field| fields.optional_text(field).flatten().filter(|text| !text.is_empty());
        let client =
            InForm { client_id: text("client_id"), secret: text("client_secret").map(Zeroizing::new) };
        Some(Self { token: Zeroizing::new(token?), client })
    }
}

pub(super) async fn introspect(
    State(pages): State<Pages>,
    headers: HeaderMap,
    form: Result<Form<TokenForm>, Error>,
) -> Result<Response, Refusal> {
    let Form(TokenForm { token, client }) = form?;
    let auth = &pages.auth;
    let app = authenticate(auth, &headers, client).await?;
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
