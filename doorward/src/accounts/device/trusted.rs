//! The browsers that a user trusts: a log-in there needs no second step for a while. The user says so at a second step.
//!
//! The secret of the device proves that it is the same browser. It is not tied to a session, so the trust outlives
//! them. The first proof is needed all the same: the cookie of a trusted browser alone opens nothing. Whatever ends all
//! sessions of a user ends the trust, and so does a change of the second factors.

use crate::{
    auth::Auth,
    base::{
        db::{self, Tx},
        error::Result,
        secret::{self, Hash},
    },
    model::{client::Client, user::UserId},
};

/// The seconds for which a browser is trusted. A setting that was shortened counts for older trust too.
pub(super) fn lifetime(auth: &Auth) -> i64 {
    auth.config().trust_browser_for.as_secs() as i64
}

/// Trusts the browser with this secret, in the transaction of a second step. Returns the number of the trust, or `None`
/// if the settings allow none.
pub(crate) async fn trust(
    auth: &Auth,
    tx: &Tx,
    user: UserId,
    device: Hash,
    client: &Client,
) -> db::Result<Option<i64>> {
    let (lifetime, now) = (lifetime(auth), auth.now());
    if lifetime == 0 {
        return Ok(None);
    }
    let id = secret::id(auth.now_millis());
    let trusted = tx
        .write(
            "UPDATE devices SET trust_id = ?1, trusted_at = ?2, trusted_until = ?3, user_agent = ?4
             WHERE token_hash = ?5 AND user_id = ?6 AND kind = 'browser'",
        )
        .bind(id)
        .bind(now)
        .bind(now + lifetime)
        .bind(client.user_agent.as_deref())
        .bind(device)
        .bind(user)
        .execute()
        .await?;
    Ok((trusted == 1).then_some(id))
}

/// Returns `true` if `user` trusts the browser of this client.
pub(crate) async fn is_trusted(auth: &Auth, tx: &Tx, user: UserId, client: &Client) -> Result<bool> {
    let (lifetime, now) = (lifetime(auth), auth.now());
    let Some(device) = client.device.as_ref().filter(|_| lifetime > 0) else { return Ok(false) };
    let found: Option<i64> = tx
        .write(
            "SELECT trust_id FROM devices
             WHERE token_hash = ?1 AND user_id = ?2 AND trusted_until > ?3 AND trusted_at > ?4",
        )
        .bind(device.hash)
        .bind(user)
        .bind(now)
        .bind(now - lifetime)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Ends the trust in all browsers of `user`.
pub(crate) async fn distrust_all(tx: &Tx, user: UserId) -> Result<()> {
    tx.write("UPDATE devices SET trusted_until = NULL WHERE user_id = ?1 AND trusted_until IS NOT NULL")
        .bind(user)
        .execute()
        .await?;
    Ok(())
}
