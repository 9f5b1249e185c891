//! Logs out: `POST /logout`.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::session,
    auth::Auth,
    base::error::{Problem, Result},
    model::client::Client,
    web::{
        answers::{CrossSite, ServerErrors},
        cookies,
        current_user::Credential,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(log_out))
}

/// Log out.
///
/// Ends the session of this request, whether its token is a bearer token or a cookie. The answer is the same without a
/// session.
#[utoipa::path(
    post, path = "/logout", tag = "session", security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Logged out; the browser forgets the cookie", headers(("Set-Cookie" = String, description = "The session cookie, empty"))),
        (status = 400, description = "More than one credential came with the request (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        CrossSite, ServerErrors,
    )
)]
async fn log_out(State(auth): State<Auth>, client: Client, headers: HeaderMap) -> Result<Response> {
    if let Some(hash) = Credential::of(&auth, &headers)?.token_hash() {
        session::log_out(&auth, hash, &client).await?;
    }
    Ok(cookies::logged_out(&auth, StatusCode::NO_CONTENT))
}
