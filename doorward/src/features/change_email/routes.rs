//! What follows a change of address: `POST /confirm-email` from the new one, `POST /undo-email-change` from the old one.
//! The change is asked for with `PATCH /me`.

use axum::{extract::State, http::StatusCode};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::one_time::proof::Proof,
    auth::Auth,
    base::{
        error::Result,
        http::input::{Fields, Input, Json},
    },
    features::change_email::flow,
    model::client::Client,
    web::answers::{BadBody, BadLink, Refused, TooMany, Trouble},
};

pub(crate) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(confirm)).routes(routes!(undo))
}

/// What came with the mail to the new address: the `token` of its link, or its `code` with the `email` address that the
/// account has until now.
#[derive(ToSchema)]
#[schema(as = EmailConfirmation)]
#[expect(dead_code, reason = "it describes a body; `Proof` reads it")]
struct EmailConfirmation {
    /// The token of the link.
    #[schema(example = "dw_c_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    token: Option<String>,
    /// The address that the account has until now; with a code.
    #[schema(format = "email", example = "ann@example.org")]
    email: Option<String>,
    /// The code. Case, spaces and dashes do not matter.
    #[schema(example = "K7WM-2QXD")]
    code: Option<String>,
}

/// [`EmailConfirmation`], read.
struct Shown(Proof);

impl Input for Shown {
    fn read(fields: &mut Fields) -> Option<Self> {
        Proof::read(fields).map(Self)
    }
}

/// Let a new address count.
///
/// With the token of the link in the mail to the new address, or with its code and the address until now. Each works
/// once, the link for a day, the code for ten minutes. Five codes may be tried in half an hour. Whoever reads mail at the
/// old address, if that was verified, can take it back for seven days.
#[utoipa::path(
    post, path = "/confirm-email", tag = "mail", request_body = EmailConfirmation,
    responses((status = 204, description = "The account has the new address"), BadLink, Refused, TooMany, BadBody, Trouble)
)]
async fn confirm(
    State(auth): State<Auth>,
    client: Client,
    Json(Shown(proof)): Json<Shown>,
) -> Result<StatusCode> {
    flow::confirm(&auth, &proof, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The token of the link in the mail to the old address.
#[derive(ToSchema)]
#[schema(as = EmailChangeUndo)]
pub(crate) struct Undo {
    /// The token of the link.
    #[schema(example = "dw_u_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    token: String,
}

impl Input for Undo {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: fields.text("token")? })
    }
}

/// Take back a change of address.
///
/// All sessions of the user end, and their password does not work any more: whoever changed the address may know it. A
/// mail comes with which a new one can be chosen.
#[utoipa::path(
    post, path = "/undo-email-change", tag = "mail", request_body = Undo,
    responses((status = 204, description = "The account has its old address"), BadLink, Refused, TooMany, BadBody, Trouble)
)]
async fn undo(State(auth): State<Auth>, client: Client, Json(undo): Json<Undo>) -> Result<StatusCode> {
    flow::undo(&auth, &undo.token, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
