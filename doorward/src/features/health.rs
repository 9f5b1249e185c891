//! Health checks for monitoring: `GET /healthz`, `GET /readyz`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::Auth,
    base::error::{Error, Problem, Result},
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

/// Check that the server can take requests.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "The database does not answer, or the server is about to stop (`unavailable`)", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn readyz(State(auth): State<Auth>) -> Result<Json<Health>> {
    if auth.is_draining() {
        return Err(Error::Unavailable);
    }
    let _: Option<i64> = auth.db().read("SELECT CAST(1 AS BIGINT)").fetch_optional().await?;
    Ok(OK)
}
