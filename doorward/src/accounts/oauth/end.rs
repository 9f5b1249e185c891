//! Ends the tokens that apps have for a user, when their sessions end. A build without the provider does so too:
//! another node on the same database may have it.

use crate::{
    base::{db::Tx, error::Result},
    model::user::UserId,
};

/// Ends all codes and tokens that apps have for `user`. What the user allowed stays, so an app may ask for new ones.
///
/// The statement waits for a code that is being exchanged: the token that comes of it has the old generation.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.note_change(user);
    tx.write("UPDATE grants SET generation = generation + 1 WHERE user_id = ?1").bind(user).execute().await?;
    // The greater generation has ended them. Now they can be cleared away too.
    tx.write("UPDATE refresh_chains SET expires_at = 0 WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Takes back what `user` allowed all apps. Their codes and tokens end with it.
pub(crate) async fn take_back_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.note_change(user);
    tx.write("DELETE FROM grants WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Ends the tokens that apps got in one session of `user`, also those that a plain log-out leaves.
pub(crate) async fn end_of_session(tx: &mut Tx, user: UserId, session: i64) -> Result<()> {
    tx.note_change(user);
    // A code or a refresh token that is being exchanged in this session locks its grant. Wait for it.
    tx.write("UPDATE grants SET updated_at = updated_at WHERE user_id = ?1").bind(user).execute().await?;
    tx.write("DELETE FROM refresh_chains WHERE user_id = ?1 AND session_id = ?2")
        .bind(user)
        .bind(session)
        .execute()
        .await?;
    tx.write(
        "DELETE FROM access_tokens WHERE grant_id IN (SELECT id FROM grants WHERE user_id = ?1)
             AND session_id = ?2",
    )
    .bind(user)
    .bind(session)
    .execute()
    .await?;
    Ok(())
}
