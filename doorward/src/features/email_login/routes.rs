//! `POST /login/email` asks for a mail that logs in. `POST /login/email/finish` takes its link or its code.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use crate::{
    accounts::{
        email_log_in::{self, Shown, Taken},
        pending_login,
        session::Outcome,
    },
    auth::Auth,
    base::{
        email::Email,
        error::{Error, Problem, Result},
        http::input::{Fields, Input, Json, Told},
        secret,
    },
    model::{client::Client, session::Transport, user::User},
    web::{
        answers::{BadBody, ServerErrors, TooMany, TooManyMails},
        cookies, current_user, next,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(finish))
}

/// An address to log in with, and where to.
#[derive(ToSchema)]
pub(super) struct EmailLogin {
    /// The e-mail address of the account. Case does not matter.
    #[schema(value_type = String, format = "email", example = "ann@example.org")]
    email: Email,
    /// Where the page `/login/link` leads to after the log-in: a path here, or an address of `next_origins`.
    #[schema(example = "/start")]
    next: Option<String>,
    /// How this client keeps the log-in until the mail comes. `cookie`, also if it is missing: in a cookie, for pages.
    /// `bearer`: the answer has a `login_token`, for programs and apps on phones.
    #[schema(value_type = Option<String>, example = "cookie")]
    transport: Transport,
}

impl Input for EmailLogin {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.email("email");
        let next = fields.optional_text("next");
        let transport = match fields.optional_text("transport")?.as_deref() {
            None | Some("cookie") => Some(Transport::Cookie),
            Some("bearer") => Some(Transport::Bearer),
            Some(_) => fields.wrong("transport", "expected cookie or bearer"),
        };
        Some(Self { email: email?, next: next?, transport: transport? })
    }
}

/// The request was accepted. A mail is sent to an address with or without an account; the answer does not say which.
#[derive(Serialize, ToSchema)]
struct EmailLoginBegun {
    /// The next step, for people.
    #[schema(example = "If this address can be used, a mail is on its way to it")]
    detail: &'static str,
    /// The token of this log-in, only with `transport: bearer`. The code of the mail works only together with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "dw_p_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    login_token: Option<String>,
    /// Seconds for which this log-in waits. The code of the mail works for 10 minutes, its link for 15.
    #[schema(example = 1800)]
    expires_in: i64,
}

/// Ask for a mail that logs in.
///
/// The mail has a link and a code. Both work only in the browser or program that asked: the answer sets a cookie, or
/// holds a `login_token`. Needs the setting `email_login`.
///
/// The answer is the same whether or not the account exists, and whether or not a mail is sent. The number of mails is
/// limited. For each address in 15 minutes, silently: further mails are left out. For each client in an hour, with 429.
#[utoipa::path(
    post, path = "/login/email", tag = "session", request_body = EmailLogin,
    responses(
        (status = 202, description = "Accepted. Unless `transport` is `bearer`, the answer sets the cookie of a log-in that waits", body = EmailLoginBegun),
        (status = 403, description = "Log-in by mail is off (`email_login_off`), this server sends no mail (`mail_not_configured`), another site's page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for more (`challenge_required`)", body = Problem, content_type = "application/problem+json"),
        TooManyMails, BadBody, ServerErrors,
    )
)]
async fn ask(
    State(auth): State<Auth>,
    client: Client,
    Json(Told { input: asked, fields }): Json<Told<EmailLogin>>,
) -> Result<Response> {
    let EmailLogin { email, next, transport } = asked;
    if next.as_deref().is_some_and(|next| next::checked(next, auth.site()).is_none()) {
        return Err(Error::field("next", "expected a path here, or an address of an origin in next_origins"));
    }
    let client = client.telling(fields);
    let mut pending = email_log_in::ask(&auth, &email, next.as_deref(), transport, &client).await?;
    let expires_in = pending.lifetime();
    let begun = |login_token| EmailLoginBegun {
        detail: "If this address can be used, a mail is on its way to it",
        login_token,
        expires_in,
    };
    Ok(match transport {
        Transport::Bearer => (StatusCode::ACCEPTED, Answer(begun(pending.token.take()))).into_response(),
        Transport::Cookie => {
            cookies::second_step(&auth, &pending, (StatusCode::ACCEPTED, Answer(begun(None))))
        }
    })
}

/// The proof from a mail that logs in: the `token` of its link, or its `code`.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes `Finish`")]
struct EmailProof {
    /// The token of a log-in that was begun with `transport: bearer`. Without it, the cookie says which log-in it is.
    #[schema(example = "dw_p_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    login_token: Option<String>,
    /// The token of the link.
    #[schema(example = "dw_l_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    token: Option<String>,
    /// The code. Case, spaces and dashes do not matter.
    #[schema(example = "K7WM-2QXD")]
    code: Option<String>,
}

/// The content of an [`EmailProof`].
struct Finish {
    login_token: Option<Zeroizing<String>>,
    shown: Shown,
}

impl Input for Finish {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let login_token = fields.optional_text("login_token");
        let shown = Shown::read(fields);
        Some(Self { login_token: login_token?.map(Zeroizing::new), shown: shown? })
    }
}

/// Log in with a link or a code from a mail.
///
/// After `POST /login/email`, or after `POST /login` has answered `second_step_required` with the method `email`. Five
/// codes may be tried. A newer mail makes the older one worthless.
#[utoipa::path(
    post, path = "/login/email/finish", tag = "session", request_body = EmailProof,
    responses(
        (status = 200, description = "Logged in", body = User, headers(("Set-Cookie" = String, description = "The session cookie and the device cookie, as with `POST /login`"))),
        (status = 400, description = "The link or code does not work, or belongs to another browser (`invalid_link`). There is no log-in that waits, or not any more: begin anew (`login_expired`). Or a cookie came more than once (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The account may not log in any more (`wrong_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A second factor is missing (`second_step_required`): the answer sets the cookie of a log-in that waits. Or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
    )
)]
async fn finish(
    State(auth): State<Auth>,
    client: Client,
    headers: HeaderMap,
    Json(Finish { login_token, shown }): Json<Finish>,
) -> Result<Response> {
    let waiting = match &login_token {
        Some(token) => secret::hash(pending_login::TOKEN, token),
        None => cookies::waiting_log_in(&auth, &headers),
    };
    let waiting = waiting.ok_or(Error::LogInExpired)?;
    let replaced = current_user::session_cookie(&auth, &headers)?;
    let way = (waiting, Transport::Cookie);
    let taken = Box::pin(email_log_in::take(&auth, way, &shown, client, replaced));
    let Taken { user, outcome, .. } = taken.await?;
    Ok(match outcome {
        Outcome::LoggedIn(logged_in) => {
            (cookies::second_step_taken(&auth, &logged_in), Answer(user)).into_response()
        }
        Outcome::SecondStep(pending) => cookies::second_step(&auth, &pending, pending.refusal()),
    })
}
