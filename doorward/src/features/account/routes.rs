//! One's own account: `GET`, `PATCH` and `DELETE /me`, and `POST /password`.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::credential,
    auth::Auth,
    base::{
        email::Email,
        error::{Problem, Result},
        http::input::{Fields, Input, Json},
        passwords::password::Password,
    },
    features::{
        account,
        change_email::{self, flow::Asked},
    },
    model::{client::Client, session::Transport, user::User},
    web::{
        answers::{self, Accepted, BadBody, BadCredential, Token, TooMany, Trouble},
        cookies,
        current_user::CurrentSession,
    },
};

pub(crate) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(me, change, delete)).routes(routes!(change_password))
}

/// Who is logged in.
#[utoipa::path(
    get, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The user", body = User), BadCredential, Trouble)
)]
async fn me(CurrentSession(session): CurrentSession) -> Response {
    let mut answer = Response::new(Body::from(session.user.json()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// What a user may change about themselves.
#[derive(ToSchema)]
#[schema(as = UserChange)]
pub(crate) struct UserChange {
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
    let (asked, renewed) =
        change_email::flow::ask(&auth, &session, proved.as_ref(), &change.email, &client).await?;
    let answer = match asked {
        Asked::Done(user) => axum::Json(user).into_response(),
        Asked::Sent => answers::accepted(),
    };
    Ok(cookies::renewed(&auth, renewed.as_ref(), answer))
}

/// The password, once more.
#[derive(ToSchema)]
#[schema(as = Confirmation)]
pub(crate) struct Confirmation {
    /// The current password.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    password: Password,
}

impl Input for Confirmation {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { password: fields.password("password")? })
    }
}

/// Delete the account.
///
/// Everything that belongs to it goes with it, at once and for ever.
#[utoipa::path(
    delete, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = Confirmation,
    responses(
        (status = 204, description = "The account is gone"),
        (status = 403, description = "The password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, Trouble,
    )
)]
async fn delete(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(confirmation): Json<Confirmation>,
) -> Result<Response> {
    account::flow::delete(&auth, &session, confirmation.password, &client).await?;
    Ok(match session.transport {
        Transport::Bearer => StatusCode::NO_CONTENT.into_response(),
        Transport::Cookie => cookies::logged_out(&auth, StatusCode::NO_CONTENT),
    })
}

/// The current and the new password.
#[derive(ToSchema)]
#[schema(as = PasswordChange)]
pub(crate) struct PasswordChange {
    /// The current password.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    current_password: Password,
    /// 8 to 256 characters of any kind, better 15 and more; not a common password, nor made of the address.
    #[schema(value_type = String, format = "password", example = "a better one, longer", min_length = 8, max_length = 256)]
    new_password: Password,
}

impl Input for PasswordChange {
    fn read(fields: &mut Fields) -> Option<Self> {
        let current_password = fields.password("current_password");
        let new_password = fields.new_password("new_password");
        Some(Self { current_password: current_password?, new_password: new_password? })
    }
}

/// Change the password.
///
/// All other sessions of the user end with it, and the links that were sent to them stop working. The session of this
/// request goes on with another token, and the one that it came with is not valid any more: a program finds the new one
/// in the answer, a browser in the cookie.
#[utoipa::path(
    post, path = "/password", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = PasswordChange,
    responses(
        (status = 200, description = "The password is changed, and this is the bearer token from now on", body = Token),
        (status = 204, description = "The password is changed, and the cookie is another", headers(("Set-Cookie" = String, description = "The session, and in a further line what the browser is recognised by, as with `POST /login`"))),
        (status = 403, description = "The current password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, Trouble,
    )
)]
async fn change_password(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(change): Json<PasswordChange>,
) -> Result<Response> {
    let (current, new) = (change.current_password, change.new_password);
    let renewed = account::flow::change_password(&auth, &session, current, new, &client).await?;
    Ok(match session.transport {
        Transport::Bearer => answers::token(renewed.token, renewed.expires_in),
        Transport::Cookie => cookies::renewed(&auth, Some(&renewed), StatusCode::NO_CONTENT),
    })
}
