//! What browsers and password managers look for at the root of the host.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::Auth,
    base::error::{Error, Problem, Result},
    web::answers::ServerErrors,
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(passkey_endpoints)).routes(routes!(related_origins))
}

/// Where people manage their passkeys.
#[derive(Serialize, ToSchema)]
#[schema(as = PasskeyEndpoints)]
pub(super) struct Endpoints {
    /// The page that adds a passkey.
    #[schema(example = "https://accounts.example.org/account/passkeys")]
    enroll: String,
    /// The page that lists them.
    #[schema(example = "https://accounts.example.org/account/passkeys")]
    manage: String,
}

/// Show where people manage their passkeys, for password managers.
#[utoipa::path(
    get, path = "/.well-known/passkey-endpoints", tag = "account",
    responses(
        (status = 200, description = "The pages", body = Endpoints),
        (status = 404, description = "There are no passkeys here (`not_found`)", body = Problem, content_type = "application/problem+json"),
        ServerErrors,
    )
)]
async fn passkey_endpoints(State(auth): State<Auth>) -> Result<Json<Endpoints>> {
    auth.relying_party().map_err(|_| Error::NotFound)?;
    let page = format!("{}/account/passkeys", auth.site().pages);
    Ok(Json(Endpoints { enroll: page.clone(), manage: page }))
}

/// The other origins that may use the passkeys made here.
#[derive(Serialize, ToSchema)]
#[schema(as = RelatedOrigins)]
pub(super) struct Origins {
    #[schema(example = json!(["https://example.net"]))]
    origins: Vec<String>,
}

/// List the other origins that may use these passkeys, for browsers (WebAuthn, section 5.11).
#[utoipa::path(
    get, path = "/.well-known/webauthn", tag = "account",
    responses(
        (status = 200, description = "The origins", body = Origins),
        (status = 404, description = "There are none (`not_found`)", body = Problem, content_type = "application/problem+json"),
        ServerErrors,
    )
)]
async fn related_origins(State(auth): State<Auth>) -> Result<Json<Origins>> {
    auth.relying_party().map_err(|_| Error::NotFound)?;
    let origins = auth.config().passkey_related_origins.clone();
    if origins.is_empty() { Err(Error::NotFound) } else { Ok(Json(Origins { origins })) }
}
