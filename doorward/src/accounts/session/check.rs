//! Checks of a session: it still exists.

#[cfg(feature = "totp")]
use crate::base::error::Error;
use crate::{
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

/// Refuses a session that has ended since the request with it began.
///
/// # Errors
/// [`Error::InvalidSession`].
#[cfg(feature = "totp")]
pub(crate) async fn expect_alive(tx: &mut Tx, session: &Session) -> Result<()> {
    if has_not_ended(tx, session).await? { Ok(()) } else { Err(Error::InvalidSession) }
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
