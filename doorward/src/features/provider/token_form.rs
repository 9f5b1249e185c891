//! The form in which a client shows a token of its own: `/oauth/introspect` and `/oauth/revoke` have the same.

use axum::http::HeaderMap;
use zeroize::Zeroizing;

use crate::{
    auth::Auth,
    base::{
        error::Error,
        http::input::{Fields, Form, Input},
    },
    features::provider::{
        client_auth::{InForm, authenticate},
        refusal::Refusal,
    },
    model::oauth_client::OAuthClient,
};

/// A token, and the client that shows it.
pub(super) struct TokenForm {
    token: Zeroizing<String>,
    client: InForm,
}

impl Input for TokenForm {
    fn read(fields: &mut Fields) -> Option<Self> {
        let token = fields.text("token");
        let client = InForm::read(fields);
        Some(Self { token: Zeroizing::new(token?), client })
    }
}

/// Returns the client of a form, and the token that it shows. A disabled client is refused.
pub(super) async fn read(
    auth: &Auth,
    headers: &HeaderMap,
    form: Result<Form<TokenForm>, Error>,
) -> Result<(OAuthClient, Zeroizing<String>), Refusal> {
    let Form(TokenForm { token, client }) = form?;
    let app = authenticate(auth, headers, client).await?;
    if app.disabled_at.is_some() {
        return Err(Refusal::Client);
    }
    Ok((app, token))
}
