//! A new password for who forgot theirs: `POST /forgot-password` sends a mail, `POST /reset-password` takes what came
//! with it.

use axum::{extract::State, http::StatusCode, response::Response};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::one_time::proof::Proof,
    auth::Auth,
    base::{
        email::Email,
        error::Result,
        http::input::{Fields, Input, Json},
        passwords::password::Password,
    },
    features::reset_password::flow,
    model::client::Client,
    web::{
        answers::{self, Accepted, BadBody, BadLink, NoMail, Refused, TooMany, Trouble},
        mailed::proof_body,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(forgot)).routes(routes!(reset))
}

/// The address of an account.
#[derive(ToSchema)]
#[schema(as = ForgottenPassword)]
pub(super) struct ForgottenPassword {
    /// The e-mail address. Case does not matter.
    #[schema(value_type = String, format = "email", example = "ann@example.org")]
    email: Email,
}

impl Input for ForgottenPassword {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { email: fields.email("email")? })
    }
}

/// Ask for a mail to choose a new password.
///
/// The answer is the same whether or not there is such an account, and whether or not a mail is sent: at most a few go
/// to one address.
#[utoipa::path(
    post, path = "/forgot-password", tag = "mail", request_body = ForgottenPassword,
    responses((status = 202, description = "A mail is sent if there is reason to", body = Accepted), NoMail, BadBody, Trouble)
)]
async fn forgot(
    State(auth): State<Auth>,
    client: Client,
    Json(forgotten): Json<ForgottenPassword>,
) -> Result<Response> {
    flow::ask(&auth, &forgotten.email, &client).await?;
    Ok(answers::accepted())
}

proof_body! {
    /// A new password, and the `token` of the link in the mail, or the `code` of the mail with the `email` address of the
    /// account.
    PasswordReset, "dw_r_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw",
    /// 8 to 256 characters of any kind, better 15 and more; not a common password, nor made of the address.
    #[schema(format = "password", example = "a better one, longer", min_length = 8, max_length = 256)]
    new_password
}

/// [`PasswordReset`], read.
struct Reset {
    proof: Proof,
    new_password: Password,
}

impl Input for Reset {
    fn read(fields: &mut Fields) -> Option<Self> {
        let proof = Proof::read(fields);
        let new_password = fields.new_password("new_password");
        Some(Self { proof: proof?, new_password: new_password? })
    }
}

/// Choose a new password.
///
/// With the token of the link in the mail, or with the code and the address. Each works once, the link for half an hour,
/// the code for ten minutes. Five codes may be tried in half an hour, and five more each time that another mail is asked
/// for. All sessions of the user end; log in with the new password then.
#[utoipa::path(
    post, path = "/reset-password", tag = "mail", request_body = PasswordReset,
    responses((status = 204, description = "The password is changed"), BadLink, Refused, TooMany, BadBody, Trouble)
)]
async fn reset(State(auth): State<Auth>, client: Client, Json(reset): Json<Reset>) -> Result<StatusCode> {
    flow::reset(&auth, &reset.proof, reset.new_password, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
