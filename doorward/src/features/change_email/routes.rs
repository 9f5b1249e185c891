//! Changing the address: `PATCH /me` asks for it, `POST /confirm-email` confirms it from the new address, and
//! `POST /undo-email-change` takes it back from the old one.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{credential, one_time::proof::Proof},
    auth::Auth,
    base::{
        email::Email,
        error::{Problem, Result},
        http::input::{Fields, Input, Json},
        passwords::password::Password,
    },
    features::change_email::flow::{self, Asked},
    model::{client::Client, user::User},
    web::{
        answers::{self, Accepted, BadBody, BadLink, Refused, TooMany, Trouble},
        cookies,
        current_user::CurrentSession,
        mailed::proof_body,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(confirm)).routes(routes!(undo))
}

/// What a user may change about themselves.
#[derive(ToSchema)]
#[schema(as = UserChange)]
pub(super) struct UserChange {
    /// The new e-mail address.
    #[schema(value_type = String, format = "email", example = "ann@example.com")]
    email: Email,
    /// The current password, needed if the log-in is more than five minutes ago.
    #[schema(value_type = Option<String>, format = "password", example = "correct horse battery")]
    current_password: Option<Password>,
}

impl Input for UserChange {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.email("email");
        let current_password = fields.optional_password("current_password");
        Some(Self { email: email?, current_password: current_password? })
    }
}

/// Change the e-mail address.
///
/// A mail goes to the new address, which counts once that is answered (`POST /confirm-email`); the answer is the same
/// whether or not somebody has that address already. Where no mail can be sent it counts at once, as unverified.
///
/// Where the password was sent, the cookie of a browser is another after it, and the one before is not valid any more. A
/// bearer token stays the same.
#[utoipa::path(
    patch, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = UserChange,
    responses(
        (status = 200, description = "The user as they are now", body = User),
        (status = 202, description = "A mail is sent if there is reason to", body = Accepted),
        (status = 400, description = "The address has an account already (`email_exists`; only where no mail can be sent), or more than one credential came with the request (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No session came with the request (`not_authenticated`), or it is not valid (`invalid_session`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The log-in is too long ago and no password was sent (`step_up_required`), the password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, Trouble,
    )
)]
async fn change(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(change): Json<UserChange>,
) -> Result<Response> {
    let proved = credential::step_up(&auth, &session, change.current_password, &client).await?;
    let (asked, renewed) = flow::ask(&auth, &session, proved.as_ref(), &change.email, &client).await?;
    let answer = match asked {
        Asked::Done(user) => axum::Json(user).into_response(),
        Asked::Sent => answers::accepted(),
    };
    Ok(cookies::renewed(&auth, renewed.as_ref(), answer))
}

proof_body! {
    /// The `token` of the link in the mail to the new address, or the `code` of the mail with the current `email` address
    /// of the account.
    EmailConfirmation, "dw_c_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw"
}

/// Let a new address count.
///
/// With the token of the link in the mail to the new address, or with its code and the address until now. Each works
/// once, the link for a day, the code for ten minutes. Five codes may be tried in half an hour. Whoever reads mail at the
/// old address, if that was verified, can take it back for seven days.
#[utoipa::path(
    post, path = "/confirm-email", tag = "mail", request_body = EmailConfirmation,
    responses((status = 204, description = "The account has the new address"), BadLink, Refused, TooMany, BadBody, Trouble)
)]
async fn confirm(State(auth): State<Auth>, client: Client, Json(proof): Json<Proof>) -> Result<StatusCode> {
    flow::confirm(&auth, &proof, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The token of the link in the mail to the old address.
#[derive(ToSchema)]
#[schema(as = EmailChangeUndo)]
pub(super) struct Undo {
    /// The token of the link.
    #[schema(example = "dw_u_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    token: String,
}

impl Input for Undo {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: fields.text("token")? })
    }
}

/// Take back a change of address.
///
/// All sessions of the user end, and their password does not work any more: whoever changed the address may know it. A
/// mail comes with which a new one can be chosen.
#[utoipa::path(
    post, path = "/undo-email-change", tag = "mail", request_body = Undo,
    responses((status = 204, description = "The account has its old address"), BadLink, Refused, TooMany, BadBody, Trouble)
)]
async fn undo(State(auth): State<Auth>, client: Client, Json(undo): Json<Undo>) -> Result<StatusCode> {
    flow::undo(&auth, &undo.token, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
