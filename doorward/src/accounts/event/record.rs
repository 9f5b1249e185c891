//! Writes an event to the table that it belongs to, and tells the listeners.
//!
//! An event of a change is written in the transaction of that change. So the event exists exactly if the change was
//! made. It holds no secret. It does not hold an unknown address either, because people type passwords into that field.

use crate::{
    accounts::{
        event::{failures, table},
        user,
    },
    auth::Auth,
    base::{
        db::{self, Tx},
        error::{Error, Result},
    },
    model::{
        client::Client,
        event::{By, LiveEvent, NewEvent},
        event_kind::EventKind,
        user::{User, UserId},
    },
};

/// No user has this number.
const NOBODY: UserId = UserId(0);

/// Writes an event in the transaction of the change that it reports. Listeners get it after the commit. Call it after
/// the change of the user: they get the user as the transaction leaves them.
pub(crate) async fn record(auth: &Auth, tx: &Tx, new: NewEvent<'_>) -> db::Result<()> {
    // The look-up is the same for an address without an account, so the time reveals nothing.
    let user = if auth.listeners().exist() {
        user::in_transaction(tx, new.user().unwrap_or(NOBODY)).await?
    } else {
        None
    };
    record_with(auth, tx, new, user).await
}

/// Writes an event as [`record`] does. Listeners get the user as they are given here.
pub(crate) async fn record_with(
    auth: &Auth,
    tx: &Tx,
    new: NewEvent<'_>,
    user: Option<User>,
) -> db::Result<()> {
    let mut event = new.at(auth.now());
    event.id = if event.kind.is_of_strangers() {
        failures::gather(auth, tx, &event).await?
    } else {
        table::insert(tx, &event).await?
    };
    if auth.listeners().exist() {
        let auth = auth.clone();
        let live = LiveEvent { event, user };
        tx.after_commit(move || auth.listeners().tell(&live));
    }
    Ok(())
}

/// Writes an event that reports no change of a row, in one statement.
pub(crate) async fn record_alone(auth: &Auth, new: NewEvent<'_>) -> Result<()> {
    let user = if auth.listeners().exist() {
        user::by_id(auth.db(), new.user().unwrap_or(NOBODY)).await?
    } else {
        None
    };
    let mut event = new.at(auth.now());
    event.id = if event.kind.is_of_strangers() {
        failures::gather_alone(auth, &event).await?
    } else {
        table::insert_alone(auth, &event).await?
    };
    auth.listeners().tell(&LiveEvent { event, user });
    Ok(())
}

/// Records that a limit is reached: `limit` names it. Call it once when that happens. The refusals after it are not
/// recorded.
pub(crate) async fn throttled(
    auth: &Auth,
    limit: &'static str,
    user: Option<UserId>,
    client: &Client,
) -> Result<()> {
    let throttled = NewEvent::of(EventKind::Throttled, user, By::User(client)).with("limit", limit);
    record_alone(auth, throttled).await
}

/// Records that a log-in failed, and why. Returns the error for the client, which is the same for all reasons.
///
/// It runs the same statement for every account and for an unknown address, and the answer waits for it. So every
/// attempt is recorded, and the time reveals nothing. Call it before the answer to every refused log-in. Do not call it
/// if nothing was compared.
pub(crate) async fn log_in_failed(
    auth: &Auth,
    user: Option<UserId>,
    (method, reason): (&str, &'static str),
    client: &Client,
) -> Result<Error> {
    let failed = NewEvent::of(EventKind::LogInFailed, user, By::User(client));
    record_alone(auth, failed.with("method", method).with("reason", reason)).await?;
    Ok(Error::WrongCredentials)
}
