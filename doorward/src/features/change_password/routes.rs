//! Changes the password: `POST /password`.

use axum::{extract::State, http::StatusCode, response::Response};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::Auth,
    base::{
        error::{Problem, Result},
        http::input::{Fields, Input, Json},
        passwords::password::Password,
    },
    features::change_password::flow,
    model::{client::Client, session::Transport},
    web::{
        answers::{self, BadBody, BadCredential, ServerErrors, Token, TooMany},
        cookies,
        current_user::RequestSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(change_password))
}

/// The current and the new password.
#[derive(ToSchema)]
#[schema(as = PasswordChange)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The current password.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    current_password: Password,
    /// 8 to 256 characters of any kind; 15 or more are better. Common passwords, and those made of the address, are
    /// refused.
    #[schema(value_type = String, format = "password", example = "a better one, longer", min_length = 8, max_length = 256)]
    new_password: Password,
}

impl Input for PasswordChange {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let current_password = fields.password("current_password");
        let new_password = fields.new_password("new_password");
        Some(Self { current_password: current_password?, new_password: new_password? })
    }
}

/// Change the password.
///
/// Ends all other sessions of the user. Links in mails that could change the password or the address stop working. The
/// session of this request goes on with a new token, and the old one is no longer valid. A program finds the new token
/// in the answer; a browser gets it as a cookie.
#[utoipa::path(
    post, path = "/password", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = PasswordChange,
    responses(
        (status = 200, description = "The password is changed, and this is the new bearer token", body = Token),
        (status = 204, description = "The password is changed, and the cookie is new", headers(("Set-Cookie" = String, description = "The session cookie, and in a second line the device cookie, as with `POST /login`"))),
        (status = 403, description = "The current password is wrong (`wrong_password`), the settings allow no passwords (`password_login_off`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, ServerErrors,
    )
)]
async fn change_password(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(change): Json<PasswordChange>,
) -> Result<Response> {
    let (current, new) = (change.current_password, change.new_password);
    let renewed = flow::change_password(&auth, &session, current, new, &client).await?;
    Ok(match session.transport {
        Transport::Bearer => answers::token(renewed),
        Transport::Cookie => cookies::renewed(&auth, Some(&renewed), StatusCode::NO_CONTENT),
    })
}
