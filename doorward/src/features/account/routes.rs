//! The account of the user who is logged in: `GET /me` and `DELETE /me`.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::Auth,
    base::{
        error::{Problem, Result},
        http::input::{Fields, Input, Json},
        passwords::password::Password,
    },
    features::account::flow,
    model::{client::Client, session::Transport, user::User},
    web::{
        answers::{BadBody, BadCredential, CrossSite, ServerErrors, TooMany},
        cookies,
        current_user::CurrentSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(me, delete))
}

/// Get the user who is logged in.
#[utoipa::path(
    get, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The user", body = User), BadCredential, CrossSite, ServerErrors)
)]
async fn me(CurrentSession(session): CurrentSession) -> Response {
    let mut answer = Response::new(Body::from(session.user.json()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// The password, to confirm the action.
#[derive(ToSchema)]
#[schema(as = Confirmation)]
pub(super) struct Confirmation {
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
/// Deletes everything that belongs to it, at once and for good.
#[utoipa::path(
    delete, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = Confirmation,
    responses(
        (status = 204, description = "The account is deleted"),
        (status = 403, description = "The password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, ServerErrors,
    )
)]
async fn delete(
    State(auth): State<Auth>,
    CurrentSession(session): CurrentSession,
    client: Client,
    Json(confirmation): Json<Confirmation>,
) -> Result<Response> {
    flow::delete(&auth, &session, confirmation.password, &client).await?;
    Ok(match session.transport {
        Transport::Bearer => StatusCode::NO_CONTENT.into_response(),
        Transport::Cookie => cookies::logged_out(&auth, StatusCode::NO_CONTENT),
    })
}
