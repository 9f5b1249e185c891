//! The table `users`: finds, adds, changes and deletes users.

use crate::{
    accounts::user::{keys, new_details::Details},
    auth::Auth,
    base::{
        db::{self, Db, Tx},
        email::Email,
        error::{Error, Result},
        secret,
    },
    model::user::{User, UserId, has_email, user_columns},
};

/// Returns the user with this number.
pub(crate) async fn by_id(db: &Db, id: UserId) -> Result<Option<User>> {
    Ok(db
        .read(concat!("SELECT ", user_columns!(), " FROM users WHERE id = ?1"))
        .bind(id)
        .fetch_optional()
        .await?)
}

/// Returns the user with this number, as this transaction has left them so far.
pub(crate) async fn in_transaction(tx: &Tx, id: UserId) -> db::Result<Option<User>> {
    tx.write(concat!("SELECT ", user_columns!(), " FROM users WHERE id = ?1")).bind(id).fetch_optional().await
}

/// Returns the user with this address, however it is written.
pub(crate) async fn by_email(db: &Db, email: &Email) -> Result<Option<User>> {
    Ok(db
        .read(concat!("SELECT ", user_columns!(), " FROM users WHERE ", has_email!()))
        .bind(email.keys()[0])
        .bind(email.keys()[1])
        .fetch_optional()
        .await?)
}

/// Returns the users whose numbers follow `after`, in the order of their numbers.
pub(crate) async fn page(db: &Db, after: Option<UserId>, limit: u32) -> Result<Vec<User>> {
    Ok(db
        .read(concat!("SELECT ", user_columns!(), " FROM users WHERE id > ?1 ORDER BY id LIMIT ?2"))
        .bind(after.map_or(0, i64::from))
        .bind(i64::from(limit))
        .fetch_all()
        .await?)
}

/// A user who is to be added.
pub(crate) struct NewUser {
    /// The number of the user. If there is none, a new one is made.
    pub(crate) id: Option<UserId>,
    pub(crate) email: Email,
    pub(crate) email_verified_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) details: Details,
}

/// Adds a user. Only the database decides if the address is free.
pub(crate) async fn insert(auth: &Auth, tx: &mut Tx, email: &Email, details: Details) -> Result<User> {
    let new =
        NewUser { id: None, email: email.clone(), email_verified_at: None, created_at: auth.now(), details };
    insert_new(auth, tx, &new).await?.ok_or(Error::EmailExists)
}

/// Adds a user. Returns `None` if the address or the given number is taken.
///
/// An address counts as taken if a user waits for its key, see `keys.rs`. So does an address that its former owner can
/// still get back. Otherwise an attacker who changed the address of an account could register the old one, and the
/// owner could not get it back.
pub(crate) async fn insert_new(auth: &Auth, tx: &mut Tx, new: &NewUser) -> Result<Option<User>> {
    /// A new number may be taken, once in thousands of times. If an attempt fails three times, the address is taken.
    const ATTEMPTS: usize = 3;
    for _ in 0..if new.id.is_some() { 1 } else { ATTEMPTS } {
        let inserted: Option<User> = tx
            .write(concat!(
                "INSERT INTO users (id, email, email_key, email_verified_at, created_at, updated_at,
                     display_name, roles, attributes, profile)
                 SELECT CAST(?1 AS BIGINT), ?2, ?3, CAST(?4 AS BIGINT), CAST(?5 AS BIGINT), CAST(?6 AS BIGINT),
                     ?8, ?9, ?10, ?11
                 WHERE NOT EXISTS (SELECT 1 FROM one_time_tokens
                     WHERE purpose = 'undo_email_change' AND sent_to_key = ?3 AND expires_at > ?6)
                 AND NOT EXISTS (SELECT 1 FROM email_clashes WHERE folded_key = ?3)
                 AND (?7 = ?3 OR NOT EXISTS (SELECT 1 FROM users WHERE email_key = ?7))
                 ON CONFLICT DO NOTHING
                 RETURNING ",
                user_columns!()
            ))
            .bind(new.id.map_or_else(|| secret::id(auth.now_millis()), i64::from))
            .bind(&*new.email.typed)
            .bind(&*new.email.key)
            .bind(new.email_verified_at)
            .bind(new.created_at)
            .bind(auth.now())
            .bind(new.email.keys()[0])
            .bind(new.details.display_name.as_deref())
            .bind(&*new.details.roles)
            .bind(new.details.attributes.to_store())
            .bind(new.details.profile.to_store())
            .fetch_optional()
            .await?;
        let Some(inserted) = inserted else { continue };
        // If the insert waited for the transaction that gave the address up, its condition was checked before. It has
        // not seen that the address is reserved. So this statement checks it again.
        let kept_for_another = tx
            .write(
                "DELETE FROM users WHERE id = ?1 AND EXISTS (SELECT 1 FROM one_time_tokens
                     WHERE purpose = 'undo_email_change' AND sent_to_key = ?2 AND expires_at > ?3)",
            )
            .bind(inserted.id)
            .bind(&*new.email.key)
            .bind(auth.now())
            .execute()
            .await?;
        if kept_for_another > 0 {
            tx.note_change(inserted.id);
            return Ok(None);
        }
        return Ok(Some(inserted));
    }
    Ok(None)
}

/// Changes the address and marks it as unverified, however little differs: mail to it may reach another person.
/// Returns `None` if there is no such user.
pub(crate) async fn set_email(auth: &Auth, tx: &mut Tx, id: UserId, email: &Email) -> Result<Option<User>> {
    if keys::is_waited_for(tx, email, id).await? {
        return Err(Error::EmailExists);
    }
    keys::forget_clash(tx, id).await?;
    let changed = tx
        .change(
            id,
            concat!(
                "UPDATE users SET email = ?1, email_key = ?2, email_verified_at = NULL, updated_at = ?3 ",
                "WHERE id = ?4 RETURNING ",
                user_columns!()
            ),
        )
        .bind(&*email.typed)
        .bind(&*email.key)
        .bind(auth.now())
        .bind(id)
        .fetch_optional()
        .await;
    match changed {
        Err(db::Error::Unique) => Err(Error::EmailExists),
        result => Ok(result?),
    }
}

/// Marks the address `email` as verified. Returns `false` if it is not the address of the user, or if they are
/// disabled.
pub(crate) async fn set_verified(tx: &mut Tx, id: UserId, email: &Email, now: i64) -> Result<bool> {
    let verified = tx
        .change(
            id,
            "UPDATE users SET email_verified_at = COALESCE(email_verified_at, ?1), updated_at = ?1
             WHERE id = ?2 AND email = ?3 AND disabled_at IS NULL",
        )
        .bind(now)
        .bind(id)
        .bind(&*email.typed)
        .execute()
        .await?;
    Ok(verified == 1)
}

/// Locks a user until the transaction ends. Returns the user, or `None` if they are deleted or disabled.
pub(crate) async fn lock(tx: &mut Tx, id: UserId, now: i64) -> Result<Option<User>> {
    Ok(tx
        .change(
            id,
            concat!(
                "UPDATE users SET updated_at = ?1 WHERE id = ?2 AND disabled_at IS NULL RETURNING ",
                user_columns!()
            ),
        )
        .bind(now)
        .bind(id)
        .fetch_optional()
        .await?)
}

/// Gives a user, whom the caller has [locked](lock), an address that has been verified since `verified_at`. Returns
/// `false` if the address is taken. After `false` the caller must drop this transaction.
pub(crate) async fn take_email(tx: &mut Tx, id: UserId, email: &Email, verified_at: i64) -> Result<bool> {
    if keys::is_waited_for(tx, email, id).await? {
        return Ok(false);
    }
    keys::forget_clash(tx, id).await?;
    let taken = tx
        .change(id, "UPDATE users SET email = ?1, email_key = ?2, email_verified_at = ?3 WHERE id = ?4")
        .bind(&*email.typed)
        .bind(&*email.key)
        .bind(verified_at)
        .bind(id)
        .execute()
        .await;
    unless_taken(taken)
}

/// Returns `false` if another user has the key of the address that an update was to set.
fn unless_taken(updated: db::Result<u64>) -> Result<bool> {
    match updated {
        Err(db::Error::Unique) => Ok(false),
        result => Ok(result? == 1),
    }
}

/// Gives a user an address back that they had before, verified since `verified_at` or not at all. If it clashes with
/// that of another user, both can log in as before, see `keys.rs`. Returns `false` if the address is taken. After
/// `false` the caller must drop this transaction.
pub(crate) async fn get_email_back(
    auth: &Auth,
    tx: &mut Tx,
    id: UserId,
    email: &Email,
    verified_at: Option<i64>,
) -> Result<bool> {
    keys::forget_clash(tx, id).await?;
    let key = keys::key_to_get_back(tx, email, id).await?;
    let taken = tx
        .change(
            id,
            "UPDATE users SET email = ?1, email_key = ?2, email_verified_at = CAST(?3 AS BIGINT), updated_at = ?4
             WHERE id = ?5",
        )
        .bind(&*email.typed)
        .bind(key)
        .bind(verified_at)
        .bind(auth.now())
        .bind(id)
        .execute()
        .await;
    unless_taken(taken)
}

/// Disables or enables a user. Returns `false` if there is no such user.
pub(crate) async fn set_disabled(
    tx: &mut Tx,
    id: UserId,
    disabled_at: Option<i64>,
    now: i64,
) -> Result<bool> {
    let changed = tx
        .change(id, "UPDATE users SET disabled_at = ?1, updated_at = ?2 WHERE id = ?3")
        .bind(disabled_at)
        .bind(now)
        .bind(id)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// Deletes a user whose credentials are already deleted, and all other rows of the user. Returns `false` if there is no
/// such user.
pub(crate) async fn delete(tx: &mut Tx, id: UserId) -> Result<bool> {
    let deleted = tx.change(id, "DELETE FROM users WHERE id = ?1").bind(id).execute().await;
    match deleted {
        // All references of ours are deleted along with the user.
        Err(db::Error::Orphan) => Err(Error::from(db::Error::Bug(
            "a table of the app refers to this user, and its foreign key has no ON DELETE CASCADE or SET NULL".into(),
        ))),
        result => Ok(result? > 0),
    }
}
