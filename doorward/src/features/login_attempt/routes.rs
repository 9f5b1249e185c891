//! `POST /login-attempt` sends a link that allows one attempt to log in.

use axum::{extract::State, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::Auth,
    base::{
        error::Result,
        http::input::{Json, Told},
    },
    features::login_attempt::flow,
    model::client::Client,
    web::{
        answers::{self, Accepted, BadBody, NoMail, ServerErrors, TooManyMails},
        mailed::address_body,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(login_attempt))
}

address_body!(LoginAttemptRequest);

/// Ask for a link that allows one attempt to log in.
///
/// For owners whose log-in is refused with 429, because strangers guess at their account. The link in the mail opens the
/// page of the log-in. A program sends the token of the link as `attempt_token` to `POST /login` or `POST /token`. It
/// works once, for 30 minutes, and only with the correct password.
///
/// The answer is the same whether or not the account exists, and whether or not a mail is sent. Only a verified address
/// gets one. The number of mails is limited: for each address in 15 minutes, and for each client in an hour.
#[utoipa::path(
    post, path = "/login-attempt", tag = "mail", request_body = LoginAttemptRequest,
    responses((status = 202, description = "Accepted; a mail is sent only if one is needed", body = Accepted), NoMail, TooManyMails, BadBody, ServerErrors)
)]
async fn login_attempt(
    State(auth): State<Auth>,
    client: Client,
    Json(Told { input: request, fields }): Json<Told<LoginAttemptRequest>>,
) -> Result<Response> {
    let client = client.telling(fields);
    flow::ask(&auth, &request.email, &client).await?;
    Ok(answers::accepted())
}
