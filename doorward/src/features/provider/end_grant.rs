//! Ends the access of an app, for the owner of the account.

use crate::{
    accounts::{event, oauth::grants},
    auth::Auth,
    base::error::Result,
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        user::UserId,
    },
};

/// Ends what this user allowed an app. From then on no node accepts its tokens. Returns `false` if there was nothing to end.
pub(super) async fn end_grant(auth: &Auth, user: UserId, id: i64, client: &Client) -> Result<bool> {
    let mut tx = auth.db().begin().await?;
    let app = grants::end(&mut tx, user, id).await?;
    match &app {
        Some(app) => {
            let ended = NewEvent::of(EventKind::AppEnded, Some(user), By::User(client));
            event::record(auth, &tx, ended.with("client", app.as_str())).await?;
        }
        // Another request may be ending it at this moment. Wait until every node knows it.
        None => tx.await_others(),
    }
    tx.commit().await?;
    Ok(app.is_some())
}
