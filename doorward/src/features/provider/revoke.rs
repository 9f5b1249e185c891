//! `POST /oauth/revoke`: an app ends a token of its own (RFC 7009).

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    accounts::oauth::{access, refresh},
    base::{error::Error, http::input::Form, secret},
    features::provider::{
        readable::READABLE,
        refusal::Refusal,
        token_form::{self, TokenForm},
    },
    model::access::{ACCESS_TOKEN, REFRESH_TOKEN},
    web::pages::page::Pages,
};

/// Each token ends those that came of the same log-in, also the other kind. The answer is the same for an unknown token, and for one of another client.
pub(super) async fn revoke(
    State(pages): State<Pages>,
    headers: HeaderMap,
    form: Result<Form<TokenForm>, Error>,
) -> Result<Response, Refusal> {
    let auth = &pages.auth;
    let (app, token) = token_form::read(auth, &headers, form).await?;
    if let Some(hash) = secret::hash(ACCESS_TOKEN, &token) {
        access::revoke(auth, hash, &app.id).await?;
    } else if let Some(hash) = secret::hash(REFRESH_TOKEN, &token) {
        refresh::revoke(auth, hash, &app.id).await?;
    }
    Ok((StatusCode::OK, READABLE).into_response())
}
