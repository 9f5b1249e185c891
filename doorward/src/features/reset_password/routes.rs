//! `POST /forgot-password` sends a mail to a user who forgot the password. `POST /reset-password` takes the proof from
//! it, and the new password.

use axum::{extract::State, http::StatusCode, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{limit::new_passwords, one_time::proof::Proof},
    auth::Auth,
    base::{
        error::Result,
        http::input::{Fields, Input, Json, Told},
        passwords::password::Password,
    },
    features::reset_password::flow,
    model::client::Client,
    web::{
        answers::{
            self, Accepted, BadBody, BadLink, NoMail, NoPasswords, ServerErrors, TooMany, TooManyMails,
        },
        cookies,
        mailed::{address_body, proof_body},
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(forgot)).routes(routes!(reset))
}

address_body!(ForgottenPassword);

/// Ask for a mail to choose a new password.
///
/// The answer is the same whether or not the account exists, and whether or not a mail is sent. The number of mails is
/// limited. For each address in 15 minutes, silently: further mails are left out. For each client in an hour, with 429.
#[utoipa::path(
    post, path = "/forgot-password", tag = "mail", request_body = ForgottenPassword,
    responses((status = 202, description = "Accepted; a mail is sent only if one is needed", body = Accepted), NoMail, TooManyMails, BadBody, ServerErrors)
)]
async fn forgot(
    State(auth): State<Auth>,
    client: Client,
    Json(Told { input: forgotten, fields }): Json<Told<ForgottenPassword>>,
) -> Result<Response> {
    let client = client.telling(fields);
    flow::ask(&auth, &forgotten.email, &client).await?;
    Ok(answers::accepted())
}

proof_body! {
    /// A new password, and a proof from the mail: the `token` of its link, or its `code` and the `email` address of the
    /// account.
    PasswordReset, "dw_r_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw",
    /// 8 to 256 characters of any kind; 15 or more are better. Common passwords, and those made of the address, are
    /// refused.
    #[schema(format = "password", example = "a better one, longer", min_length = 8, max_length = 256)]
    new_password: String,
    /// `true` also removes the authenticator app, the passkeys and the recovery codes, if they were added in the last
    /// seven days. Older ones stay: the mail alone does not get past them.
    #[schema(example = false)]
    remove_others: Option<bool>
}

/// The content of a [`PasswordReset`].
struct Reset {
    proof: Proof,
    new_password: Password,
    remove_others: bool,
}

impl Input for Reset {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let proof = Proof::read(fields);
        let new_password = fields.new_password("new_password");
        let remove_others = fields.optional_switch("remove_others");
        Some(Self {
            proof: proof?,
            new_password: new_password?,
            remove_others: remove_others?.unwrap_or_default(),
        })
    }
}

/// Choose a new password.
///
/// Send the token of the link in the mail, or the code of the mail and the address. They work once: the link for 30
/// minutes, the code for 10 minutes. Five codes may be tried in 30 minutes, and five more after each request for
/// another mail. Ends all sessions of the user. Log in with the new password afterwards. The
/// device cookie lets this client do so even while strangers keep the account blocked; so does its network for an hour.
#[utoipa::path(
    post, path = "/reset-password", tag = "mail", request_body = PasswordReset,
    responses(
        (status = 204, description = "The password is changed", headers(("Set-Cookie" = String, description = "The device cookie, as with `POST /login`"))),
        BadLink, NoPasswords, TooMany, BadBody, ServerErrors,
    )
)]
async fn reset(State(auth): State<Auth>, client: Client, Json(reset): Json<Reset>) -> Result<Response> {
    let attempt = new_passwords::count(&auth, &client).await?;
    let Reset { proof, new_password, remove_others } = reset;
    let done = flow::reset(&auth, attempt, &proof, (new_password, remove_others), &client).await?;
    Ok(cookies::remembered(&auth, &done.device, StatusCode::NO_CONTENT))
}
