//! `GET` and `POST /oauth/userinfo`: what an app may know of a person (OpenID Connect Core, section 5.3).

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use crate::{
    accounts::oauth::access,
    base::secret,
    features::provider::{claims, readable::READABLE, refusal::Refusal},
    model::access::ACCESS_TOKEN,
    web::{current_user::bearer, pages::page::Pages},
};

pub(super) async fn show(State(pages): State<Pages>, headers: HeaderMap) -> Result<Response, Refusal> {
    let auth = &pages.auth;
    let Some(token) = bearer(&headers)? else {
        return Err(Refusal::Token("", "expected the access token of an app".to_owned()));
    };
    let refused = || Refusal::Token("invalid_token", "the access token is not valid here".to_owned());
    let token = std::str::from_utf8(token).ok().and_then(|token| secret::hash(ACCESS_TOKEN, token));
    let access = access::find(auth, token.ok_or_else(refused)?).await?.ok_or_else(refused)?;
    // A token for another API says nothing here (RFC 8707).
    if access.resource.is_some() {
        return Err(refused());
    }
    if !access.allows("openid") {
        return Err(Refusal::Token("insufficient_scope", "this needs the scope openid".to_owned()));
    }
    let mut claims = claims::of_user(&access.user, &access.scopes);
    claims.insert("sub".into(), access.user.id.to_string().into());
    Ok((READABLE, Json(claims)).into_response())
}
