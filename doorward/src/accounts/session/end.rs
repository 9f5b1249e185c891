//! Ends sessions: one, all others, or all of a user.

use crate::{
    accounts::{device, event, oauth, pending_login},
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret::Hash,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        user::UserId,
    },
};

/// Ends the session with this token. From then on no node accepts the token.
pub(crate) async fn log_out(auth: &Auth, token_hash: Hash, client: &Client) -> Result<()> {
    let mut tx = auth.db().begin().await?;
    if let Some(Ended { id, user }) = end(&mut tx, token_hash).await? {
        let logged_out = NewEvent::of(EventKind::LoggedOut, Some(user), By::User(client));
        event::record(auth, &tx, logged_out.with("session", id)).await?;
    } else {
        // Another request may be ending it at this moment. The answer waits until all nodes know that it has ended.
        tx.await_others();
    }
    tx.commit().await?;
    Ok(())
}

/// The number of an ended session, and its user.
pub(super) struct Ended {
    pub(super) id: i64,
    pub(super) user: UserId,
}

impl FromRow for Ended {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.get(0)?, user: UserId(row.get(1)?) })
    }
}

pub(super) async fn end(tx: &mut Tx, token_hash: Hash) -> Result<Option<Ended>> {
    let ended: Option<Ended> = tx
        .write("DELETE FROM sessions WHERE token_hash = ?1 RETURNING id, user_id")
        .bind(token_hash)
        .fetch_optional()
        .await?;
    if let Some(ended) = &ended {
        tx.note_change(ended.user);
    }
    Ok(ended)
}

/// Ends one session of `user` by its number, and the tokens that apps got in it.
pub(crate) async fn end_one(tx: &mut Tx, user: UserId, id: i64) -> Result<()> {
    oauth::end_of_session(tx, user, id).await?;
    tx.change(user, "DELETE FROM sessions WHERE user_id = ?1 AND id = ?2")
        .bind(user)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}

/// Ends all sessions of `user` except the one with the token hash `kept`, the log-ins that wait for a second step, the
/// trust in browsers, and the tokens of all apps. Returns how many sessions it ended.
pub(crate) async fn end_others(tx: &mut Tx, user: UserId, kept: Hash) -> Result<u64> {
    pending_login::end_all(tx, user).await?;
    let ended = tx
        .change(user, "DELETE FROM sessions WHERE user_id = ?1 AND token_hash <> ?2")
        .bind(user)
        .bind(kept)
        .execute()
        .await?;
    oauth::end_all(tx, user).await?;
    device::distrust_all(tx, user).await?;
    Ok(ended)
}

/// Ends the sessions of `user` that began with this passkey, except the one with the token hash `kept`. Returns how
/// many.
#[cfg(feature = "totp")]
pub(crate) async fn end_of_passkey(tx: &mut Tx, user: UserId, passkey: i64, kept: Hash) -> Result<u64> {
    let ids: Vec<i64> = tx
        .write("SELECT id FROM sessions WHERE user_id = ?1 AND passkey_id = ?2 AND token_hash <> ?3")
        .bind(user)
        .bind(passkey)
        .bind(kept)
        .fetch_all()
        .await?;
    for id in &ids {
        end_one(tx, user, *id).await?;
    }
    Ok(ids.len() as u64)
}

/// Ends all sessions of `user`, the log-ins that wait for a second step, the trust in browsers, and the tokens of all
/// apps. Returns how many sessions it ended.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId) -> Result<u64> {
    pending_login::end_all(tx, user).await?;
    oauth::end_all(tx, user).await?;
    device::distrust_all(tx, user).await?;
    Ok(tx.change(user, "DELETE FROM sessions WHERE user_id = ?1").bind(user).execute().await?)
}
