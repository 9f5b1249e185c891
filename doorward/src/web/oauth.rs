//! Errors of the OAuth 2.0 endpoints, with the fields of RFC 6749, section 5.2.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::{
    accounts::pending_login::PendingLogIn,
    base::error::{Error, FieldError},
};

/// The reason that an OAuth endpoint refuses a request.
#[derive(Debug)]
pub(crate) enum OAuthError {
    /// The e-mail address or the password is wrong (`invalid_grant`).
    WrongCredentials,
    /// The first proof is correct, and a second factor is missing (`mfa_required`).
    MfaRequired(PendingLogIn),
    /// The server does not offer this grant (`unsupported_grant_type`).
    UnsupportedGrantType,
    /// The caller did not present a configured secret (`invalid_client`).
    InvalidClient,
    /// An error that every route may return.
    Other(Error),
}

impl From<Error> for OAuthError {
    fn from(error: Error) -> Self {
        match error {
            Error::WrongCredentials => Self::WrongCredentials,
            error => Self::Other(error),
        }
    }
}

impl From<crate::base::db::Error> for OAuthError {
    fn from(error: crate::base::db::Error) -> Self {
        Error::from(error).into()
    }
}

/// An error of an OAuth 2.0 endpoint (RFC 6749, section 5.2).
#[derive(Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub(crate) struct Body {
    /// The kind of error, for programs.
    #[schema(example = "invalid_grant")]
    error: &'static str,
    /// A description of the error, for people.
    #[schema(example = "Incorrect email or password")]
    error_description: String,
    /// The same as `error_description`.
    #[schema(example = "Incorrect email or password")]
    detail: String,
    /// The invalid fields; only with 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// The token for the second step; only with `mfa_required`. It is no access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "dw_p_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    mfa_token: Option<String>,
    /// What the user can take the second step with; only with `mfa_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(["totp", "recovery_code"]))]
    mfa_methods: Option<Vec<&'static str>>,
    /// The page that adds a second factor; only with `mfa_required`, for a user who must have one and has none. There
    /// is no `mfa_token` then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://accounts.example.org/login")]
    enroll: Option<String>,
    /// Seconds until `mfa_token` expires; only with `mfa_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 600)]
    expires_in: Option<i64>,
}

impl Body {
    fn of(error: &'static str, detail: String) -> Self {
        Self {
            error,
            error_description: detail.clone(),
            detail,
            errors: Vec::new(),
            mfa_token: None,
            mfa_methods: None,
            enroll: None,
            expires_in: None,
        }
    }

    /// Asks for the second step. RFC 6749 has no code for this; the fields are those that SDKs know from Auth0.
    fn asking(pending: PendingLogIn) -> Self {
        let text = match &pending.enroll {
            Some(_) => {
                "A second factor is needed, and this account has none: open the page in enroll, and add one"
            }
            None => "A second factor is needed to log in",
        };
        Self {
            mfa_methods: Some(pending.names()),
            expires_in: pending.token.as_ref().map(|_| pending.lifetime()),
            mfa_token: pending.token,
            enroll: pending.enroll,
            ..Self::of("mfa_required", text.to_owned())
        }
    }
}

/// An error for clients of both kinds, with the fields of RFC 9457 and those of RFC 6749, section 5.2.
#[derive(Serialize, ToSchema)]
#[schema(as = OAuthProblem)]
pub(crate) struct ProblemBody {
    /// Always `about:blank`: `code` says more.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words.
    #[schema(example = "Too Many Requests")]
    title: &'static str,
    /// The status code.
    #[schema(example = 429)]
    status: u16,
    /// The kind of error, for programs. A code never changes its meaning.
    #[schema(example = "too_many_attempts")]
    code: String,
    /// A description of the error, for people.
    #[schema(example = "Too many attempts, try again later")]
    detail: String,
    /// Always `temporarily_unavailable`: RFC 6749 has no code for too many attempts.
    #[schema(example = "temporarily_unavailable")]
    error: &'static str,
    /// The same as `detail`.
    #[schema(example = "Too many attempts, try again later")]
    error_description: String,
}

impl ProblemBody {
    fn of(cause: &Error) -> Self {
        let status = cause.status();
        Self {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: cause.code().to_owned(),
            detail: cause.to_string(),
            error: "temporarily_unavailable",
            error_description: cause.to_string(),
        }
    }
}

impl IntoResponse for ProblemBody {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("the number comes from a status");
        let mut response = (status, [(header::PRAGMA, "no-cache")], Json(self)).into_response();
        let media = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        response
    }
}

/// Returns the code of RFC 6749, section 4.1.2.1 and 5.2, for an error that every route may return.
pub(crate) fn error_code(cause: &Error) -> &'static str {
    match cause {
        Error::Unavailable | Error::TooManyAttempts(_) => "temporarily_unavailable",
        Error::Internal => "server_error",
        _ => "invalid_request",
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        match &self {
            Self::Other(cause @ (Error::TooManyAttempts(_) | Error::TooManyLogIns(_))) => {
                return cause.with_headers(ProblemBody::of(cause).into_response());
            }
            // RFC 6749 has no code for them.
            Self::Other(
                cause @ (Error::AttemptRefused | Error::RefusedByHost { .. } | Error::ChallengeRequired(_)),
            ) => {
                return cause.clone().into_response();
            }
            _ => {}
        }
        // Like every refusal of another site's request. No client of OAuth sees it.
        if let Self::Other(cause @ Error::CrossSite) = self {
            return cause.into_response();
        }
        let (status, error, detail, cause) = match self {
            Self::MfaRequired(pending) => {
                let asking =
                    (StatusCode::BAD_REQUEST, [(header::PRAGMA, "no-cache")], Json(Body::asking(pending)));
                return asking.into_response();
            }
            Self::WrongCredentials => {
                let cause = Error::WrongCredentials;
                (StatusCode::UNAUTHORIZED, "invalid_grant", cause.to_string(), Some(cause))
            }
            Self::Other(cause @ (Error::EmailNotVerified | Error::LogInExpired)) => {
                (StatusCode::BAD_REQUEST, "invalid_grant", cause.to_string(), None)
            }
            // As a wrong password.
            Self::Other(
                cause @ (Error::WrongOtp
                | Error::WrongRecoveryCode
                | Error::PasskeyRefused(_)
                | Error::UnknownPasskey),
            ) => {
                let text = cause.to_string();
                (StatusCode::UNAUTHORIZED, "invalid_grant", text, Some(Error::WrongCredentials))
            }
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "Expected grant_type=password".to_owned(),
                None,
            ),
            Self::InvalidClient => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Expected the secret of a client".to_owned(),
                None,
            ),
            Self::Other(cause) => (cause.status(), error_code(&cause), cause.to_string(), Some(cause)),
        };
        let errors = if let Some(Error::Invalid(errors)) = &cause { errors.clone() } else { Vec::new() };
        let body = Body { errors, ..Body::of(error, detail) };
        let mut response = (status, [(header::PRAGMA, "no-cache")], Json(body)).into_response();
        match cause {
            Some(cause) => cause.with_headers(response),
            None => {
                if status == StatusCode::UNAUTHORIZED {
                    let challenge = HeaderValue::from_static("Basic realm=\"doorward\", charset=\"UTF-8\"");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                }
                response
            }
        }
    }
}

/// Errors that any OAuth endpoint may return.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it documents the answers of `OAuthError`")]
pub(crate) enum OAuthErrors {
    /// The body did not arrive within 30 seconds (`invalid_request`).
    #[response(status = 408)]
    RequestTimeout(Body),
    /// The body has more than 8 KiB (`invalid_request`).
    #[response(status = 413)]
    TooLarge(Body),
    /// The body is not a form (`invalid_request`).
    #[response(status = 415)]
    UnsupportedMediaType(Body),
    /// Fields are missing or wrong (`invalid_request`); `errors` names each.
    #[response(status = 422)]
    Invalid(Body),
    /// A bug in the server (`server_error`).
    #[response(status = 500)]
    Internal(Body),
    /// The database or the hashing queue cannot take this now (`temporarily_unavailable`).
    #[response(status = 503)]
    Unavailable(Body),
}
