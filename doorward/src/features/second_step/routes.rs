//! The second step of a log-in with a cookie: `POST /login/second-step`.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{
        second_factor::Shown,
        second_step::{self, Step},
    },
    auth::Auth,
    base::{
        error::{Error, Problem, Result},
        http::input::{Fields, Input, Json},
    },
    model::{client::Client, session::Transport, user::User},
    web::{
        answers::{BadBody, ServerErrors, TooMany},
        cookies, current_user,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(take_second_step))
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
    /// `true` if this browser needs no second step for a while (`trust_browser_for`).
    trust_browser: Option<bool>,
}

/// The body of `POST /login/second-step`.
struct Taken(Step);

impl Input for Taken {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let shown = Shown::read(fields);
        let trust_browser = fields.optional_switch("trust_browser");
        Some(Self(Step { shown: shown?, trust_browser: trust_browser?.unwrap_or(false) }))
    }
}

/// Take the second step of a log-in.
///
/// For pages in a browser, after `POST /login` has answered `second_step_required`. The log-in is found by the cookie that
/// this answer set. It waits for ten minutes and allows five tries. With `trust_browser`, later log-ins in this browser need
/// no second step for a while. Their sessions are `aal1`.
#[utoipa::path(
    post, path = "/login/second-step", tag = "session", request_body = SecondStep,
    responses(
        (status = 200, description = "Logged in", body = User, headers(("Set-Cookie" = String, description = "The session cookie and the device cookie, as with `POST /login`"))),
        (status = 400, description = "There is no log-in that waits, or not any more: begin anew (`login_expired`). Or a cookie came more than once (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
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
