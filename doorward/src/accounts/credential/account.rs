//! An account as a whole: creates and deletes a user together with their password.

use crate::{
    accounts::{
        credential::table::{delete_all, set_password},
        event, user,
    },
    auth::Auth,
    base::{
        db::Tx,
        email::Email,
        error::Result,
        passwords::{password::Password, queue::Caller},
    },
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
        user::{User, UserId},
    },
};

/// Creates an account with a password.
pub(crate) async fn register(auth: &Auth, email: &Email, password: Password, by: By<'_>) -> Result<User> {
    let hash = auth.hashing().hash(Caller::OPERATOR, password).await?;
    add(auth, email, hash, by).await
}

/// Creates an account with the hash of a password.
pub(crate) async fn add(auth: &Auth, email: &Email, hash: String, by: By<'_>) -> Result<User> {
    let mut tx = auth.db().begin().await?;
    let user = user::insert(auth, &mut tx, email, user::Details::default()).await?;
    set_password(auth, &mut tx, user.id, hash).await?;
    event::record(auth, &tx, NewEvent::of(EventKind::Registered, Some(user.id), by)).await?;
    tx.commit().await?;
    Ok(user)
}

/// Deletes a user and all rows of the user. Returns `false` if there is no such user.
///
/// The credentials are deleted first, because a log-in locks the credential before the user. In the other order the two
/// transactions could wait for each other.
pub(crate) async fn delete_user(auth: &Auth, tx: &mut Tx, id: UserId, by: By<'_>) -> Result<bool> {
    delete_all(tx, id).await?;
    // Listeners get the user as they were.
    let last = if auth.listeners().exist() { user::in_transaction(tx, id).await? } else { None };
    let found = user::delete(tx, id).await?;
    if found {
        let deleted = NewEvent::of(EventKind::UserDeleted, Some(id), by);
        event::record_with(auth, tx, deleted, last).await?;
    }
    Ok(found)
}
