//! The error of a refused request, as `application/problem+json` (RFC 9457).

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{db, step_up::StepUp};

/// The result of a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request was refused. Each variant has a status, a stable `code` for programs and a text for people. Causes
/// inside the server are logged and never shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// 422: fields of the request are missing or malformed.
    #[error("Check the fields named in errors")]
    Invalid(Vec<FieldError>),
    /// 400: the address already belongs to an account.
    #[error("Email already exists")]
    EmailExists,
    /// 401: the e-mail address or the password is wrong, or the account may not log in; the answer does not
    /// say which.
    #[error("Incorrect email or password")]
    WrongCredentials,
    /// 401: no session came with the request.
    #[error("Not authenticated")]
    NotAuthenticated,
    /// 401: the session is unknown, expired or ended; the answer does not say which.
    #[error("The session is not valid")]
    InvalidSession,
    /// 401: the access token of an app is unknown, expired or ended, or is for another API; the answer does not say
    /// which.
    #[error("The access token is not valid here")]
    InvalidAccessToken,
    /// 403: the current password, asked for again, is wrong.
    #[error("The current password is wrong")]
    WrongPassword,
    /// 403: another site's page sent this with a cookie, or asked with a cookie to open a WebSocket. A page of an
    /// origin in [`Config::cors_origins`](crate::Config::cors_origins) may do both. A CORS layer of the host allows
    /// neither: it only lets pages read answers.
    #[error(
        "This request came from another site: only origins in cors_origins may send it, whatever a CORS layer allows"
    )]
    CrossSite,
    /// 403: the host refused this attempt.
    #[error("This attempt was refused")]
    AttemptRefused,
    /// 403: the host refused this attempt, and says why. The `code` is the host's own.
    #[error("{text}")]
    RefusedByHost {
        /// The kind of refusal, for programs.
        code: String,
        /// The reason, for people.
        text: String,
    },
    /// 403: the host asks for more before this attempt goes on. Holds what the client must do.
    #[error("{0}")]
    ChallengeRequired(String),
    /// 403: registration is closed.
    #[error("Registration is closed")]
    RegistrationClosed,
    /// 400: the link or code from a mail does not work; the answer does not say why.
    #[error("The link or code does not work: it was used, replaced by a newer one, or is too old")]
    InvalidLink,
    /// 403: this needs a mail, and this server sends none.
    #[error("This server is not set up to send mail")]
    MailNotConfigured,
    /// 403: this needs a password, and the settings allow none
    /// ([`Config::password_login`](crate::Config::password_login)).
    #[error("This service has no passwords: ask POST /login/email for a mail that logs in")]
    PasswordLogInOff,
    /// 403: log-in by mail is switched off ([`Config::email_login`](crate::Config::email_login)).
    #[error("This service sends no mail that logs in")]
    EmailLogInOff,
    /// 403: the user must verify the address before they can log in.
    #[error("Verify your e-mail address first")]
    EmailNotVerified,
    /// 403: the first proof of a log-in is correct, and a second factor is missing.
    #[error("{}", if enroll.is_some() { "Add a second factor first" } else { "Take the second step" })]
    SecondStepRequired {
        /// What the user can take the second step with: `totp`, `recovery_code`.
        methods: Vec<&'static str>,
        /// The page that adds a second factor, for a user who must have one and has none.
        enroll: Option<String>,
    },
    /// 400: what was begun waits no longer: a log-in for its second step, or a new authenticator app for its first
    /// code.
    #[error("This took too long or was tried too often: begin again")]
    LogInExpired,
    /// 403: the code of the authenticator app is wrong, or was used before.
    #[error("The code is wrong, or it was used before")]
    WrongOtp,
    /// 403: the recovery code is wrong, or was used before.
    #[error("The recovery code is wrong, or it was used before")]
    WrongRecoveryCode,
    /// 403: this needs a key to seal secrets with, and this server has none.
    #[error("This server is not set up for authenticator apps")]
    SecondFactorNotConfigured,
    /// 403: the public address of this server is not one that browsers make passkeys for.
    #[error("This server is not set up for passkeys: its public_url must be a name, not a number")]
    PasskeysNotConfigured,
    /// 400: the answer of a passkey was refused. Holds the reason, for people who build a client.
    #[error("The passkey was refused: {0}")]
    PasskeyRefused(String),
    /// 401: the passkey is not, or not any more, one of this user. The browser may hide it.
    #[error("This passkey is unknown here")]
    UnknownPasskey,
    /// 409: the passkey is there already, of this user or of another one.
    #[error("This passkey is there already")]
    PasskeyExists,
    /// 409: without it the user could not log in any more.
    #[error("This is the last way to log in: add another one first")]
    LastWayIn,
    /// 409: the user has as many as there may be. Holds that number.
    #[error("There may be at most {0} of these")]
    LimitReached(usize),
    /// 401: the session alone is not enough for this. Holds what the client must prove first. `WWW-Authenticate` says
    /// it too (RFC 9470).
    #[error("{0}")]
    StepUpRequired(Box<StepUp>),
    /// 403: the user does not have the role that the route needs. Holds the names of the roles. A user needs one of
    /// them, not all.
    #[error("This needs the role {}", .0.join(" or "))]
    MissingRole(&'static [&'static str]),
    /// 403: the access token of an app does not have the scope that the route needs. Holds the name of the scope.
    #[error("This needs the scope {0}")]
    InsufficientScope(&'static str),
    /// 404: it does not exist, or it belongs to another user.
    #[error("Not found")]
    NotFound,
    /// 405: the route does not have this method; `Allow` lists its methods.
    #[error("Method not allowed")]
    MethodNotAllowed,
    /// 400: the request has more than one credential, or an unreadable one.
    #[error("Send exactly one credential: a bearer token or a session cookie")]
    AmbiguousCredentials,
    /// 408: the body did not arrive in time.
    #[error("The request body took too long")]
    RequestTimeout,
    /// 413: the body has more bytes than this route takes. Holds that number, which is a whole number of KiB.
    #[error("The request body is larger than {} KiB", .0 / 1024)]
    TooLarge(usize),
    /// 415: the body is not in the format that this route takes.
    #[error("Expected Content-Type: {0}, unencoded and in UTF-8")]
    UnsupportedMediaType(&'static str),
    /// 429: too many wrong guesses for this account or from this client address, or too many mails that this client
    /// asked for. Holds the seconds until the next attempt is allowed, as in `Retry-After`.
    #[error("Too many attempts, try again later")]
    TooManyAttempts(i64),
    /// 429: the same for a log-in, on a server that can mail a link for one attempt.
    #[error(
        "Too many attempts, try again later, or ask POST /login-attempt for a mail that lets you try once"
    )]
    TooManyLogIns(i64),
    /// 503: the database, the hashing queue or the room for bodies cannot take this now. Try again after the seconds in
    /// `Retry-After`. They differ from answer to answer, so that clients do not come back all at once.
    #[error("Temporarily unavailable, try again")]
    Unavailable,
    /// 500: a bug in this program, or a trigger, a foreign key or a template of yours that fails. The log says which.
    #[error("Internal server error")]
    Internal,
}

/// An invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The name of the field, or `body` for the whole body.
    #[schema(value_type = String, example = "password")]
    pub field: Cow<'static, str>,
    /// A description of the expected value.
    #[schema(example = "expected at least 8 characters")]
    pub message: String,
}

/// An error, as `application/problem+json` (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: `code` says more.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    /// The status code.
    #[schema(example = 422)]
    status: u16,
    /// The kind of error, for programs. A code never changes its meaning.
    #[schema(example = "invalid")]
    pub(crate) code: String,
    /// A description of the error, for people.
    #[schema(example = "Check the fields named in errors")]
    pub(crate) detail: String,
    /// The invalid fields; only with 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<FieldError>,
    /// The role that is needed; only with `missing_role`. Several are separated by spaces, and one of them is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "admin")]
    pub(crate) role: Option<String>,
    /// What the user can take the second step with, or prove themselves with; only with `second_step_required` and
    /// `step_up_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(["totp", "recovery_code"]))]
    pub(crate) methods: Option<Vec<&'static str>>,
    /// The page that adds a second factor; only with `second_step_required`, for a user who must have one and has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://accounts.example.org/login")]
    pub(crate) enroll: Option<String>,
    /// The most seconds that the last proof may be ago; only with `step_up_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 300)]
    pub(crate) max_age: Option<u64>,
    /// `aal2` if a second factor is needed; only with `step_up_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "aal2")]
    pub(crate) acr_values: Option<&'static str>,
    /// The page that asks for the proof; only with `step_up_required`. Add the address to go on to, percent-encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://accounts.example.org/confirm?next=")]
    pub(crate) confirm_url: Option<String>,
}

/// The codes of this library. A host gives none of them to its own refusals.
const CODES: [&str; 39] = [
    "ambiguous_credentials",
    "attempt_refused",
    "challenge_required",
    "cross_site",
    "email_exists",
    "email_login_off",
    "email_not_verified",
    "insufficient_scope",
    "internal",
    "invalid",
    "invalid_link",
    "invalid_session",
    "invalid_token",
    "last_way_in",
    "limit_reached",
    "login_expired",
    "mail_not_configured",
    "method_not_allowed",
    "missing_role",
    "not_authenticated",
    "not_found",
    "passkey_exists",
    "passkey_refused",
    "passkeys_not_configured",
    "password_login_off",
    "registration_closed",
    "request_timeout",
    "second_factor_not_configured",
    "second_step_required",
    "step_up_required",
    "too_large",
    "too_many_attempts",
    "unavailable",
    "unknown_passkey",
    "unsupported_media_type",
    "wrong_credentials",
    "wrong_otp",
    "wrong_password",
    "wrong_recovery_code",
];

impl Error {
    pub(crate) fn field(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// Returns `true` if a host may use this code for its own refusals: it has the form of a code, and is none of ours.
    pub(crate) fn is_free_code(code: &str) -> bool {
        let fits = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        (1..=64).contains(&code.len()) && code.bytes().all(fits) && !CODES.contains(&code)
    }

    /// Returns the status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status_and_code().0
    }

    /// Returns the kind of error, for programs. A code never changes its meaning.
    #[must_use]
    pub fn code(&self) -> &str {
        if let Self::RefusedByHost { code, .. } = self { code } else { self.status_and_code().1 }
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::EmailExists => (StatusCode::BAD_REQUEST, "email_exists"),
            Self::WrongCredentials => (StatusCode::UNAUTHORIZED, "wrong_credentials"),
            Self::NotAuthenticated => (StatusCode::UNAUTHORIZED, "not_authenticated"),
            Self::InvalidSession => (StatusCode::UNAUTHORIZED, "invalid_session"),
            Self::InvalidAccessToken => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Self::WrongPassword => (StatusCode::FORBIDDEN, "wrong_password"),
            Self::CrossSite => (StatusCode::FORBIDDEN, "cross_site"),
            Self::AttemptRefused | Self::RefusedByHost { .. } => (StatusCode::FORBIDDEN, "attempt_refused"),
            Self::ChallengeRequired(_) => (StatusCode::FORBIDDEN, "challenge_required"),
            Self::RegistrationClosed => (StatusCode::FORBIDDEN, "registration_closed"),
            Self::InvalidLink => (StatusCode::BAD_REQUEST, "invalid_link"),
            Self::PasswordLogInOff => (StatusCode::FORBIDDEN, "password_login_off"),
            Self::EmailLogInOff => (StatusCode::FORBIDDEN, "email_login_off"),
            Self::MailNotConfigured => (StatusCode::FORBIDDEN, "mail_not_configured"),
            Self::EmailNotVerified => (StatusCode::FORBIDDEN, "email_not_verified"),
            Self::SecondStepRequired { .. } => (StatusCode::FORBIDDEN, "second_step_required"),
            Self::LogInExpired => (StatusCode::BAD_REQUEST, "login_expired"),
            Self::WrongOtp => (StatusCode::FORBIDDEN, "wrong_otp"),
            Self::WrongRecoveryCode => (StatusCode::FORBIDDEN, "wrong_recovery_code"),
            Self::SecondFactorNotConfigured => (StatusCode::FORBIDDEN, "second_factor_not_configured"),
            Self::PasskeysNotConfigured => (StatusCode::FORBIDDEN, "passkeys_not_configured"),
            Self::PasskeyRefused(_) => (StatusCode::BAD_REQUEST, "passkey_refused"),
            Self::UnknownPasskey => (StatusCode::UNAUTHORIZED, "unknown_passkey"),
            Self::PasskeyExists => (StatusCode::CONFLICT, "passkey_exists"),
            Self::LastWayIn => (StatusCode::CONFLICT, "last_way_in"),
            Self::LimitReached(_) => (StatusCode::CONFLICT, "limit_reached"),
            Self::StepUpRequired(_) => (StatusCode::UNAUTHORIZED, "step_up_required"),
            Self::MissingRole(_) => (StatusCode::FORBIDDEN, "missing_role"),
            Self::InsufficientScope(_) => (StatusCode::FORBIDDEN, "insufficient_scope"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::AmbiguousCredentials => (StatusCode::BAD_REQUEST, "ambiguous_credentials"),
            Self::RequestTimeout => (StatusCode::REQUEST_TIMEOUT, "request_timeout"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::UnsupportedMediaType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            Self::TooManyAttempts(_) | Self::TooManyLogIns(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts")
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    pub(crate) fn problem(&self) -> Problem {
        let status = self.status();
        let errors = if let Self::Invalid(errors) = self { errors.clone() } else { Vec::new() };
        let role = if let Self::MissingRole(roles) = self { Some(roles.join(" ")) } else { None };
        let enroll = if let Self::SecondStepRequired { enroll, .. } = self { enroll.clone() } else { None };
        let step_up = if let Self::StepUpRequired(step_up) = self { Some(&**step_up) } else { None };
        let methods = match self {
            Self::SecondStepRequired { methods, .. } => Some(methods.clone()),
            _ => step_up.map(|step_up| step_up.methods.clone()),
        };
        Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: self.code().to_owned(),
            detail: self.to_string(),
            errors,
            role,
            methods,
            enroll,
            max_age: step_up.and_then(|step_up| step_up.max_age),
            acr_values: step_up.and_then(StepUp::acr_values),
            confirm_url: step_up.and_then(|step_up| step_up.confirm_url.clone()),
        }
    }

    /// Adds the headers of this error to a response with any body.
    pub(crate) fn with_headers(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        // On the host's own routes, no layer of ours adds this.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            // RFC 6750, section 3: no error code for a request that carried no token.
            Self::NotAuthenticated | Self::WrongCredentials | Self::UnknownPasskey => {
                headers
                    .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"doorward\""));
            }
            Self::InvalidSession => {
                let challenge = "Bearer realm=\"doorward\", error=\"invalid_token\", error_description=\"The session is not valid\"";
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            }
            Self::InvalidAccessToken => {
                let challenge = "Bearer realm=\"doorward\", error=\"invalid_token\", error_description=\"The access token is not valid here\"";
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            }
            Self::InsufficientScope(scope) => {
                let challenge =
                    format!("Bearer realm=\"doorward\", error=\"insufficient_scope\", scope=\"{scope}\"");
                // The name is text of the host.
                if let Ok(challenge) = HeaderValue::try_from(challenge) {
                    headers.insert(header::WWW_AUTHENTICATE, challenge);
                }
            }
            Self::StepUpRequired(step_up) => {
                let challenge = HeaderValue::try_from(step_up.challenge()).expect("our texts are ASCII");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            Self::TooManyAttempts(seconds) | Self::TooManyLogIns(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(pause()));
            }
            Self::TooLarge(_) | Self::RequestTimeout => {
                // The rest of the body is not read.
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

/// Returns the seconds after which a client may try again: 1 to 4, at random.
fn pause() -> u16 {
    let mut random = [0_u8];
    // Without random bytes, each client waits for a second.
    let _ = getrandom::fill(&mut random);
    u16::from(random[0]) % 4 + 1
}

impl IntoResponse for Error {
    /// Also attaches the error itself, so that a layer can show it in another form.
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.problem())).into_response();
        response.extensions_mut().insert(self.clone());
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.with_headers(response)
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(cause) => {
                tracing::warn!(cause, "the database is unavailable");
                Self::Unavailable
            }
            other => {
                tracing::error!(cause = %other, "a statement failed");
                Self::Internal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_gives_no_code_of_ours_to_its_own_refusals() {
        let source = include_str!("error.rs").split("fn status_and_code").nth(1).unwrap();
        let source = source.split("pub(crate) fn problem").next().unwrap();
        let ours: Vec<_> = source.split('"').skip(1).step_by(2).collect();
        assert_eq!(ours.len(), CODES.len());
        assert!(ours.iter().all(|code| !Error::is_free_code(code)), "{ours:?}");
        for (code, is_free) in [
            ("invite_needed", true),
            ("code_2", true),
            ("", false),
            ("Invite", false),
            ("invite needed", false),
            ("\u{e9}", false),
            (&"a".repeat(65), false),
        ] {
            assert_eq!(Error::is_free_code(code), is_free, "{code}");
        }
    }
}
