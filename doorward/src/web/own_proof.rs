//! Describes the body with a proof of a logged-in user, and the answers of the routes that ask for one.

use utoipa::{IntoResponses, ToSchema};

use crate::base::{error::Problem, passwords::password::Password};

/// A proof of the user: only one of them.
#[derive(ToSchema)]
#[schema(as = OwnProof)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes the input `OwnProof`")]
pub(crate) struct OwnProof {
    /// The current password.
    #[schema(value_type = Option<String>, format = "password", example = "correct horse battery")]
    current_password: Option<Password>,
    /// A code of the authenticator app. Spaces and dashes do not matter.
    #[schema(example = "123456")]
    otp: Option<String>,
    /// A recovery code. It works once.
    #[schema(example = "ABCD-EFGH-JKLM")]
    recovery_code: Option<String>,
    /// The answer of a passkey, as `toJSON()` of the credential says it, to `POST /step-up/options`.
    #[schema(value_type = Option<Object>)]
    credential: Option<serde_json::Value>,
}

/// Errors of a route for users who have proved who they are a moment ago, about the credential and the proof.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers; `Error` gives them")]
pub(crate) enum NotProved {
    /// More than one credential came with the request (`ambiguous_credentials`), or a passkey was refused, and the text
    /// says why (`passkey_refused`).
    #[response(status = 400, content_type = "application/problem+json")]
    Ambiguous(Problem),
    /// No session came with the request (`not_authenticated`), or it is not valid (`invalid_session`). Or the user must
    /// prove who they are first (`step_up_required`): with one of `methods`, by `POST /step-up` or at `confirm_url`.
    #[response(
        status = 401,
        content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "`Bearer`, RFC 6750 section 3; with `step_up_required` as in RFC 9470 section 3"))
    )]
    Unauthorized(Problem),
}
