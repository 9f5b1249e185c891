//! The second step of a log-in with a cookie, `POST /login/second-step`, and what a passkey is asked for it.

use axum::{
    Json as Answer,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use doorward_passkey::{AuthenticationResponse, RequestOptions};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{
        limit::passkey_options,
        passkey::{self, challenges::Purpose},
        pending_login,
        second_factor::Shown,
        second_step::{self, Step},
    },
    auth::Auth,
    base::{
        error::{Error, Problem, Result},
        http::input::{Fields, Input, Json, MAX_CREDENTIAL},
        secret,
    },
    model::{client::Client, session::Transport, user::User},
    web::{
        answers::{BadBody, PasskeyOptions, ServerErrors, TooMany},
        cookies, current_user,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(take_second_step)).routes(routes!(second_step_options))
}

/// The second factor of a log-in: one of the two.
#[derive(ToSchema)]
#[schema(as = SecondStep)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes `Taken`")]
pub(super) struct SecondStep {
    /// A code of the authenticator app. Spaces and dashes do not matter.
    #[schema(example = "123456")]
    otp: Option<String>,
    /// A recovery code. It works once.
    #[schema(example = "ABCD-EFGH-JKLM")]
    recovery_code: Option<String>,
    /// The answer of a passkey, as `toJSON()` of the credential says it, to `POST /login/second-step/options`.
    #[schema(value_type = Option<Object>)]
    credential: Option<AuthenticationResponse>,
    /// `true` if this browser needs no second step for a while (`trust_browser_for`).
    trust_browser: Option<bool>,
}

/// The body of `POST /login/second-step`.
struct Taken(Step);

impl Input for Taken {
    const MAX_BODY: usize = MAX_CREDENTIAL;
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let shown = Shown::read(fields);
        let trust_browser = fields.optional_switch("trust_browser");
        Some(Self(Step { shown: shown?, trust_browser: trust_browser?.unwrap_or(false) }))
    }
}

/// The log-in of a program that waits.
#[derive(ToSchema)]
#[schema(as = WaitingLogin)]
pub(super) struct WaitingLogin {
    /// The `mfa_token` of an answer `mfa_required`. A browser sends its cookie instead.
    #[schema(example = "dw_p_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    mfa_token: Option<String>,
}

impl Input for WaitingLogin {
    const MAY_BE_MISSING: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { mfa_token: fields.optional_text("mfa_token")? })
    }
}

/// Get options for the second step with a passkey.
///
/// A page passes them to `PublicKeyCredential.parseRequestOptionsFromJSON`, and the result as `publicKey` to
/// `navigator.credentials.get()`. The answer is the `credential` of the second step.
#[utoipa::path(
    post, path = "/login/second-step/options", tag = "session", request_body = WaitingLogin,
    responses(
        (status = 200, description = "The options (WebAuthn, section 5.5)", body = PasskeyOptions),
        (status = 400, description = "There is no log-in that waits, or not any more: begin anew (`login_expired`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "This server is not set up for passkeys (`passkeys_not_configured`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The user has no passkey (`not_found`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
    )
)]
async fn second_step_options(
    State(auth): State<Auth>,
    client: Client,
    headers: HeaderMap,
    Json(WaitingLogin { mfa_token }): Json<WaitingLogin>,
) -> Result<Answer<RequestOptions>> {
    passkey_options::count(&auth, &client).await?;
    let (token, transport) = match mfa_token {
        Some(token) => (secret::hash(pending_login::TOKEN, &token), Transport::Bearer),
        None => (cookies::waiting_log_in(&auth, &headers), Transport::Cookie),
    };
    let token = token.ok_or(Error::LogInExpired)?;
    let waiting = pending_login::find(&auth, token, transport).await?.ok_or(Error::LogInExpired)?;
    let passkeys = passkey::usable(auth.db(), waiting.user).await?;
    if passkeys.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Answer(passkey::ask(&auth, Purpose::SecondStep(token), &passkeys).await?))
}

/// Take the second step of a log-in.
///
/// For pages in a browser, after `POST /login` has answered `second_step_required`. The log-in is found by the cookie
/// that this answer set. It waits for ten minutes and allows five tries. With `trust_browser`, later log-ins in this
/// browser need no second step for a while. Their sessions are `aal1`.
#[utoipa::path(
    post, path = "/login/second-step", tag = "session", request_body = SecondStep,
    responses(
        (status = 200, description = "Logged in", body = User, headers(("Set-Cookie" = String, description = "The session cookie and the device cookie, as with `POST /login`"))),
        (status = 400, description = "There is no log-in that waits, or not any more: begin anew (`login_expired`). Or the passkey was refused, and the text says why (`passkey_refused`). Or a cookie came more than once (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The account may not log in any more (`wrong_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The code is wrong or was used before (`wrong_otp`, `wrong_recovery_code`), the address must be verified first (`email_not_verified`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
    )
)]
async fn take_second_step(
    State(auth): State<Auth>,
    client: Client,
    headers: HeaderMap,
    Json(Taken(step)): Json<Taken>,
) -> Result<Response> {
    let waiting = cookies::waiting_log_in(&auth, &headers).ok_or(Error::LogInExpired)?;
    let replaced = current_user::session_cookie(&auth, &headers)?;
    let way = (waiting, Transport::Cookie);
    let (user, logged_in) = Box::pin(second_step::take(&auth, way, &step, client, replaced)).await?;
    Ok((cookies::second_step_taken(&auth, &logged_in), axum::Json(user)).into_response())
}
