//! Changes the address: `PATCH /me` requests it, `POST /confirm-email` confirms it from the new address, and
//! `POST /undo-email-change` undoes it from the old one.

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
        answers::{self, Accepted, BadBody, BadLink, CrossSite, ServerErrors, TooMany},
        cookies,
        current_user::CurrentSession,
        mailed::proof_body,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(confirm)).routes(routes!(undo))
}

/// The change of an account. Only the address can change.
#[derive(ToSchema)]
#[schema(as = UserChange)]
pub(super) struct UserChange {
    /// The new e-mail address.
    #[schema(value_type = String, format = "email", example = "ann@example.com")]
    email: Email,
    /// The current password. It is needed if the log-in is more than five minutes ago.
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
/// A mail goes to the new address, which counts after `POST /confirm-email`. The answer is the same whether or not
/// another account has that address. If the server sends no mail, the new address counts at once, as unverified.
///
/// If the request contains the password, a browser gets a new session cookie, and the old one is no longer valid. A
/// bearer token stays the same.
#[utoipa::path(
    patch, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = UserChange,
    responses(
        (status = 200, description = "The user, with the address they have now", body = User),
        (status = 202, description = "Accepted; a mail is sent only if one is needed", body = Accepted),
        (status = 400, description = "The address already has an account (`email_exists`; only if the server sends no mail), or more than one credential came with the request (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No session came with the request (`not_authenticated`), or it is not valid (`invalid_session`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The log-in is more than five minutes ago and the request contains no password (`step_up_required`), the password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
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
    /// The `token` of the link in the mail to the new address, or the `code` of that mail and the current `email`
    /// address of the account.
    EmailConfirmation, "dw_c_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw"
}

/// Confirm a new address.
///
/// Send the token of the link in the mail to the new address, or the code of that mail and the current address. They
/// work once: the link for 24 hours, the code for 10 minutes. Five codes may be tried in 30 minutes. If the old address
/// was verified, its owner can undo the change for 7 days.
#[utoipa::path(
    post, path = "/confirm-email", tag = "mail", request_body = EmailConfirmation,
    responses((status = 204, description = "The account has the new address"), BadLink, CrossSite, TooMany, BadBody, ServerErrors)
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

/// Undo a change of address.
///
/// Ends all sessions of the user and deletes the password, because an attacker may know it. A mail to the old address
/// lets the user choose a new one.
#[utoipa::path(
    post, path = "/undo-email-change", tag = "mail", request_body = Undo,
    responses((status = 204, description = "The account has its old address again"), BadLink, CrossSite, TooMany, BadBody, ServerErrors)
)]
async fn undo(State(auth): State<Auth>, client: Client, Json(undo): Json<Undo>) -> Result<StatusCode> {
    flow::undo(&auth, &undo.token, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
