//! Gives an app its code, and notes what the person allows.

use crate::{
    accounts::{
        event,
        mail::outbox,
        oauth::{
            codes::{self, NewCode},
            grants::{self, Grant},
        },
    },
    auth::Auth,
    base::error::Result,
    features::provider::{consent::shown_address, request::AuthorizationRequest},
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::{Details, Letter},
        post::{Post, To},
        session::Session,
        user::UserId,
    },
};

/// Reports that an app has access for the first time. Only a verified address gets it: another one may belong to a
/// stranger.
pub(super) const APP_ALLOWED: Letter = Letter {
    name: "app_allowed",
    page: Some("/account/apps"),
    needs: |user| user.email_verified_at.is_some() && user.disabled_at.is_none(),
    is_notice: true,
    ..Letter::TO_OWNER
};

/// When the app was allowed what it asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// By this request.
    Now,
    /// Before it.
    Before,
}

/// What came of the wish for a code.
pub(super) enum Given {
    Code(String),
    /// The person must be asked.
    Unallowed,
    /// The app or the person was deleted meanwhile.
    Unknown,
}

/// Makes the code, and notes what the person allows.
pub(super) async fn give_code(
    auth: &Auth,
    request: &AuthorizationRequest,
    session: &Session,
    allowed: Allowed,
    client: &Client,
) -> Result<Given> {
    let (wanted, user, app) = (&request.wanted, session.user.id, &request.app);
    let scopes = || wanted.scopes.iter().map(String::as_str);
    let mut tx = auth.db().begin().await?;
    let before = grants::find_locked(&tx, user, &app.id).await?;
    let is_first = before.is_none();
    let grant = match before {
        Some(grant) if grant.covers(scopes()) => grant,
        // The person has ended it since it was read.
        _ if allowed == Allowed::Before => return Ok(Given::Unallowed),
        _ => {
            let grant = grants::allow(auth, &tx, (user, &app.id), &wanted.scopes).await?;
            let Some(grant) = grant else { return Ok(Given::Unknown) };
            let event = NewEvent::of(EventKind::AppAllowed, Some(user), By::User(client));
            event::record(auth, &tx, event.with("client", &app.id).with("scopes", &grant.scopes)).await?;
            // An app of the operator is a part of the service.
            if is_first && !app.first_party {
                outbox::post(auth, &mut tx, &notice(request, user, &grant, client)).await?;
            }
            grant
        }
    };
    let new = NewCode {
        session: session.id,
        redirect_uri: &request.to.address,
        scopes: &wanted.scopes,
        resource: wanted.resource.as_deref(),
        nonce: wanted.nonce.as_deref(),
        challenge: &wanted.challenge,
    };
    let code = codes::give(auth, &tx, &grant, &new).await?;
    tx.commit().await?;
    Ok(Given::Code(code))
}

/// The letter about an app that has access for the first time.
fn notice(request: &AuthorizationRequest, user: UserId, grant: &Grant, client: &Client) -> Post {
    let mut notice = Post::of(APP_ALLOWED, To::User(user), client);
    notice.details = Details {
        app: Some(request.app.name.clone()),
        app_host: Some(shown_address(&request.to.address)),
        scopes: Some(grant.scopes.clone()),
        ..notice.details
    };
    notice
}
