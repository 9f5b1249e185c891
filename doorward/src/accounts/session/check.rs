//! Checks of a session: it still exists, and its user proved who they are a short time ago.

use crate::{
    auth::Auth,
    base::{db::Tx, error::Result},
    model::{session::Session, user::UserId},
};

/// Returns `true` if the session has not ended since the request with it began.
pub(crate) async fn has_not_ended(tx: &mut Tx, session: &Session) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT id FROM sessions WHERE token_hash = ?1")
        .bind(session.token_hash)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Returns `true` if the user proved who they are in the last minutes. Then they need no new proof for a change that
/// cannot be undone. The use of the session since then does not matter.
pub(crate) async fn is_fresh(auth: &Auth, session: &Session) -> Result<bool> {
    /// The seconds for which a proof counts.
    const FRESH: i64 = 5 * 60;
    let authenticated_at: Option<i64> = auth
        .db()
        .read("SELECT authenticated_at FROM sessions WHERE token_hash = ?1")
        .bind(session.token_hash)
        .fetch_optional()
        .await?;
    Ok(authenticated_at.is_some_and(|proved| (proved..proved + FRESH).contains(&auth.now())))
}

/// Returns `true` if `user` has a session with this number.
pub(crate) async fn is_there(tx: &mut Tx, user: UserId, id: i64) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT id FROM sessions WHERE user_id = ?1 AND id = ?2")
        .bind(user)
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}
