//! Notes the last use of sessions. Uses are collected in memory, and written together a moment later.

use crate::{
    auth::{Auth, seen::GATHER},
    base::{error::Result, secret::Hash},
};

/// Notes that a session was used at this moment.
pub(crate) fn note_use(auth: &Auth, token_hash: Hash, now: i64) {
    if auth.seen().note(token_hash, now) {
        tokio::spawn(write_seen_soon(auth.clone()));
    }
}

async fn write_seen_soon(auth: Auth) {
    tokio::time::sleep(GATHER).await;
    if let Err(error) = write_seen(&auth).await {
        tracing::debug!(cause = %error, "the use of sessions was not noted");
    }
}

/// Writes the collected uses. Sessions that have ended by now stay ended.
pub(crate) async fn write_seen(auth: &Auth) -> Result<()> {
    /// The most uses in one write, so that other writers hardly wait.
    const AT_ONCE: usize = 500;
    for noted in auth.seen().take().chunks(AT_ONCE) {
        auth.db()
            .write_each("UPDATE sessions SET last_seen_at = ?1 WHERE token_hash = ?2 AND last_seen_at < ?1")
            .execute(
                noted.iter().map(|(token_hash, now)| vec![(*now).into(), (*token_hash).into()]).collect(),
            )
            .await?;
    }
    Ok(())
}
