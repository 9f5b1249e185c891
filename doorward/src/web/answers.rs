//! Answers that several routes share, and their descriptions in the OpenAPI document.

use axum::{
    Json,
    http::{StatusCode, header::PRAGMA},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::{accounts::session::LoggedIn, base::error::Problem};

/// The request was accepted. A mail is sent only if one is needed; the answer does not say whether.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The next step, for people.
    #[schema(example = "If this address can be used, a mail is on its way to it")]
    detail: &'static str,
}

/// Answers a request for a mail.
pub(crate) fn accepted() -> Response {
    let body = Accepted { detail: "If this address can be used, a mail is on its way to it" };
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

/// A new token (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub(crate) struct Token {
    /// The token. It is opaque, valid until it expires or is revoked, and not shown again.
    #[schema(example = "dw_s_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    access_token: String,
    /// Always `bearer`.
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds until it expires.
    #[schema(example = 86400)]
    expires_in: i64,
    /// The device token. Keep it, and send it with later log-ins, as `device_token` or in the header `Doorward-Device`.
    /// Then strangers who guess at the account do not keep this program out. It proves nothing else.
    #[schema(example = "dw_d_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    device_token: Option<String>,
}

/// Answers with a new bearer token, after a log-in or in place of the old token.
pub(crate) fn token(logged_in: LoggedIn) -> Response {
    let LoggedIn { token: access_token, expires_in, device, .. } = logged_in;
    let device_token = device.map(|device| device.token.token);
    let token = Token { access_token, token_type: "bearer", expires_in, device_token };
    ([(PRAGMA, "no-cache")], Json(token)).into_response()
}

/// Errors that any route may return.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum ServerErrors {
    /// A bug in the server (`internal`).
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The database or the hashing queue cannot take this now (`unavailable`). Try again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// Errors of a route that takes a secret which an attacker could guess.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum TooMany {
    /// Too many attempts for this account or from this client address (`too_many_attempts`); a correct guess is refused
    /// too.
    #[response(
        status = 429,
        content_type = "application/problem+json",
        headers(("Retry-After" = u64, description = "Seconds until the next attempt is allowed"))
    )]
    Attempts(Problem),
}

/// Errors of a route that registers somebody or sends a mail, for an address that anybody can type.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum TooManyMails {
    /// This client has asked for too much (`too_many_attempts`): mails in an hour, or registrations in a minute. It
    /// says nothing about the address.
    #[response(
        status = 429,
        content_type = "application/problem+json",
        headers(("Retry-After" = u64, description = "Seconds until the client may ask again"))
    )]
    Mails(Problem),
}

/// Errors of a route that reads a body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum BadBody {
    /// The body did not arrive within 30 seconds (`request_timeout`).
    #[response(status = 408, content_type = "application/problem+json")]
    RequestTimeout(Problem),
    /// The body has more than 8 KiB (`too_large`).
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not in the format of this route (`unsupported_media_type`).
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
    /// The body is malformed, or fields are missing or wrong (`invalid`); `errors` names each.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// Errors of a route for users who are logged in, about the credential.
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

/// Errors of a route that takes a cookie, for requests from pages of other sites. A route that only reads gives it to
/// requests that ask for another protocol.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum CrossSite {
    /// Another site's page sent this with a cookie (`cross_site`).
    #[response(status = 403, content_type = "application/problem+json")]
    CrossSite(Problem),
}

/// Errors of a route that takes a link or code from a mail.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum BadLink {
    /// The link or code does not work: it was used or replaced by a newer one, is too old, or was never valid
    /// (`invalid_link`).
    #[response(status = 400, content_type = "application/problem+json")]
    InvalidLink(Problem),
}

/// Errors of a route that sends mail.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum NoMail {
    /// This server sends no mail (`mail_not_configured`), it has no passwords (`password_login_off`), another site's
    /// page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for
    /// more (`challenge_required`).
    #[response(status = 403, content_type = "application/problem+json")]
    MailNotConfigured(Problem),
}

/// Errors of a route that sets a password.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum NoPasswords {
    /// The settings allow no passwords (`password_login_off`), or another site's page sent this with a cookie
    /// (`cross_site`).
    #[response(status = 403, content_type = "application/problem+json")]
    Off(Problem),
}

/// What a page passes to the browser, to ask for a passkey.
#[cfg(feature = "totp")]
#[derive(ToSchema)]
#[schema(as = PasskeyOptions, value_type = Object)]
#[expect(dead_code, reason = "it describes the options of `doorward_passkey`")]
pub(crate) struct PasskeyOptions(serde_json::Value);
