//! Lists the browsers that a user trusts, and ends the trust in one.

use crate::{
    accounts::device::trusted::lifetime,
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        time::Timestamp,
    },
    model::{client::Client, user::UserId},
};

/// A browser that a user trusts, as the user sees it.
pub(crate) struct Trusted {
    pub(crate) id: i64,
    pub(crate) user_agent: Option<String>,
    pub(crate) trusted_at: Timestamp,
    pub(crate) trusted_until: Timestamp,
    pub(crate) last_used_at: Timestamp,
    /// The hash of its secret.
    device: Vec<u8>,
}

impl FromRow for Trusted {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            user_agent: row.get(1)?,
            trusted_at: Timestamp::of(row, 2)?,
            trusted_until: Timestamp::of(row, 3)?,
            last_used_at: Timestamp::of(row, 4)?,
            device: row.get(5)?,
        })
    }
}

impl Trusted {
    /// Returns `true` if it is the browser of this client.
    pub(crate) fn is_of(&self, client: &Client) -> bool {
        client.device.as_ref().is_some_and(|device| device.hash == *self.device)
    }
}

/// Returns the browsers that `user` trusts, the one that was trusted last comes first.
pub(crate) async fn list_trusted(auth: &Auth, user: UserId) -> Result<Vec<Trusted>> {
    let (lifetime, now) = (lifetime(auth), auth.now());
    if lifetime == 0 {
        return Ok(Vec::new());
    }
    let mut found: Vec<Trusted> = auth
        .db()
        .read(
            "SELECT trust_id, user_agent, trusted_at, trusted_until, last_used_at, token_hash FROM devices
             WHERE user_id = ?1 AND trusted_until > ?2 AND trusted_at > ?3 ORDER BY trust_id DESC",
        )
        .bind(user)
        .bind(now)
        .bind(now - lifetime)
        .fetch_all()
        .await?;
    for browser in &mut found {
        browser.trusted_until = browser.trusted_until.min(Timestamp(browser.trusted_at.0 + lifetime));
    }
    Ok(found)
}

/// Ends the trust in one browser of `user`. Returns `false` if there is none with this number.
pub(crate) async fn distrust(tx: &Tx, user: UserId, id: i64) -> Result<bool> {
    let ended = tx
        .write("UPDATE devices SET trusted_until = NULL WHERE user_id = ?1 AND trust_id = ?2 AND trusted_until IS NOT NULL")
        .bind(user)
        .bind(id)
        .execute()
        .await?;
    Ok(ended == 1)
}
