//! Checks of a session: whether it still goes on, and how long ago its user proved who they are.

use crate::{
    auth::Auth,
    base::{db::Tx, error::Result},
    model::{session::Session, user::UserId},
};

/// Whether a session has not ended since the request with it began.
pub(crate) async fn goes_on(tx: &mut Tx, session: &Session) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT id FROM sessions WHERE token_hash = ?1")
        .bind(session.token_hash)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Whether the user proved who they are so short a time ago that they need not do it again for what cannot be taken
/// back. It does not matter how often the session was used since.
pub(crate) async fn is_fresh(auth: &Auth, session: &Session) -> Result<bool> {
    /// In seconds.
    const FRESH: i64 = 5 * 60;
    let authenticated_at: Option<i64> = auth
        .db()
        .read("SELECT authenticated_at FROM sessions WHERE token_hash = ?1")
        .bind(session.token_hash)
        .fetch_optional()
        .await?;
    Ok(authenticated_at.is_some_and(|proved| (proved..proved + FRESH).contains(&auth.now())))
}

/// Whether `user` has a session with this number.
pub(crate) async fn is_there(tx: &mut Tx, user: UserId, id: i64) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT id FROM sessions WHERE user_id = ?1 AND id = ?2")
        .bind(user)
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}
