//! Logs browsers in with a passkey, and nothing else: `POST /login/passkey/options`, `POST /login/passkey`.

use axum::{
    Json as Answer,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use doorward_passkey::{AuthenticationResponse, RequestOptions};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{
        limit::passkey_options,
        passkey::{self, challenges::Purpose},
        passkey_log_in,
    },
    auth::Auth,
    base::{
        error::{Problem, Result},
        http::input::{Fields, Input, Json, MAX_CREDENTIAL, Told},
    },
    model::{client::Client, session::Transport, user::User},
    web::{
        answers::{BadBody, PasskeyOptions, ServerErrors, TooMany},
        cookies, current_user,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(passkey_log_in_options)).routes(routes!(log_in_with_passkey))
}

/// Get options for a log-in with a passkey.
///
/// They are the same for everybody, and name no user. A page passes them to
/// `PublicKeyCredential.parseRequestOptionsFromJSON`, and the result as `publicKey` to `navigator.credentials.get()`.
/// The answer goes to `POST /login/passkey`, or to `POST /token`, within ten minutes.
#[utoipa::path(
    post, path = "/login/passkey/options", tag = "session",
    responses(
        (status = 200, description = "The options (WebAuthn, section 5.5)", body = PasskeyOptions),
        (status = 403, description = "This server is not set up for passkeys (`passkeys_not_configured`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, ServerErrors,
    )
)]
async fn passkey_log_in_options(State(auth): State<Auth>, client: Client) -> Result<Answer<RequestOptions>> {
    passkey_options::count(&auth, &client).await?;
    Ok(Answer(passkey::ask(&auth, Purpose::LogIn, &[]).await?))
}

/// The answer of a passkey.
#[derive(ToSchema)]
#[schema(as = PasskeyLogin)]
pub(super) struct PasskeyLogin {
    /// What `toJSON()` of the credential says.
    #[schema(value_type = Object)]
    credential: AuthenticationResponse,
}

impl Input for PasskeyLogin {
    const MAX_BODY: usize = MAX_CREDENTIAL;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { credential: fields.credential("credential", AuthenticationResponse::from_json)? })
    }
}

/// Log in with a passkey and get a cookie.
///
/// The passkey is two factors in one, so there is no second step (`aal2`). Everything else is as with `POST /login`.
#[utoipa::path(
    post, path = "/login/passkey", tag = "session", request_body = PasskeyLogin,
    responses(
        (status = 200, description = "Logged in", body = User, headers(("Set-Cookie" = String, description = "The session cookie and the device cookie, as with `POST /login`"))),
        (status = 400, description = "The session cookie came more than once (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The passkey was removed here, so the browser may forget it (`unknown_passkey`). Or the answer was refused, or the account may not log in (`wrong_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "This server is not set up for passkeys (`passkeys_not_configured`), another site's page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for more (`challenge_required`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
    )
)]
async fn log_in_with_passkey(
    State(auth): State<Auth>,
    client: Client,
    headers: HeaderMap,
    Json(Told { input: PasskeyLogin { credential }, fields }): Json<Told<PasskeyLogin>>,
) -> Result<Response> {
    let (client, replaced) = (client.telling(fields), current_user::session_cookie(&auth, &headers)?);
    let log_in = passkey_log_in::log_in(&auth, &credential, Transport::Cookie, client, replaced);
    let (user, logged_in) = Box::pin(log_in).await?;
    Ok((cookies::logged_in(&auth, &logged_in), axum::Json(user)).into_response())
}
