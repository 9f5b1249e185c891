//! Token introspection for the services behind the app: `POST /introspect` (RFC 7662).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use crate::{
    accounts::session,
    auth::Auth,
    base::{
        error::{Error, Problem},
        http::input::{self, Fields, Form, Input},
        secret,
    },
    model::{
        details::Roles,
        session::{TOKEN, Transport, acr, amr},
    },
    web::oauth::{self, OAuthError, OAuthErrors},
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(introspect))
}

/// A token to look up (RFC 7662, section 2.1), and the secret of the caller.
#[derive(ToSchema)]
#[schema(as = Introspection)]
pub(super) struct Introspection {
    /// The bearer token.
    token: String,
    /// Accepted and ignored: a token itself shows its type.
    #[expect(dead_code, reason = "it is documented for clients that send it")]
    token_type_hint: Option<String>,
    /// One of `introspection_secrets`. Leave it out if the secret comes as the password of HTTP Basic, with any user name.
    /// Both together are refused.
    #[schema(value_type = Option<String>)]
    client_secret: Option<Zeroizing<String>>,
}

impl Input for Introspection {
    fn read(fields: &mut Fields) -> Option<Self> {
        let token = fields.text("token");
        let token_type_hint = fields.optional_text("token_type_hint");
        let client_secret = fields.optional_text("client_secret");
        Some(Self {
            token: token?,
            token_type_hint: token_type_hint?,
            client_secret: client_secret?.map(Zeroizing::new),
        })
    }
}

/// The session of a token (RFC 7662, section 2.2). For an invalid token, only `active` is sent.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct TokenInfo {
    /// `true` if the token is valid.
    active: bool,
    /// The id of the user, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "912345678901248")]
    sub: Option<String>,
    /// The e-mail address of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ann@example.org")]
    username: Option<String>,
    /// Always `bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "bearer")]
    token_type: Option<&'static str>,
    /// The time when it expires, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_795_336_200)]
    exp: Option<i64>,
    /// How certain it is who the user is: `aal2` after a second factor, otherwise `aal1` (RFC 9470, section 6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "aal1")]
    acr: Option<&'static str>,
    /// What the user proved it with, in the words of RFC 8176: `pwd`, `otp`, `mfa`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(["pwd"]))]
    amr: Option<Vec<&'static str>>,
    /// When the user last proved it, in seconds since 1970 (RFC 9470, section 6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_795_249_800)]
    auth_time: Option<i64>,
    /// The roles of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<String>>, example = json!(["editor"]))]
    roles: Option<Roles>,
}

/// Look up a token.
///
/// For services that have one of `introspection_secrets`. They send it as HTTP Basic or in `client_secret`.
#[utoipa::path(
    post, path = "/introspect", tag = "session", security(("service" = [])),
    request_body(content = Introspection, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The session of the token, or `active: false`", body = TokenInfo),
        (status = 401, description = "The caller sent no configured secret (`invalid_client`)", body = oauth::Body),
        (status = 403, description = "Another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        OAuthErrors,
    )
)]
async fn introspect(
    State(auth): State<Auth>,
    headers: HeaderMap,
    form: Result<Form<Introspection>, Error>,
) -> Result<Response, OAuthError> {
    let Form(request) = form?;
    if !is_known(&auth, presented(&headers, request.client_secret)) {
        return Err(OAuthError::InvalidClient);
    }
    let session = match secret::hash(TOKEN, &request.token) {
        Some(hash) => session::find(&auth, hash, Transport::Bearer).await?,
        None => None,
    };
    let info = session.map_or_else(TokenInfo::default, |session| TokenInfo {
        active: true,
        acr: Some(acr(session.user.0.second)),
        amr: Some(amr(&session.user.0.method, session.user.0.second)),
        auth_time: Some(session.user.0.authenticated_at),
        sub: Some(session.user.id.to_string()),
        username: Some(session.user.email.clone()),
        token_type: Some("bearer"),
        exp: Some(session.expires_at),
        roles: Some(session.user.roles.clone()),
    });
    Ok(([(header::PRAGMA, "no-cache")], Json(info)).into_response())
}

/// Returns the possible readings of the caller's secret, if it came in exactly one way (RFC 6749, section 2.3.1). In
/// HTTP Basic, the standard wants it form-encoded, but many clients send it as it is.
fn presented(headers: &HeaderMap, in_form: Option<Zeroizing<String>>) -> Vec<Zeroizing<String>> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    match (lines.next(), lines.next(), in_form) {
        (None, None, Some(secret)) => vec![secret],
        (Some(line), None, None) => basic(line.as_bytes()).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn basic(line: &[u8]) -> Option<Vec<Zeroizing<String>>> {
    let (scheme, encoded) = line.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let decoded = Zeroizing::new(String::from_utf8(STANDARD.decode(encoded.trim_ascii()).ok()?).ok()?);
    let (_, secret) = decoded.split_once(':')?;
    // Most secrets read the same in both ways, and are hashed once.
    let as_form = input::form_decoded(secret).map(Zeroizing::new).filter(|decoded| **decoded != *secret);
    Some([Some(Zeroizing::new(secret.to_owned())), as_form].into_iter().flatten().collect())
}

/// Compares the hash of each secret with each configured one, so that the time reveals nothing about a secret.
fn is_known(auth: &Auth, presented: Vec<Zeroizing<String>>) -> bool {
    let hash = |text: &str| <[u8; 32]>::from(Sha256::digest(text));
    let presented: Vec<_> = presented.iter().map(|secret| hash(secret)).collect();
    let mut known = subtle::Choice::from(0);
    for configured in &auth.config().introspection_secrets {
        let configured = hash(configured.expose());
        for secret in &presented {
            known |= secret.ct_eq(&configured);
        }
    }
    known.into()
}
