//! Answers that many routes give alike, for the OpenAPI document.

use axum::{
    Json,
    http::{StatusCode, header::PRAGMA},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::base::error::Problem;

/// That a mail goes out if there is reason to; whether there is stays between the server and who reads the mail.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// What to do now, for people.
    #[schema(example = "If this address can be used, a mail is on its way to it")]
    detail: &'static str,
}

/// The answer to whoever asked for a mail.
pub(crate) fn accepted() -> Response {
    let body = Accepted { detail: "If this address can be used, a mail is on its way to it" };
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

/// A new token (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub(crate) struct Token {
    /// Opaque, good until it expires or is revoked. It is not shown again.
    #[schema(example = "dw_s_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    access_token: String,
    /// Always `bearer`.
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds until it expires.
    #[schema(example = 86400)]
    expires_in: i64,
}

/// The answer to whoever logged in with a bearer token, or got another one.
pub(crate) fn token(access_token: String, expires_in: i64) -> Response {
    let token = Token { access_token, token_type: "bearer", expires_in };
    ([(PRAGMA, "no-cache")], Json(token)).into_response()
}

/// What any route may answer when the server itself is in trouble.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum Trouble {
    /// A mistake in the server (`internal`).
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The database or the hashing queue cannot take this now (`unavailable`); try again after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What a route that takes a secret somebody could guess may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum TooMany {
    /// Too many attempts for this account or from this client address (`too_many_attempts`); a right guess is not
    /// looked at either.
    #[response(
        status = 429,
        content_type = "application/problem+json",
        headers(("Retry-After" = u64, description = "Seconds until there may be a further attempt"))
    )]
    Attempts(Problem),
}

/// What a route that takes a body may answer about the body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum BadBody {
    /// The body did not arrive within 30 seconds (`request_timeout`).
    #[response(status = 408, content_type = "application/problem+json")]
    RequestTimeout(Problem),
    /// The body has more than 64 KiB (`too_large`).
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not in the format of this route (`unsupported_media_type`).
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
    /// The body is malformed, or fields are missing or wrong (`invalid`); `errors` names each.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// What a route for users who are logged in may answer about the credential.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum BadCredential {
    /// More than one credential came with the request (`ambiguous_credentials`).
    #[response(status = 400, content_type = "application/problem+json")]
    Ambiguous(Problem),
    /// No session came with the request (`not_authenticated`), or it is not valid (`invalid_session`).
    #[response(
        status = 401,
        content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "`Bearer`, RFC 6750 section 3"))
    )]
    Unauthorized(Problem),
}

/// What a route that changes something may answer to another site's page.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum Refused {
    /// Another site's page sent this with a cookie (`cross_site`).
    #[response(status = 403, content_type = "application/problem+json")]
    CrossSite(Problem),
}

/// What a route that takes a link or code from a mail may answer about it.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum BadLink {
    /// The link or code does not work: it was used, replaced by a newer one, is too old, or never was one
    /// (`invalid_link`).
    #[response(status = 400, content_type = "application/problem+json")]
    InvalidLink(Problem),
}

/// What a route that sends mail may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum NoMail {
    /// This server sends no mail (`mail_not_configured`), or another site's page sent this (`cross_site`).
    #[response(status = 403, content_type = "application/problem+json")]
    MailNotConfigured(Problem),
}
