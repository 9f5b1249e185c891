//! What the user who is logged in allows apps: `GET /grants`, `DELETE /grants/{id}`.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::oauth::grants,
    auth::Auth,
    base::{
        error::{Error, Problem, Result},
        time::Timestamp,
    },
    features::provider::end_grant::end_grant,
    model::client::Client,
    web::{
        answers::{BadCredential, CrossSite, ServerErrors},
        current_user::RequestSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(list_grants)).routes(routes!(end_grant_of_user))
}

/// An app on another host, and what the user allows it.
#[derive(Serialize, ToSchema)]
#[schema(as = Grant)]
pub(super) struct Item {
    /// The number of the grant, for `DELETE /grants/{id}`.
    #[schema(example = 912_345_678_901_248_i64)]
    id: i64,
    /// The id of the app.
    #[schema(example = "wiki")]
    client_id: String,
    /// The name of the app, as the operator wrote it.
    #[schema(example = "Our wiki")]
    client_name: String,
    /// What the app may ask for without asking the user again.
    #[schema(example = json!(["email", "openid"]))]
    scopes: Vec<String>,
    /// When the user first allowed it something.
    created_at: Timestamp,
}

/// List the apps that the user lets see the account.
///
/// The oldest comes first. Apps that the operator marks as `first_party` are there too, after their first log-in.
#[utoipa::path(
    get, path = "/grants", tag = "session", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The apps with access", body = [Item]), BadCredential, CrossSite, ServerErrors)
)]
async fn list_grants(
    State(auth): State<Auth>,
    RequestSession(current): RequestSession,
) -> Result<Json<Vec<Item>>> {
    let item = |app: grants::AllowedApp| Item {
        id: app.id,
        client_id: app.client_id,
        client_name: app.name,
        scopes: app.scopes.split_whitespace().map(str::to_owned).collect(),
        created_at: app.created_at,
    };
    Ok(Json(grants::of_user(&auth, current.user.id).await?.into_iter().map(item).collect()))
}

/// End the access of an app.
///
/// From the answer on, no node accepts a code or a token that the app has for the user. The app asks anew at the next
/// log-in.
#[utoipa::path(
    delete, path = "/grants/{id}", tag = "session", security(("bearer" = []), ("cookie" = [])),
    params(("id" = i64, Path, description = "The number of the grant")),
    responses(
        (status = 204, description = "The app has no access any more"),
        (status = 404, description = "The user has no such grant (`not_found`)", body = Problem, content_type = "application/problem+json"),
        BadCredential, CrossSite, ServerErrors,
    )
)]
async fn end_grant_of_user(
    State(auth): State<Auth>,
    RequestSession(current): RequestSession,
    client: Client,
    // Text that is not UTF-8 is not a number either.
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)?;
    let ended = end_grant(&auth, current.user.id, id, &client).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound) }
}
