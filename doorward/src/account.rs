//! One's own account: `GET`, `PATCH` and `DELETE /me`, and `POST /password`.

use axum::{
    extract::State,
    http::{StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answers::{BadBody, BadCredential, Refused, Trouble},
    auth::Auth,
    client::Client,
    credential,
    current_user::{CurrentSession, CurrentUser},
    email::Email,
    error::{Error, Problem, Result},
    event::By,
    input::{Fields, Input, Json},
    password::Password,
    session::{self, Transport},
    user::{self, User},
};

pub(crate) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(me, change, delete)).routes(routes!(change_password))
}

/// Who is logged in.
#[utoipa::path(
    get, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The user", body = User), BadCredential, Trouble)
)]
async fn me(CurrentUser(user): CurrentUser) -> axum::Json<User> {
    axum::Json(user)
}

/// What a user may change about themselves.
#[derive(ToSchema)]
#[schema(as = UserChange)]
pub(crate) struct UserChange {
    /// The new e-mail address.
    #[schema(value_type = String, format = "email", example = "ann@example.com")]
    email: Email,
}

impl Input for UserChange {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { email: fields.email("email")? })
    }
}

/// Change the e-mail address.
///
/// The new address counts as unverified.
#[utoipa::path(
    patch, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = UserChange,
    responses(
        (status = 200, description = "The user as they are now", body = User),
        (status = 400, description = "The address has an account already (`email_exists`), or more than one credential came with the request (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No session came with the request (`not_authenticated`), or it is not valid (`invalid_session`)", body = Problem, content_type = "application/problem+json"),
        Refused, BadBody, Trouble,
    )
)]
async fn change(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(change): Json<UserChange>,
) -> Result<axum::Json<User>> {
    let user = user::change_email(&auth, session.user.id, &change.email, &client).await?;
    user.map(axum::Json).ok_or(Error::InvalidSession)
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
        BadCredential, BadBody, Trouble,
    )
)]
async fn delete(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(confirmation): Json<Confirmation>,
) -> Result<Response> {
    credential::prove_again(&auth, session.user.id, confirmation.password, &client).await?;
    credential::delete_user(&auth, session.user.id, By::User(&client)).await?;
    Ok(match session.transport {
        Transport::Bearer => StatusCode::NO_CONTENT.into_response(),
        Transport::Cookie => {
            (StatusCode::NO_CONTENT, [(SET_COOKIE, session::no_cookie(&auth))]).into_response()
        }
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
/// All other sessions of the user end with it.
#[utoipa::path(
    post, path = "/password", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = PasswordChange,
    responses(
        (status = 204, description = "The password is changed"),
        (status = 403, description = "The current password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        BadCredential, BadBody, Trouble,
    )
)]
async fn change_password(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(change): Json<PasswordChange>,
) -> Result<StatusCode> {
    auth.policy.check(&auth.hashing, "new_password", &change.new_password, &session.user.email).await?;
    let (current, new) = (change.current_password, change.new_password);
    credential::change_password(&auth, &session, current, new, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
