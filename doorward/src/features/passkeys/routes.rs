//! The passkeys of the user who is logged in: `/passkeys`.

use axum::{
    Json as Answer,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorward_passkey::{CreationOptions, RegistrationResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{
        limit::passkey_options,
        passkey::{self, Passkey, register},
    },
    auth::Auth,
    base::{
        error::{Error, Problem, Result},
        http::input::{Fields, Input, Json, MAX_CREDENTIAL},
        text::display_name,
        time::Timestamp,
    },
    features::passkeys::flow::{self, Added},
    model::{client::Client, user::User},
    web::{
        answers::{BadBody, BadCredential, CrossSite, PasskeyOptions, ServerErrors, TooMany},
        current_user::RequestSession,
        own_proof::NotProved,
        sudo::SudoSession,
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new()
        .routes(routes!(passkey_creation_options))
        .routes(routes!(list_passkeys, add_passkey))
        .routes(routes!(rename_passkey, remove_passkey))
}

/// A passkey.
#[derive(Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(super) struct Item {
    /// The number of the passkey.
    #[schema(example = 912_345_678_901_248_i64)]
    pub(super) id: i64,
    /// The name that the user gave it, or that of its password manager.
    #[schema(example = "1Password")]
    pub(super) name: String,
    created_at: Timestamp,
    /// When it was last used; `null` if never.
    last_used_at: Option<Timestamp>,
    /// `true` if it is backed up, so that other devices of the user have it too.
    pub(super) synced: bool,
    /// `true` if it cannot log in without an address. Log-ins with a password then ask for it.
    pub(super) second_step_only: bool,
    /// The domain that it was made for, if that is not the one of this server any more. It does not work then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "accounts.old.example")]
    pub(super) made_for: Option<String>,
    /// Ten new recovery codes, if log-ins need a second step since this passkey was added, and the user had none. They
    /// are not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(["ABCD-EFGH-JKLM"]))]
    recovery_codes: Option<Vec<String>>,
}

impl Item {
    pub(super) fn of(passkey: Passkey) -> Self {
        Self {
            id: passkey.id,
            second_step_only: passkey.second_step_only(),
            synced: passkey.backed_up,
            made_for: passkey.retired.then_some(passkey.rp_id),
            name: passkey.name,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
            recovery_codes: None,
        }
    }
}

/// What a page tells the browser after each log-in, so that password managers hide passkeys that were removed
/// (WebAuthn, section 5.1.10).
#[derive(Serialize, ToSchema)]
#[schema(as = PasskeySignal)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Signal {
    /// For `signalAllAcceptedCredentials` and `signalCurrentUserDetails`.
    #[schema(example = "accounts.example.org")]
    rp_id: String,
    /// The handle of the user, in base64url.
    #[schema(example = "AAM9yTfWcAA")]
    user_id: String,
    /// The passkeys that work, in base64url.
    all_accepted_credential_ids: Vec<String>,
    /// The name of the account.
    #[schema(example = "ann@example.org")]
    name: String,
}

impl Signal {
    /// Returns what to tell about these passkeys of a user, or `None` if there is nothing to tell.
    pub(super) fn of(auth: &Auth, user: &User, passkeys: &[Passkey]) -> Option<Self> {
        let site = auth.relying_party().ok()?;
        let accepted = passkeys.iter().filter(|passkey| !passkey.retired);
        let ids = accepted.map(|passkey| URL_SAFE_NO_PAD.encode(&passkey.credential_id)).collect();
        Some(Self {
            rp_id: site.id.clone(),
            user_id: URL_SAFE_NO_PAD.encode(i64::from(user.id).to_be_bytes()),
            all_accepted_credential_ids: ids,
            name: user.email.clone(),
        })
    }
}

/// The passkeys of a user.
#[derive(Serialize, ToSchema)]
#[schema(as = Passkeys)]
pub(super) struct List {
    /// Oldest first.
    passkeys: Vec<Item>,
    /// `null` if this server is not set up for passkeys.
    signal: Option<Signal>,
}

/// Get options for a new passkey.
///
/// A page passes them to `PublicKeyCredential.parseCreationOptionsFromJSON`, and the result as `publicKey` to
/// `navigator.credentials.create()`. The answer goes to `POST /passkeys` within ten minutes, in the same session.
#[utoipa::path(
    post, path = "/passkeys/options", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The options (WebAuthn, section 5.4)", body = PasskeyOptions),
        (status = 403, description = "This server is not set up for passkeys (`passkeys_not_configured`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The user has 25 passkeys (`limit_reached`)", body = Problem, content_type = "application/problem+json"),
        TooMany, NotProved, ServerErrors,
    )
)]
async fn passkey_creation_options(
    State(auth): State<Auth>,
    SudoSession(session): SudoSession,
    client: Client,
) -> Result<Answer<CreationOptions>> {
    passkey_options::count(&auth, &client).await?;
    Ok(Answer(register::ask(&auth, &session).await?))
}

/// A new passkey.
#[derive(ToSchema)]
#[schema(as = NewPasskey)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    /// What `toJSON()` of the new credential says.
    #[schema(value_type = Object)]
    credential: RegistrationResponse,
    /// A name, 1 to 64 characters. Otherwise the passkey gets that of its password manager, or of the browser.
    #[schema(example = "My phone")]
    name: Option<String>,
}

impl Input for New {
    const MAX_BODY: usize = MAX_CREDENTIAL;
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let credential = fields.credential("credential", RegistrationResponse::from_json);
        let name = fields.optional_text("name");
        let name = match name? {
            Some(text) => Some(named(fields, &text)?),
            None => None,
        };
        Some(Self { credential: credential?, name })
    }
}

fn named(fields: &mut Fields, text: &str) -> Option<String> {
    display_name::read(text).map_err(|expected| fields.wrong::<()>("name", expected)).ok()
}

/// Add a passkey.
///
/// If it cannot log in without an address, as with some security keys, log-ins with a password ask for it from now on.
#[utoipa::path(
    post, path = "/passkeys", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = New,
    responses(
        (status = 201, description = "The passkey is added", body = Item),
        (status = 403, description = "This server is not set up for passkeys (`passkeys_not_configured`), or another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The passkey is there already (`passkey_exists`), or the user has 25 (`limit_reached`)", body = Problem, content_type = "application/problem+json"),
        NotProved, BadBody, ServerErrors,
    )
)]
async fn add_passkey(
    State(auth): State<Auth>,
    SudoSession(session): SudoSession,
    client: Client,
    Json(New { credential, name }): Json<New>,
) -> Result<(StatusCode, Answer<Item>)> {
    let added = Box::pin(flow::add(&auth, &session, (&credential, name.as_deref()), &client)).await?;
    let Added { passkey, recovery_codes } = added;
    Ok((StatusCode::CREATED, Answer(Item { recovery_codes, ..Item::of(passkey) })))
}

/// List the passkeys of the user.
///
/// A page that shows them tells the browser `signal`, so that password managers hide those that were removed.
#[utoipa::path(
    get, path = "/passkeys", tag = "account", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The passkeys", body = List), BadCredential, CrossSite, ServerErrors)
)]
async fn list_passkeys(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
) -> Result<Answer<List>> {
    let passkeys = passkey::of_user(auth.db(), session.user.id).await?;
    let signal = Signal::of(&auth, &session.user, &passkeys);
    Ok(Answer(List { passkeys: passkeys.into_iter().map(Item::of).collect(), signal }))
}

/// Another name of a passkey.
#[derive(ToSchema)]
#[schema(as = PasskeyName)]
#[serde(deny_unknown_fields)]
pub(super) struct Name {
    /// 1 to 64 characters.
    #[schema(example = "My phone")]
    name: String,
}

impl Input for Name {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let text = fields.text("name")?;
        Some(Self { name: named(fields, &text)? })
    }
}

fn number(id: Result<Path<String>, PathRejection>) -> Result<i64> {
    // Text that is not UTF-8 is not a number either.
    id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)
}

/// Rename a passkey.
#[utoipa::path(
    patch, path = "/passkeys/{id}", tag = "account", security(("bearer" = []), ("cookie" = [])), request_body = Name,
    params(("id" = i64, Path, description = "The number of the passkey")),
    responses(
        (status = 204, description = "The passkey has the name"),
        (status = 404, description = "The user has no such passkey (`not_found`)", body = Problem, content_type = "application/problem+json"),
        BadCredential, CrossSite, BadBody, ServerErrors,
    )
)]
async fn rename_passkey(
    State(auth): State<Auth>,
    RequestSession(session): RequestSession,
    client: Client,
    id: Result<Path<String>, PathRejection>,
    Json(Name { name }): Json<Name>,
) -> Result<StatusCode> {
    flow::rename(&auth, &session, (number(id)?, &name), &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a passkey.
///
/// The sessions that began with it end, but not this one.
#[utoipa::path(
    delete, path = "/passkeys/{id}", tag = "account", security(("bearer" = []), ("cookie" = [])),
    params(("id" = i64, Path, description = "The number of the passkey")),
    responses(
        (status = 204, description = "The passkey is removed"),
        (status = 404, description = "The user has no such passkey (`not_found`)", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The user could not log in any more (`last_way_in`)", body = Problem, content_type = "application/problem+json"),
        NotProved, CrossSite, ServerErrors,
    )
)]
async fn remove_passkey(
    State(auth): State<Auth>,
    SudoSession(session): SudoSession,
    client: Client,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode> {
    flow::remove(&auth, &session, number(id)?, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
