//! Events and letters about refresh tokens that were shown again.

use crate::{
    accounts::{event, mail::outbox, oauth::refresh::table::Shown},
    auth::Auth,
    base::{db::Tx, error::Result},
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        oauth_client::OAuthClient,
        post::{Post, To},
    },
};

/// Reports that the access of an app has ended, because there are two copies of it. Only a verified address gets it:
/// another one may belong to a stranger.
pub(crate) const TOKEN_REUSED: Letter = Letter {
    name: "token_reused",
    page: Some("/account/apps"),
    needs: |user| user.email_verified_at.is_some() && user.disabled_at.is_none(),
    is_notice: true,
    ..Letter::TO_OWNER
};

/// Reports that an app used its access from another network and with another program. Nothing has ended.
pub(crate) const TOKEN_REPEATED: Letter = Letter { name: "token_repeated", ..TOKEN_REUSED };

/// Records that somebody has a copy of a token, and tells the owner of the account.
pub(super) async fn reused(
    auth: &Auth,
    tx: &mut Tx,
    shown: &Shown,
    app: &OAuthClient,
    client: &Client,
) -> Result<()> {
    record(auth, tx, EventKind::RefreshTokenReused, shown, (app, client)).await?;
    outbox::post(auth, tx, &post(TOKEN_REUSED, shown, app, client)).await
}

/// Records that a token was shown again after more than a minute. Tells the owner if both the network and the program
/// are others: then it is not the same app on a bad line.
pub(super) async fn repeated(
    auth: &Auth,
    tx: &mut Tx,
    shown: &Shown,
    app: &OAuthClient,
    client: &Client,
) -> Result<()> {
    record(auth, tx, EventKind::RefreshTokenRepeated, shown, (app, client)).await?;
    let before = Client { ip: shown.ip.as_ref().and_then(|ip| ip.parse().ok()), ..Client::default() };
    if before.network() != client.network() && shown.user_agent != client.user_agent {
        outbox::post(auth, tx, &post(TOKEN_REPEATED, shown, app, client)).await?;
    }
    Ok(())
}

async fn record(
    auth: &Auth,
    tx: &Tx,
    kind: EventKind,
    shown: &Shown,
    (app, client): (&OAuthClient, &Client),
) -> Result<()> {
    let mut event = NewEvent::of(kind, Some(shown.user.id), By::User(client)).with("client", &app.id);
    if let Some(ip) = &shown.ip {
        event = event.with("earlier_ip", ip);
    }
    if let Some(user_agent) = &shown.user_agent {
        event = event.with("earlier_user_agent", user_agent);
    }
    Ok(event::record(auth, tx, event).await?)
}

fn post(letter: Letter, shown: &Shown, app: &OAuthClient, client: &Client) -> Post {
    let mut post = Post::of(letter, To::User(shown.user.id), client);
    post.details.app = Some(app.name.clone());
    post.details.earlier_ip.clone_from(&shown.ip);
    post.details.earlier_user_agent.clone_from(&shown.user_agent);
    post
}
