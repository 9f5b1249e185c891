//! The browsers that the user trusts: `GET /trusted-browsers`, `DELETE /trusted-browsers/{id}`.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::device::{self, Trusted},
    auth::Auth,
    base::{
        error::{Error, Problem, Result},
        time::Timestamp,
    },
    features::trusted_browsers::flow,
    model::client::Client,
    web::{
        answers::{BadCredential, CrossSite, ServerErrors},
        current_user::RequestSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(list_trusted)).routes(routes!(end_trust))
}

/// A browser in which log-ins need no second step.
#[derive(Serialize, ToSchema)]
#[schema(as = TrustedBrowser)]
pub(super) struct Item {
    /// The number of the trust, for `DELETE /trusted-browsers/{id}`.
    #[schema(example = 912_345_678_901_248_i64)]
    id: i64,
    /// `true` for the browser of this request.
    current: bool,
    /// The name that the browser gave when it was trusted.
    #[schema(example = "Mozilla/5.0")]
    user_agent: Option<String>,
    /// Since when it is trusted.
    trusted_at: Timestamp,
    /// When the trust ends by itself.
    trusted_until: Timestamp,
    /// The last log-in there.
    last_used_at: Timestamp,
}

/// List the trusted browsers.
///
/// A log-in in one of them needs no second step, and its session is `aal1`. The one that was trusted last comes first.
/// The trust in all of them ends with a new password, a change of the second factors, and `DELETE /sessions`.
#[utoipa::path(
    get, path = "/trusted-browsers", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The browsers", body = [Item]), BadCredential, CrossSite, ServerErrors)
)]
async fn list_trusted(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
) -> Result<Json<Vec<Item>>> {
    let trusted = device::list_trusted(&auth, session.user.id).await?;
    let item = |trusted: Trusted| Item {
        id: trusted.id,
        current: trusted.is_of(&client),
        user_agent: trusted.user_agent,
        trusted_at: trusted.trusted_at,
        trusted_until: trusted.trusted_until,
        last_used_at: trusted.last_used_at,
    };
    Ok(Json(trusted.into_iter().map(item).collect()))
}

/// End the trust in a browser.
///
/// The next log-in there needs the second step. Its sessions go on.
#[utoipa::path(
    delete, path = "/trusted-browsers/{id}", tag = "account", security(("bearer" = []), ("cookie" = [])),
    params(("id" = i64, Path, description = "The number of the trust")),
    responses(
        (status = 204, description = "The trust is ended"),
        (status = 404, description = "The user trusts no such browser (`not_found`)", body = Problem, content_type = "application/problem+json"),
        BadCredential, CrossSite, ServerErrors,
    )
)]
async fn end_trust(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    // Text that is not UTF-8 is not a number either.
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)?;
    let ended = flow::distrust(&auth, session.user.id, id, &client).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound) }
}
