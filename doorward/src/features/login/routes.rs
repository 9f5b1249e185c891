//! Logs browsers in with a password: `POST /login` sets a cookie.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{
        credential,
        session::{self, Outcome},
    },
    auth::Auth,
    base::{
        error::{Problem, Result},
        http::input::{Fields, Input, Json, Told},
        passwords::password::Password,
    },
    model::{
        client::Client,
        session::{Method, Transport},
        user::User,
    },
    web::{
        answers::{BadBody, ServerErrors, TooMany},
        cookies, current_user,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(log_in))
}

/// The address and the password of an account.
#[derive(ToSchema)]
#[schema(as = Login)]
pub(super) struct Login {
    /// The e-mail address of the account. Case does not matter.
    #[schema(example = "ann@example.org")]
    email: String,
    /// The password of the account.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    password: Password,
    /// The token of a link from `POST /login-attempt`. It allows one attempt while the account is blocked.
    #[schema(example = "dw_b_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    attempt_token: Option<String>,
}

impl Input for Login {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.text("email");
        let password = fields.password("password");
        let attempt_token = fields.optional_text("attempt_token");
        Some(Self { email: email?, password: password?, attempt_token: attempt_token? })
    }
}

/// Log in and get a cookie.
///
/// For pages in a browser. Every log-in sets a new cookie, and ends the session that the browser had before. If too
/// many attempts were made at the account, `POST /login-attempt` asks for a link that allows one.
#[utoipa::path(
    post, path = "/login", tag = "session", request_body = Login,
    responses(
        (status = 200, description = "Logged in", body = User, headers(("Set-Cookie" = String, description = "The session cookie, and in a second line the device cookie, by which the browser is recognised. Both are `HttpOnly` and `SameSite=Lax`; over https also `Secure`, with the `__Host-` prefix"))),
        (status = 400, description = "The session cookie came more than once (`ambiguous_credentials`), or the link of `attempt_token` does not work (`invalid_link`)", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The address or the password is wrong, or registration is private and the address is not verified (`wrong_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The password is correct, and a second factor or the code of a mail is missing (`second_step_required`): the answer sets the cookie of a log-in that waits. Or the address must be verified first (`email_not_verified`), there are no passwords (`password_login_off`), another site's page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for more (`challenge_required`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadBody, ServerErrors,
    )
)]
async fn log_in(
    State(auth): State<Auth>,
    client: Client,
    headers: HeaderMap,
    Json(Told { input: login, fields }): Json<Told<Login>>,
) -> Result<Response> {
    auth.require_passwords()?;
    let client = client.telling(fields);
    let replaced = current_user::session_cookie(&auth, &headers)?;
    let link = login.attempt_token.as_deref();
    // In a box, so that a request takes little memory while its body arrives.
    let proved = Box::pin(credential::use_password(&auth, &login.email, login.password, &client, link));
    let (user, tx, _reserved) = proved.await?;
    let way = (Method::PASSWORD.into(), Transport::Cookie);
    Ok(match Box::pin(session::log_in(&auth, tx, &user, way, client, replaced)).await? {
        Outcome::LoggedIn(logged_in) => {
            (cookies::logged_in(&auth, &logged_in), axum::Json(user)).into_response()
        }
        Outcome::SecondStep(pending) => cookies::second_step(&auth, &pending, pending.refusal()),
    })
}
