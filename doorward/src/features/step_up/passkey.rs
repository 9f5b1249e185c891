//! `POST /step-up/options`: what a passkey is asked, to prove the user of a session once more.

use axum::{Json, extract::State};
use doorward_passkey::RequestOptions;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{
        limit::passkey_options,
        passkey::{self, challenges::Purpose},
    },
    auth::Auth,
    base::error::{Error, Problem, Result},
    model::client::Client,
    web::{
        answers::{BadCredential, PasskeyOptions, ServerErrors, TooMany},
        current_user::RequestSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(step_up_options))
}

/// Get options for another proof with a passkey.
///
/// A page passes them to `PublicKeyCredential.parseRequestOptionsFromJSON`, and the result as `publicKey` to
/// `navigator.credentials.get()`. The answer is the `credential` of `POST /step-up`, in the same session.
#[utoipa::path(
    post, path = "/step-up/options", tag = "session", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The options (WebAuthn, section 5.5)", body = PasskeyOptions),
        (status = 403, description = "This server is not set up for passkeys (`passkeys_not_configured`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The user has no passkey (`not_found`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, ServerErrors,
    )
)]
async fn step_up_options(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
) -> Result<Json<RequestOptions>> {
    passkey_options::count(&auth, &client).await?;
    let passkeys = passkey::usable(auth.db(), session.user.id).await?;
    if passkeys.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Json(passkey::ask(&auth, Purpose::Proof(session.id), &passkeys).await?))
}
