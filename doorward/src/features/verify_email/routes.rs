//! `POST /verify-email` verifies the address of an account. `POST /verify-email/request` sends another mail.

use axum::{extract::State, http::StatusCode, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{limit::mails::Asker, one_time::proof::Proof},
    auth::Auth,
    base::{
        error::Result,
        http::input::{Json, Told},
    },
    features::verify_email::flow,
    model::client::Client,
    web::{
        answers::{self, Accepted, BadBody, BadLink, CrossSite, NoMail, ServerErrors, TooMany, TooManyMails},
        cookies,
        mailed::{address_body, proof_body},
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(request)).routes(routes!(verify))
}

address_body!(VerificationRequest);

/// Ask for a mail to verify the address.
///
/// The answer is the same whether or not the account exists, and whether or not a mail is sent. The number of mails is
/// limited. For each address in 15 minutes, silently: further mails are left out. For each client in an hour, with 429.
#[utoipa::path(
    post, path = "/verify-email/request", tag = "mail", request_body = VerificationRequest,
    responses((status = 202, description = "Accepted; a mail is sent only if one is needed", body = Accepted), NoMail, TooManyMails, BadBody, ServerErrors)
)]
async fn request(
    State(auth): State<Auth>,
    client: Client,
    Json(Told { input: request, fields }): Json<Told<VerificationRequest>>,
) -> Result<Response> {
    let client = client.telling(fields);
    flow::ask(&auth, &request.email, Asker::anybody(&client)).await?;
    Ok(answers::accepted())
}

proof_body! {
    /// The `token` of the link in the mail, or the `code` of the mail and the `email` address of the account.
    Verification, "dw_v_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw"
}

/// Verify the address.
///
/// Send the token of the link in the mail, or the code of the mail and the address. They work once: the link for 24
/// hours, the code for 10 minutes. Five codes may be tried in 30 minutes, and five more after each request for another
/// mail.
#[utoipa::path(
    post, path = "/verify-email", tag = "mail", request_body = Verification,
    responses(
        (status = 204, description = "The address is verified", headers(("Set-Cookie" = String, description = "The device cookie, as with `POST /login`"))),
        BadLink, CrossSite, TooMany, BadBody, ServerErrors,
    )
)]
async fn verify(State(auth): State<Auth>, client: Client, Json(proof): Json<Proof>) -> Result<Response> {
    let device = flow::verify(&auth, &proof, &client).await?;
    Ok(cookies::remembered(&auth, &device, StatusCode::NO_CONTENT))
}
