//! Adds and removes a passkey.
//!
//! A stolen session must bind no passkey and remove none, so both need a proof of the last five minutes: of a second
//! factor, if the user has one that log-ins ask for.

use doorward_passkey::RegistrationResponse;

use crate::{
    accounts::{
        event,
        mail::outbox,
        passkey::{self, Passkey, register},
        pending_login,
        second_factor::{self, recovery_codes},
        session, step_up, ways_in,
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        passwords::queue::Class,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::Session,
    },
};

/// A passkey that was added.
pub(super) struct Added {
    pub(super) passkey: Passkey,
    /// New recovery codes, if log-ins need a second step since then and the user had none.
    pub(super) recovery_codes: Option<Vec<String>>,
}

/// Stores a new passkey. Without a name it gets that of its password manager, or of the browser.
///
/// # Errors
/// [`Error::PasskeyRefused`], [`Error::PasskeyExists`], [`Error::LimitReached`], [`Error::PasskeysNotConfigured`], and
/// those of `step_up::allow`.
pub(super) async fn add(
    auth: &Auth,
    session: &Session,
    (answer, name): (&RegistrationResponse, Option<&str>),
    client: &Client,
) -> Result<Added> {
    let user = session.user.id;
    let mut allowed = step_up::allow(auth, session, None, client).await?;
    let new = register::verify(auth, session, answer).await?;
    let passkeys = passkey::of_user(auth.db(), user).await?;
    let name = name.map_or_else(|| new.name(&passkeys, client), str::to_owned);
    let had = second_factor::look_at(auth.db(), user).await?;
    // Nothing is hashed while a transaction is open.
    let codes = match new.second_step_only() && had.recovery_codes == 0 {
        true => Some(recovery_codes::make(auth, client.caller(Class::Session)).await?),
        false => None,
    };
    let mut tx = allowed.begin(auth, session, client).await?;
    let id = new.store(auth, &tx, session, &name).await?;
    if let Some(codes) = &codes {
        recovery_codes::replace(auth, &tx, user, codes).await?;
    }
    let added = NewEvent::of(EventKind::PasskeyAdded, Some(user), By::User(client));
    event::record(auth, &tx, added.with("passkey", id)).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::PASSKEY_ADDED, To::User(user), client)).await?;
    if new.second_step_only() {
        pending_login::end_all(&mut tx, user).await?;
    }
    tx.commit().await?;
    let passkeys = passkey::of_user(auth.db(), user).await?;
    let passkey = passkeys.into_iter().find(|passkey| passkey.id == id).ok_or(Error::PasskeyExists)?;
    Ok(Added { passkey, recovery_codes: codes.map(|codes| codes.codes) })
}

/// Gives a passkey another name.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn rename(
    auth: &Auth,
    session: &Session,
    (id, name): (i64, &str),
    client: &Client,
) -> Result<()> {
    let user = session.user.id;
    let tx = auth.db().begin().await?;
    if !passkey::set_name(&tx, user, id, name).await? {
        return Err(Error::NotFound);
    }
    let renamed = NewEvent::of(EventKind::PasskeyRenamed, Some(user), By::User(client));
    event::record(auth, &tx, renamed.with("passkey", id)).await?;
    Ok(tx.commit().await?)
}

/// Removes a passkey, and ends the sessions that began with it, but not this one.
///
/// # Errors
/// [`Error::NotFound`], [`Error::LastWayIn`], and those of `step_up::allow`.
pub(super) async fn remove(auth: &Auth, session: &Session, id: i64, client: &Client) -> Result<()> {
    let user = session.user.id;
    let mut allowed = step_up::allow(auth, session, None, client).await?;
    let mut tx = allowed.begin(auth, session, client).await?;
    match passkey::delete(&tx, user, id).await? {
        Some(true) => ways_in::expect_one(auth, &tx, user).await?,
        Some(false) => {}
        None => return Err(Error::NotFound),
    }
    second_factor::drop_spare_codes(&tx, user).await?;
    pending_login::end_all(&mut tx, user).await?;
    let ended = session::end_of_passkey(&mut tx, user, id, session.token_hash).await?;
    let removed = NewEvent::of(EventKind::PasskeyRemoved, Some(user), By::User(client));
    event::record(auth, &tx, removed.with("passkey", id).with("ended", ended)).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::PASSKEY_REMOVED, To::User(user), client)).await?;
    Ok(tx.commit().await?)
}
