//! The account of the user who is logged in: `GET /me`, `POST /me/delete` and `DELETE /me`.

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
    model::{
        client::Client,
        session::{Session, Transport},
        user::User,
    },
    web::{
        answers::{BadBody, BadCredential, CrossSite, ServerErrors, TooMany},
        cookies,
        current_user::RequestSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(me, delete)).routes(routes!(delete_by_post))
}

/// Get the user who is logged in.
#[utoipa::path(
    get, path = "/me", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The user", body = User), BadCredential, CrossSite, ServerErrors)
)]
async fn me(RequestSession(session): RequestSession) -> Response {
    let mut answer = Response::new(Body::from(session.user.json()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// The password, to confirm the action.
#[derive(ToSchema)]
#[schema(as = Confirmation)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    /// The current password.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    current_password: Password,
}

impl Input for Confirmation {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { current_password: fields.password("current_password")? })
    }
}

/// A confirmation in which the password may have the name that it had at first. Only `DELETE /me` takes it.
pub(super) struct OldConfirmation(Confirmation);

impl Input for OldConfirmation {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let old = fields.has("password") && !fields.has("current_password");
        let current_password = fields.password(if old { "password" } else { "current_password" })?;
        Some(Self(Confirmation { current_password }))
    }
}

/// Delete the account.
///
/// Deletes everything that belongs to it, at once and for good. Unknown fields are refused.
#[utoipa::path(
    post, path = "/me/delete", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = Confirmation,
    responses(
        (status = 204, description = "The account is deleted"),
        (status = 403, description = "The password is wrong (`wrong_password`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, ServerErrors,
    )
)]
async fn delete_by_post(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(confirmation): Json<Confirmation>,
) -> Result<Response> {
    delete_account(&auth, &session, confirmation, &client).await
}

/// Delete the account.
///
/// The same as `POST /me/delete`. Some proxies drop the body of a `DELETE`, or refuse it, because HTTP gives it no meaning
/// (RFC 9110, section 9.3.5): use `POST` behind them. The field may also be called `password`, as in earlier versions.
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
    RequestSession(session): RequestSession,
    client: Client,
    Json(OldConfirmation(confirmation)): Json<OldConfirmation>,
) -> Result<Response> {
    delete_account(&auth, &session, confirmation, &client).await
}

async fn delete_account(
    auth: &Auth,
    session: &Session,
    confirmation: Confirmation,
    client: &Client,
) -> Result<Response> {
    flow::delete(auth, session, confirmation.current_password, client).await?;
    Ok(match session.transport {
        Transport::Bearer => StatusCode::NO_CONTENT.into_response(),
        Transport::Cookie => cookies::logged_out(auth, StatusCode::NO_CONTENT),
    })
}
