//! The authenticator app of the user who is logged in: `POST` and `DELETE /totp`, `POST /totp/confirm`, and
//! `/recovery-codes`.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use crate::{
    accounts::{
        own_proof::OwnProof,
        second_factor::{recovery_codes, totp::TO_CONFIRM},
    },
    auth::Auth,
    base::{
        error::{Problem, Result},
        http::input::{Fields, Input, Json},
        time::Timestamp,
    },
    features::authenticator::flow::{self, Enrolment},
    model::client::Client,
    web::{
        answers::{BadBody, BadCredential, CrossSite, ServerErrors, TooMany},
        current_user::RequestSession,
        own_proof::{NotProved, OwnProof as OwnProofBody},
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new()
        .routes(routes!(begin_totp, remove_totp))
        .routes(routes!(confirm_totp))
        .routes(routes!(renew_recovery_codes, count_recovery_codes))
}

/// An authenticator app that is being added.
#[derive(Serialize, ToSchema)]
#[schema(as = Enrolment)]
pub(super) struct Begun {
    /// The secret, in base32, for people who type it. It is not shown again.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// The address that opens an app on this device.
    #[schema(
        example = "otpauth://totp/Example:ann%40example%2Eorg?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example&algorithm=SHA1&digits=6&period=30"
    )]
    uri: String,
    /// The same address as a QR code, for a page to show: an `svg` element without style and script.
    #[schema(example = "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>")]
    qr_svg: String,
    /// Seconds until it has to be confirmed.
    #[schema(example = 900)]
    expires_in: i64,
}

impl Begun {
    fn of(Enrolment { secret, uri, qr_svg }: Enrolment) -> Self {
        let [secret, uri] = [secret, uri].map(|text| text.to_string());
        Self { secret, uri, qr_svg, expires_in: TO_CONFIRM }
    }
}

/// Begin to add an authenticator app.
///
/// The user proves who they are: in the body, which may be missing, or in this session in the last 300 seconds. If they
/// have a second factor, only that counts: then a new app takes the place of the old one, which goes on until `POST
/// /totp/confirm`. The new secret takes the place of one that was begun before.
#[utoipa::path(
    post, path = "/totp", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = OwnProofBody,
    responses(
        (status = 201, description = "The secret of the new app. It counts after `POST /totp/confirm`", body = Begun),
        (status = 403, description = "The proof is wrong (`wrong_password`, `wrong_otp`, `wrong_recovery_code`), the server has no key to seal secrets with (`second_factor_not_configured`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, NotProved, BadBody, ServerErrors,
    )
)]
async fn begin_totp(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(proof): Json<Option<OwnProof>>,
) -> Result<(StatusCode, Answer<Begun>)> {
    let enrolment = flow::begin(&auth, &session, proof, &client).await?;
    Ok((StatusCode::CREATED, Answer(Begun::of(enrolment))))
}

/// The first code of a new app.
#[derive(ToSchema)]
#[schema(as = FirstCode)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstCode {
    /// The code that the app shows. Spaces and dashes do not matter.
    #[schema(value_type = String, example = "123456")]
    otp: Zeroizing<String>,
}

impl Input for FirstCode {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { otp: Zeroizing::new(fields.text("otp")?) })
    }
}

/// New recovery codes, if there are any.
#[derive(Serialize, ToSchema)]
#[schema(as = NewRecoveryCodes)]
pub(super) struct NewCodes {
    /// Ten codes. Each works once, and they are not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(["ABCD-EFGH-JKLM"]))]
    recovery_codes: Option<Vec<String>>,
}

/// Confirm a new authenticator app.
///
/// From then on a log-in needs a code of this app. The first time, the answer has the recovery codes.
#[utoipa::path(
    post, path = "/totp/confirm", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = FirstCode,
    responses(
        (status = 200, description = "The app is added", body = NewCodes),
        (status = 400, description = "No app was begun in the last 15 minutes (`login_expired`), or more than one credential came with the request (`ambiguous_credentials`)", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The code is wrong (`wrong_otp`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        TooMany, BadCredential, BadBody, ServerErrors,
    )
)]
async fn confirm_totp(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(first): Json<FirstCode>,
) -> Result<Answer<NewCodes>> {
    let recovery_codes = flow::confirm(&auth, &session, &first.otp, &client).await?;
    Ok(Answer(NewCodes { recovery_codes }))
}

/// Remove the authenticator app.
///
/// The recovery codes go with it. A log-in then needs no second step. The user proves a second factor: in the body,
/// which may be missing, or in this session in the last 300 seconds.
#[utoipa::path(
    delete, path = "/totp", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = OwnProofBody,
    responses(
        (status = 204, description = "The app is removed"),
        (status = 403, description = "The proof is wrong (`wrong_password`, `wrong_otp`, `wrong_recovery_code`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no app (`not_found`)", body = Problem, content_type = "application/problem+json"),
        TooMany, NotProved, BadBody, ServerErrors,
    )
)]
async fn remove_totp(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(proof): Json<Option<OwnProof>>,
) -> Result<StatusCode> {
    flow::remove(&auth, &session, proof, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make new recovery codes.
///
/// They take the place of all older ones. The user proves a second factor: in the body, which may be missing, or in
/// this session in the last 300 seconds.
#[utoipa::path(
    post, path = "/recovery-codes", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = OwnProofBody,
    responses(
        (status = 200, description = "The new codes", body = NewCodes),
        (status = 403, description = "The proof is wrong (`wrong_password`, `wrong_otp`, `wrong_recovery_code`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no authenticator app (`not_found`)", body = Problem, content_type = "application/problem+json"),
        TooMany, NotProved, BadBody, ServerErrors,
    )
)]
async fn renew_recovery_codes(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    Json(proof): Json<Option<OwnProof>>,
) -> Result<Answer<NewCodes>> {
    let codes = flow::renew_codes(&auth, &session, proof, &client).await?;
    Ok(Answer(NewCodes { recovery_codes: Some(codes) }))
}

/// The recovery codes that are left. They themselves are never shown again.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodes)]
pub(super) struct Left {
    /// The number of codes that still work.
    #[schema(example = 7)]
    left: i64,
    /// When they were made; `null` if there are none.
    created_at: Option<Timestamp>,
}

/// Count the recovery codes.
#[utoipa::path(
    get, path = "/recovery-codes", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "How many are left", body = Left), BadCredential, CrossSite, ServerErrors)
)]
async fn count_recovery_codes(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
) -> Result<Answer<Left>> {
    let recovery_codes::Left { left, created_at } = recovery_codes::left(&auth, session.user.id).await?;
    Ok(Answer(Left { left, created_at: created_at.map(Timestamp) }))
}
