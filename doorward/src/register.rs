//! Registering: `POST /register`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answers::{BadBody, Trouble},
    auth::Auth,
    client::Client,
    config, credential,
    email::Email,
    error::{Error, Problem, Result},
    event::By,
    input::{Fields, Input, Json},
    password::Password,
    user::User,
};

pub(crate) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(register))
}

/// An address and a password for a new account.
#[derive(ToSchema)]
#[schema(as = Registration)]
pub(crate) struct Registration {
    /// The e-mail address. Case does not matter.
    #[schema(value_type = String, format = "email", example = "ann@example.org")]
    email: Email,
    /// 8 to 256 characters of any kind, better 15 and more; not a common password, nor made of the address.
    #[schema(value_type = String, format = "password", example = "correct horse battery", min_length = 8, max_length = 256)]
    password: Password,
}

impl Input for Registration {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.email("email");
        let password = fields.new_password("password");
        Some(Self { email: email?, password: password? })
    }
}

/// Register.
///
/// Makes an account. It does not log in.
#[utoipa::path(
    post, path = "/register", tag = "account", request_body = Registration,
    responses(
        (status = 201, description = "The account was made", body = User),
        (status = 400, description = "The address has an account already (`email_exists`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Nobody may register here (`registration_closed`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        BadBody, Trouble,
    )
)]
async fn register(
    State(auth): State<Auth>,
    client: Client,
    Json(new): Json<Registration>,
) -> Result<Response> {
    if auth.config.registration == config::Registration::Closed {
        return Err(Error::RegistrationClosed);
    }
    auth.policy.check(&auth.hashing, "password", &new.password, &new.email.typed).await?;
    let user = credential::register(&auth, &new.email, new.password, By::User(&client)).await?;
    Ok((StatusCode::CREATED, axum::Json(user)).into_response())
}
