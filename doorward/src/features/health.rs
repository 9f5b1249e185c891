//! Health checks for monitoring: `GET /healthz`, `GET /readyz`.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::chores,
    auth::Auth,
    base::{
        db,
        error::{Error, Problem, Result},
    },
    web::feature::Feature,
};

pub(super) const FEATURE: Feature = Feature { routes, ..Feature::NONE };

fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

/// The answer of a healthy server.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// Check that the process runs.
///
/// It does not query the database: a restart would not help if that is down.
#[utoipa::path(
    get, path = "/healthz", tag = "health",
    responses((status = 200, description = "The process runs", body = Health))
)]
async fn healthz() -> Json<Health> {
    OK
}

/// How long a check waits for its write.
const PATIENCE: Duration = Duration::from_secs(2);

/// Check that the server can take requests: the database answers and takes writes.
///
/// It writes something only after a write has failed.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "The database does not answer or takes no writes, as on a full disk, or the server is about to stop (`unavailable`). The log says why", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn readyz(State(auth): State<Auth>) -> Result<Json<Health>> {
    if auth.is_draining() {
        return Err(Error::Unavailable);
    }
    match ready(&auth).await {
        Ok(true) => {
            auth.readiness().note(Ok(()));
            Ok(OK)
        }
        Ok(false) => Err(Error::Unavailable),
        Err(error) => {
            auth.readiness().note(Err(&error.to_string()));
            Err(Error::Unavailable)
        }
    }
}

/// Fails if the database cannot be used. A second check in the same second has the outcome of the first.
async fn ready(auth: &Auth) -> db::Result<bool> {
    if auth.db().seems_writable().await? {
        return Ok(true);
    }
    if !auth.readiness().may_try(auth.now()) {
        return Ok(!auth.readiness().is_refused());
    }
    let tried = tokio::time::timeout(PATIENCE, chores::try_write(auth)).await;
    tried.unwrap_or_else(|_| Err(db::Error::timed_out())).map(|()| true)
}
