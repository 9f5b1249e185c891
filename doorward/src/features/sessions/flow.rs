//! Ends sessions of a user: one of them, or all others.

use crate::{
    accounts::{credential, event, mail::outbox, one_time, session},
    auth::Auth,
    base::error::Result,
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        purpose::Purpose,
        session::Session,
        user::UserId,
    },
};

/// Ends the session `id` of a user. Also cancels an unconfirmed change of address, because that session may have
/// requested it. Returns `false` if the user has no such session.
pub(super) async fn end_session(auth: &Auth, user: UserId, id: i64, by: By<'_>) -> Result<bool> {
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user).await?;
    if !session::is_there(&mut tx, user, id).await? {
        // Another request may be ending it at this moment. Wait until every node knows it.
        tx.await_others();
        tx.commit().await?;
        return Ok(false);
    }
    outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user, Purpose::CHANGE_EMAIL).await?;
    session::end_one(&mut tx, user, id).await?;
    let ended = NewEvent::of(EventKind::SessionEnded, Some(user), by);
    event::record(auth, &tx, ended.with("session", id)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends all sessions of the user who is logged in, except this one. Also cancels an unconfirmed change of address.
pub(super) async fn end_other_sessions(auth: &Auth, current: &Session, client: &Client) -> Result<()> {
    let user = current.user.id;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user).await?;
    outbox::cancel(&mut tx, user, Letter::CONFIRM_EMAIL).await?;
    one_time::kill(&mut tx, user, Purpose::CHANGE_EMAIL).await?;
    let ended = session::end_others(&mut tx, user, current.token_hash).await?;
    let all_ended = NewEvent::of(EventKind::AllSessionsEnded, Some(user), By::User(client));
    event::record(auth, &tx, all_ended.with("ended", ended)).await?;
    Ok(tx.commit().await?)
}
