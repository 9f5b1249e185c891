//! The answer of `POST /oauth/token`: the tokens that a client gets (RFC 6749, section 5.1; OpenID Connect Core, sections
//! 3.1.3.3 and 12.2).

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    accounts::{oauth::exchanged::Exchanged, signing_key},
    auth::Auth,
    base::{error::Error, jose::Algorithm},
    features::provider::{
        answer::issuer,
        claims::{self, IdToken},
        readable::READABLE,
        refusal::Refusal,
    },
    model::{
        access::has_scope,
        oauth_client::OAuthClient,
        session::{acr, amr},
    },
};

/// Answers with the tokens. A client with `openid` gets an ID token too.
pub(super) async fn answer(
    auth: &Auth,
    app: &OAuthClient,
    exchanged: Exchanged,
) -> Result<Response, Refusal> {
    let mut body = json!({
        "access_token": exchanged.access_token,
        "token_type": "Bearer",
        "expires_in": exchanged.expires_in,
        "scope": exchanged.scopes,
    });
    if let Some(refresh_token) = &exchanged.refresh_token {
        body["refresh_token"] = (**refresh_token).into();
    }
    if has_scope(&exchanged.scopes, "openid") {
        let keys = signing_key::all(auth).await?;
        let now = auth.now();
        let algorithm = Algorithm::named(&app.id_token_alg).unwrap_or(Algorithm::Rs256);
        let key = keys.current(algorithm, now).ok_or(Error::Unavailable)?;
        let token = IdToken {
            iss: &issuer(auth),
            sub: exchanged.user.id.to_string(),
            aud: &app.id,
            exp: now + claims::LIFETIME,
            iat: now,
            auth_time: exchanged.authenticated_at,
            nonce: exchanged.nonce.as_deref(),
            acr: acr(exchanged.second),
            amr: amr(&exchanged.method, exchanged.second),
            sid: exchanged.session.to_string(),
            at_hash: claims::at_hash(algorithm, &exchanged.access_token),
            of_user: claims::of_user(&exchanged.user, &exchanged.scopes),
        };
        let signed = key.sign("JWT", &token).map_err(|_| Error::Internal)?;
        body["id_token"] = signed.into();
    }
    Ok(([(header::PRAGMA, "no-cache")], READABLE, Json(body)).into_response())
}
