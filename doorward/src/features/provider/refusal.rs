//! Errors of the endpoints for programs (RFC 6749, section 5.2; RFC 6750, section 3).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    base::{db, error::Error},
    features::provider::readable::READABLE,
    web::oauth,
};

/// Why a program is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// 400, with a code of RFC 6749 and a text for the developer.
    Request(&'static str, String),
    /// 401: no client is shown, or a wrong one.
    Client,
    /// 401 or 403 for the token of a request, with a code of RFC 6750.
    Token(&'static str, String),
    /// An error that every route may return.
    Other(Error),
}

impl Refusal {
    pub(super) fn request(error: &'static str, description: impl Into<String>) -> Self {
        Self::Request(error, description.into())
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(fields) => {
                let texts: Vec<_> =
                    fields.iter().map(|field| format!("{}: {}", field.field, field.message)).collect();
                Self::Request("invalid_request", texts.join("; "))
            }
            error => Self::Other(error),
        }
    }
}

impl From<db::Error> for Refusal {
    fn from(error: db::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, description, cause) = match self {
            Self::Request(error, description) => (StatusCode::BAD_REQUEST, error, description, None),
            Self::Client => {
                let description = "expected the id and the secret of a client".to_owned();
                (StatusCode::UNAUTHORIZED, "invalid_client", description, None)
            }
            Self::Token(error @ "insufficient_scope", description) => {
                (StatusCode::FORBIDDEN, error, description, None)
            }
            Self::Token(error, description) => (StatusCode::UNAUTHORIZED, error, description, None),
            Self::Other(cause) => (cause.status(), oauth::error_code(&cause), cause.to_string(), Some(cause)),
        };
        let challenge = match (status, error) {
            (StatusCode::UNAUTHORIZED, "invalid_client") => {
                "Basic realm=\"doorward\", charset=\"UTF-8\"".to_owned()
            }
            // RFC 6750, section 3.1: no code for a request that carried no token.
            (StatusCode::UNAUTHORIZED, "") => "Bearer realm=\"doorward\"".to_owned(),
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, error) => {
                format!("Bearer realm=\"doorward\", error=\"{error}\", error_description=\"{description}\"")
            }
            _ => String::new(),
        };
        let error = if error.is_empty() { "invalid_token" } else { error };
        let body = json!({"error": error, "error_description": description});
        let headers = [(header::PRAGMA, "no-cache")];
        let mut response = (status, headers, READABLE, Json(body)).into_response();
        if let Some(challenge) = HeaderValue::try_from(challenge).ok().filter(|value| !value.is_empty()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        match cause {
            Some(cause) => cause.with_headers(response),
            None => response,
        }
    }
}
