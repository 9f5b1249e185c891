//! Changes the address: `PATCH /me` requests it, `POST /confirm-email` confirms it from the new address, and
//! `POST /undo-email-change` undoes it from the old one. `POST /undo-email-change/request` sends that mail again, and
//! `DELETE /undo-email-change` ends what former addresses can do.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{one_time::proof::Proof, own_details},
    auth::Auth,
    base::{
        email::Email,
        error::{Error, Problem, Result},
        http::input::{Fields, Input, Json, Told},
        passwords::password::Password,
        profile::Changes,
        step_up::StepUp,
    },
    features::change_email::flow::{self, Asked, Undone},
    model::{client::Client, user::User},
    web::{
        answers::{
            self, Accepted, BadBody, BadCredential, BadLink, CrossSite, NoMail, ServerErrors, TooMany,
            TooManyMails,
        },
        cookies,
        current_user::RequestSession,
        mailed::{address_body, proof_body},
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new()
        .routes(routes!(change))
        .routes(routes!(confirm))
        .routes(routes!(undo, end_undo))
        .routes(routes!(request_undo))
}

/// The change of an account: the address alone, or the display name and the profile.
#[derive(ToSchema)]
#[schema(as = UserChange)]
#[serde(deny_unknown_fields)]
pub(super) struct UserChange {
    /// The new e-mail address.
    #[schema(value_type = Option<String>, nullable = false, format = "email", example = "ann@example.com")]
    email: Option<Email>,
    /// The current password, for another address. Without it the answer is 401 `step_up_required`, also right after a
    /// log-in.
    #[schema(value_type = Option<String>, format = "password", example = "correct horse battery")]
    current_password: Option<Password>,
    /// The name that others see: 1 to 64 characters on one line. `null` removes it.
    #[schema(value_type = Option<String>, max_length = 64, example = "Ann")]
    display_name: Option<Option<String>>,
    /// The further fields that are to change. The others stay; `null` removes a value.
    #[schema(value_type = Option<Object>)]
    profile: Changes,
}

impl Input for UserChange {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let has_details = fields.has("display_name") || fields.has("profile");
        let display_name = fields.display_name("display_name");
        let profile = fields.profile("profile", false);
        fields.refuse_roles();
        let email = if has_details {
            if fields.optional_text("email").flatten().is_some() {
                fields.wrong::<()>("email", "expected in a request of its own");
            }
            Some(None)
        } else {
            fields.new_email("email").map(Some)
        };
        let current_password = fields.optional_password("current_password");
        Some(Self {
            email: email?,
            current_password: current_password?,
            display_name: display_name?,
            profile: profile?,
        })
    }
}

/// Change the e-mail address, or the display name and the profile.
///
/// The display name and the fields of the profile change at once. Another address is asked for in a request of its own:
///
/// A mail goes to the new address, which counts after `POST /confirm-email`. The answer is the same whether or not
/// another account has that address. If the server sends no mail, the new address counts at once, as unverified.
///
/// The request contains the current password each time, so a stolen token alone moves no account. A browser that asks
/// for another address gets a new session cookie, and the old one is no longer valid. A bearer token stays the same.
#[utoipa::path(
    patch, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = UserChange,
    responses(
        (status = 200, description = "The user, with the address they have now", body = User),
        (status = 202, description = "Accepted; a mail is sent only if one is needed", body = Accepted),
        (status = 400, description = "The address already has an account (`email_exists`; only if the server sends no mail), or more than one credential came with the request (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No session came with the request (`not_authenticated`), it is not valid (`invalid_session`), or the request contains no password (`step_up_required`)", body = Problem, content_type = "application/problem+json", headers(("WWW-Authenticate" = String, description = "`Bearer`, RFC 6750 section 3; with `step_up_required` as in RFC 9470 section 3"))),
        (status = 403, description = "The password is wrong (`wrong_password`), another site's page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for more (`challenge_required`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
    )
)]
async fn change(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(Told { input: change, fields }): Json<Told<UserChange>>,
) -> Result<Response> {
    let client = client.telling(fields);
    let Some(email) = change.email else {
        let user = own_details::change(&auth, &session, change.display_name, change.profile).await?;
        return Ok(axum::Json(user).into_response());
    };
    let password =
        change.current_password.ok_or_else(|| Error::StepUpRequired(Box::new(StepUp::in_the_request())))?;
    let (asked, renewed) = flow::ask(&auth, &session, password, &email, &client).await?;
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
#[serde(deny_unknown_fields)]
pub(super) struct Undo {
    /// The token of the link.
    #[schema(example = "dw_u_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    token: String,
}

impl Input for Undo {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: fields.text("token")? })
    }
}

/// The account is frozen.
#[derive(Serialize, ToSchema)]
struct Frozen {
    /// What happened, for people.
    #[schema(example = "Two addresses claim this account. Nobody can log in until an operator decides")]
    detail: &'static str,
}

/// Undo a change of address.
///
/// Ends all sessions of the user and deletes the password, because an attacker may know it. A mail to the old address
/// lets the user choose a new one.
///
/// The owner of a later address may have chosen a password by mail since the change. Then nobody is handed the account.
/// If the old address was verified and in use for more than 7 days before the change, the account is frozen: it is
/// disabled, a mail tells both addresses, and an operator decides. Otherwise the link does not work any more.
#[utoipa::path(
    post, path = "/undo-email-change", tag = "mail", request_body = Undo,
    responses(
        (status = 204, description = "The account has its old address again"),
        (status = 202, description = "The account is frozen until an operator decides", body = Frozen),
        BadLink, CrossSite, TooMany, BadBody, ServerErrors,
    )
)]
async fn undo(State(auth): State<Auth>, client: Client, Json(undo): Json<Undo>) -> Result<Response> {
    Ok(match flow::undo(&auth, &undo.token, &client).await? {
        Undone::GivenBack => StatusCode::NO_CONTENT.into_response(),
        Undone::Frozen => {
            let detail = "Two addresses claim this account. Nobody can log in until an operator decides";
            (StatusCode::ACCEPTED, axum::Json(Frozen { detail })).into_response()
        }
    })
}

address_body!(UndoRequest);

/// Ask once more for the mail that undoes a change of address.
///
/// `email` is the old address. The answer is the same whether or not a change of it can still be undone. The newest
/// link replaces the older one and works until the same moment. The number of mails is limited. For each address in 15
/// minutes, silently: further mails are left out. For each client in an hour, with 429.
#[utoipa::path(
    post, path = "/undo-email-change/request", tag = "mail", request_body = UndoRequest,
    responses((status = 202, description = "Accepted; a mail is sent only if one is needed", body = Accepted), NoMail, TooManyMails, BadBody, ServerErrors)
)]
async fn request_undo(
    State(auth): State<Auth>,
    client: Client,
    Json(Told { input: request, fields }): Json<Told<UndoRequest>>,
) -> Result<Response> {
    let client = client.telling(fields);
    flow::ask_for_undo(&auth, &request.email, &client).await?;
    Ok(answers::accepted())
}

/// The password, to end what former addresses can do.
#[derive(ToSchema)]
#[schema(as = UndoEnd)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoEnd {
    /// The current password.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    current_password: Password,
}

impl Input for UndoEnd {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { current_password: fields.password("current_password")? })
    }
}

/// What former addresses can still do.
#[derive(Serialize, ToSchema)]
struct EndedUndos {
    /// How many former addresses could take the account back, and cannot any more.
    #[schema(example = 1)]
    ended: u64,
    /// How many former addresses can still freeze the account: those that were in use for more than 7 days.
    #[schema(example = 0)]
    can_freeze: u64,
}

/// End what former addresses can do.
///
/// From now on no former address can take the account back. One that was verified and in use for more than 7 days
/// before its change can still freeze the account, for the rest of its 7 days: otherwise a thief who knows the password
/// could keep the account. A browser gets a new session cookie. A bearer token stays the same.
#[utoipa::path(
    delete, path = "/undo-email-change", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = UndoEnd,
    responses(
        (status = 200, description = "What former addresses can still do", body = EndedUndos),
        (status = 403, description = "The password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, ServerErrors,
    )
)]
async fn end_undo(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(end): Json<UndoEnd>,
) -> Result<Response> {
    let (after, renewed) = flow::end_undo(&auth, &session, end.current_password, &client).await?;
    let ended = EndedUndos { ended: after.ended, can_freeze: after.kept };
    Ok(cookies::renewed(&auth, renewed.as_ref(), axum::Json(ended).into_response()))
}
