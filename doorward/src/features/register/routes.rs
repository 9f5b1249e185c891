//! Registers a user: `POST /register`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::limit::new_passwords,
    auth::Auth,
    base::{
        email::Email,
        error::{Problem, Result},
        http::input::{Fields, Input, Json, Told},
        passwords::password::Password,
        profile::Changes,
    },
    features::register::flow::{self, Registered},
    model::{client::Client, user::User},
    web::answers::{self, Accepted, BadBody, ServerErrors, TooManyMails},
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(register))
}

/// An address and a password for a new account.
#[derive(ToSchema)]
#[schema(as = Registration)]
pub(super) struct Registration {
    /// The e-mail address. Case does not matter.
    #[schema(value_type = String, format = "email", example = "ann@example.org")]
    email: Email,
    /// 8 to 256 characters of any kind; 15 or more are better. Common passwords, and those made of the address, are
    /// refused. It must be missing if the settings allow no passwords, and else be there.
    #[schema(value_type = String, required = true, format = "password", example = "correct horse battery", min_length = 8, max_length = 256)]
    password: Option<Password>,
    /// The further fields that the settings declare.
    #[schema(value_type = Option<Object>)]
    profile: Changes,
}

impl Input for Registration {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.new_email("email");
        let password = fields.first_password("password");
        let profile = fields.profile("profile", true);
        fields.refuse_roles();
        Some(Self { email: email?, password: password?, profile: profile? })
    }
}

/// Register.
///
/// Creates an account. It does not log in. If the settings allow no passwords, ask `POST /login/email` for a mail
/// afterwards, which logs in and verifies the address. In private mode, the answer is the same for an address that
/// already has an account; its owner gets the result by mail.
#[utoipa::path(
    post, path = "/register", tag = "account", request_body = Registration,
    responses(
        (status = 201, description = "The account is created", body = User),
        (status = 202, description = "Accepted, in private mode; the owner of the address gets the result by mail", body = Accepted),
        (status = 400, description = "The address already has an account (`email_exists`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Registration is closed (`registration_closed`), another site's page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for more (`challenge_required`)", body = Problem, content_type = "application/problem+json"),
        TooManyMails, BadBody, ServerErrors,
    )
)]
async fn register(
    State(auth): State<Auth>,
    client: Client,
    Json(Told { input: new, fields }): Json<Told<Registration>>,
) -> Result<Response> {
    let client = client.telling(fields);
    let attempt = new_passwords::count(&auth, &client).await?;
    // In a box, so that a request takes little memory while its body arrives.
    let registered =
        Box::pin(flow::register(&auth, attempt, (&new.email, new.profile), new.password, &client));
    Ok(match registered.await? {
        Registered::Done(user) => (StatusCode::CREATED, axum::Json(user)).into_response(),
        Registered::Sent(_) => answers::accepted(),
    })
}
