//! Ending one's own sessions: one of them, or all others.

use crate::{
    accounts::{credential, event, mail::outbox, one_time, session},
    auth::Auth,
    base::error::Result,
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        purpose::Purpose,
        session::Session,
    },
};

/// Ends one session of who is logged in by its number, and a change of address that was asked for: the session may have
/// asked for it. `false` if they have no such session.
pub(super) async fn end_session(auth: &Auth, current: &Session, id: i64, client: &Client) -> Result<bool> {
    let user = current.user.id;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user).await?;
    if !session::is_there(&mut tx, user, id).await? {
        // Somebody else may be ending it at this moment.
        tx.awaits_changes();
        tx.commit().await?;
        return Ok(false);
    }
    outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user, Purpose::CHANGE_EMAIL).await?;
    session::end_one(&mut tx, user, id).await?;
    let ended = New::of(EventKind::SessionEnded, Some(user), By::User(client));
    event::record(auth, &tx, ended.with("session", id)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends all sessions of who is logged in but the one they do it in, and a change of address that was asked for.
pub(super) async fn end_other_sessions(auth: &Auth, current: &Session, client: &Client) -> Result<()> {
    let user = current.user.id;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user).await?;
    outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user, Purpose::CHANGE_EMAIL).await?;
    let ended = session::end_others(&mut tx, user, current.token_hash).await?;
    let all_ended = New::of(EventKind::AllSessionsEnded, Some(user), By::User(client));
    event::record(auth, &tx, all_ended.with("ended", ended)).await?;
    Ok(tx.commit().await?)
}
