//! The sessions of the user who is logged in: `GET` and `DELETE /sessions`, `DELETE /sessions/{id}`.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::session,
    auth::Auth,
    base::{
        error::{Error, Problem, Result},
        time::Timestamp,
    },
    features::sessions::flow,
    model::{
        client::Client,
        event::By,
        session::{acr, amr},
    },
    web::{
        answers::{BadCredential, CrossSite, ServerErrors},
        current_user::RequestSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(list, end_others)).routes(routes!(end_one))
}

/// A session, without its token.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct Item {
    /// The number of the session, for `DELETE /sessions/{id}`.
    #[schema(example = 912_345_678_901_248_i64)]
    id: i64,
    /// `true` for the session of this request.
    current: bool,
    /// How its token is sent: `bearer` or `cookie`.
    #[schema(example = "bearer")]
    transport: String,
    /// How the user logged in.
    #[schema(example = "password")]
    method: String,
    /// How certain it is who the user is: `aal2` after a second factor, otherwise `aal1`.
    #[schema(example = "aal1")]
    acr: &'static str,
    /// What the user proved it with, in the words of RFC 8176: `pwd`, `otp`, `mfa`.
    #[schema(example = json!(["pwd"]))]
    amr: Vec<&'static str>,
    /// When the user last proved who they are, in this session.
    authenticated_at: Timestamp,
    /// When the user logged in.
    created_at: Timestamp,
    /// When it was last used, to the minute.
    last_seen_at: Timestamp,
    /// When it ends by itself.
    expires_at: Timestamp,
    /// The address the user logged in from.
    #[schema(example = "192.0.2.7")]
    ip: Option<String>,
    /// The program the user logged in with.
    #[schema(example = "Mozilla/5.0")]
    user_agent: Option<String>,
}

/// List the sessions of the user.
///
/// The newest comes first.
#[utoipa::path(
    get, path = "/sessions", tag = "session", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The valid sessions", body = [Item]), BadCredential, CrossSite, ServerErrors)
)]
async fn list(State(auth): State<Auth>, RequestSession(current): RequestSession) -> Result<Json<Vec<Item>>> {
    let sessions = session::list(&auth, current.user.id).await?;
    let item = |session: session::Listed| Item {
        id: session.id,
        current: session.id == current.id,
        transport: session.transport,
        acr: acr(session.second),
        amr: amr(&session.method, session.second),
        authenticated_at: session.authenticated_at,
        method: session.method,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        ip: session.ip,
        user_agent: session.user_agent,
    };
    Ok(Json(sessions.into_iter().map(item).collect()))
}

/// End all other sessions.
///
/// Also cancels an unconfirmed change of the address: one of these sessions may have requested it.
#[utoipa::path(
    delete, path = "/sessions", tag = "session", security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Only the session of this request is left"), BadCredential, CrossSite, ServerErrors)
)]
async fn end_others(
    State(auth): State<Auth>,
    RequestSession(current): RequestSession,
    client: Client,
) -> Result<StatusCode> {
    flow::end_other_sessions(&auth, &current, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one session.
///
/// Also cancels an unconfirmed change of the address: this session may have requested it.
#[utoipa::path(
    delete, path = "/sessions/{id}", tag = "session", security(("bearer" = []), ("cookie" = [])),
    params(("id" = i64, Path, description = "The number of the session")),
    responses(
        (status = 204, description = "The session is ended"),
        (status = 404, description = "The user has no such session (`not_found`)", body = Problem, content_type = "application/problem+json"),
        BadCredential, CrossSite, ServerErrors,
    )
)]
async fn end_one(
    State(auth): State<Auth>,
    RequestSession(current): RequestSession,
    client: Client,
    // Text that is not UTF-8 is not a number either.
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)?;
    let ended = flow::end_session(&auth, current.user.id, id, By::User(&client)).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound) }
}
