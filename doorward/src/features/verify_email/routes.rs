//! Showing that mail reaches the owner of an account: `POST /verify-email`, and `POST /verify-email/request` for another
//! mail.

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
    },
    features::verify_email::flow,
    model::client::Client,
    web::{
        answers::{self, Accepted, BadBody, BadLink, NoMail, Refused, TooMany, Trouble},
        mailed::proof_body,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(request)).routes(routes!(verify))
}

/// The address of an account.
#[derive(ToSchema)]
#[schema(as = VerificationRequest)]
pub(super) struct VerificationRequest {
    /// The e-mail address. Case does not matter.
    #[schema(value_type = String, format = "email", example = "ann@example.org")]
    email: Email,
}

impl Input for VerificationRequest {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { email: fields.email("email")? })
    }
}

/// Ask for a mail to verify the address.
///
/// The answer is the same whether or not there is such an account, and whether or not a mail is sent: at most a few go
/// to one address.
#[utoipa::path(
    post, path = "/verify-email/request", tag = "mail", request_body = VerificationRequest,
    responses((status = 202, description = "A mail is sent if there is reason to", body = Accepted), NoMail, BadBody, Trouble)
)]
async fn request(
    State(auth): State<Auth>,
    client: Client,
    Json(request): Json<VerificationRequest>,
) -> Result<Response> {
    flow::ask(&auth, &request.email, &client).await?;
    Ok(answers::accepted())
}

proof_body! {
    /// The `token` of the link in the mail, or the `code` of the mail with the `email` address of the account.
    Verification, "dw_v_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw"
}

/// Verify the address.
///
/// With the token of the link in the mail, or with the code and the address. Each works once, the link for a day, the code
/// for ten minutes. Five codes may be tried in half an hour, and five more each time that another mail is asked for.
#[utoipa::path(
    post, path = "/verify-email", tag = "mail", request_body = Verification,
    responses((status = 204, description = "The address is verified"), BadLink, Refused, TooMany, BadBody, Trouble)
)]
async fn verify(State(auth): State<Auth>, client: Client, Json(proof): Json<Proof>) -> Result<StatusCode> {
    flow::verify(&auth, &proof, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
