//! Ends the trust in a browser.

use crate::{
    accounts::{device, event},
    auth::Auth,
    base::error::Result,
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        user::UserId,
    },
};

/// Ends the trust in the browser `id` of a user: its next log-in needs the second step. Its sessions go on. Returns
/// `false` if the user trusts no such browser.
pub(super) async fn distrust(auth: &Auth, user: UserId, id: i64, client: &Client) -> Result<bool> {
    let tx = auth.db().begin().await?;
    if !device::distrust(&tx, user, id).await? {
        return Ok(false);
    }
    let distrusted = NewEvent::of(EventKind::BrowserDistrusted, Some(user), By::User(client));
    event::record(auth, &tx, distrusted.with("browser", id)).await?;
    tx.commit().await?;
    Ok(true)
}
