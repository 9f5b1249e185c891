//! `POST /step-up`: proves the user of a session once more.

use axum::{extract::State, http::StatusCode, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

#[cfg(feature = "totp")]
use crate::features::step_up::passkey;
use crate::{
    accounts::{own_proof::OwnProof, step_up},
    auth::Auth,
    base::{
        error::{Problem, Result},
        http::input::Json,
    },
    model::{client::Client, session::Transport},
    web::{
        answers::{self, BadBody, BadCredential, ServerErrors, Token, TooMany},
        cookies,
        current_user::RequestSession,
        own_proof::OwnProof as OwnProofBody,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    let routes = OpenApiRouter::new().routes(routes!(prove_again));
    #[cfg(feature = "totp")]
    let routes = routes.merge(passkey::routes());
    routes
}

/// Prove again who the user is.
///
/// For the answer `step_up_required` of another route (RFC 9470). Send one of its `methods`: the password as
/// `current_password`, `totp` as `otp`, a `recovery_code`, or `passkey` as the `credential` that answers `POST
/// /step-up/options`. Then repeat the request with the new token.
///
/// The session stays the same, gets a new token, and counts as proved now. The old token does not work any more. A
/// password is enough if the answer only has `max_age`. With `acr_values="aal2"` it must be a second factor. A passkey
/// that is refused gets 400 `passkey_refused`, and the text says why.
#[utoipa::path(
    post, path = "/step-up", tag = "session", security(("bearer" = []), ("cookie" = [])), request_body = OwnProofBody,
    responses(
        (status = 200, description = "For a bearer token: the new one", body = Token),
        (status = 204, description = "For a cookie: the answer sets the new one", headers(("Set-Cookie" = String, description = "The session cookie"))),
        (status = 403, description = "The proof is wrong, or a code was used before (`wrong_password`, `wrong_otp`, `wrong_recovery_code`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, ServerErrors,
    )
)]
async fn prove_again(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(proof): Json<OwnProof>,
) -> Result<Response> {
    let renewed = step_up::step_up(&auth, &session, proof, &client).await?;
    Ok(match session.transport {
        Transport::Bearer => answers::token(renewed),
        Transport::Cookie => cookies::renewed(&auth, Some(&renewed), StatusCode::NO_CONTENT),
    })
}
