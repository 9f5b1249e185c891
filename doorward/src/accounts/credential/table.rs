//! The table `credentials`. A password is a credential of the kind `password`. Its identifier is the number of the
//! user, so a user has at most one.

use std::fmt;

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        email::Email,
        error::{Error, Result},
        passwords::hashing::Verdict,
        secret,
    },
    model::user::{User, UserId, has_email, user_columns},
};

const PASSWORD: &str = "password";

/// The stored hash of a password that was proved, as it was at that moment.
pub(crate) struct Proved {
    pub(super) stored: StoredHash,
    /// Says whether the hash should be replaced.
    pub(super) verdict: Verdict,
}

/// A user, and the hash of their password if they have one.
pub(super) struct Found {
    pub(super) user: User,
    pub(super) password: Option<StoredHash>,
}

impl FromRow for Found {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let (id, hash): (Option<i64>, Option<String>) = (row.get(0)?, row.get(1)?);
        let password = id.zip(hash).map(|(id, hash)| StoredHash { id, hash });
        Ok(Self { user: User::of(row, 2)?, password })
    }
}

pub(super) async fn password_by_email(auth: &Auth, email: &Email) -> Result<Option<Found>> {
    let found: Option<Found> = auth
        .db()
        .read(concat!(
            "SELECT credentials.id, credentials.secret, ",
            user_columns!(),
            " FROM users
             LEFT JOIN credentials ON credentials.user_id = users.id AND credentials.kind = 'password'
             WHERE ",
            has_email!()
        ))
        .bind(email.keys()[0])
        .bind(email.keys()[1])
        .fetch_optional()
        .await?;
    Ok(found.map(|mut found| {
        found.user.keep_roles(&auth.config().roles);
        found
    }))
}

pub(super) async fn password_by_user(auth: &Auth, user: UserId) -> Result<Option<StoredHash>> {
    Ok(auth
        .db()
        .read("SELECT id, secret FROM credentials WHERE user_id = ?1 AND kind = 'password'")
        .bind(user)
        .fetch_optional()
        .await?)
}

/// Returns `true` if a user has a password.
pub(crate) async fn has_password(auth: &Auth, user: UserId) -> Result<bool> {
    Ok(password_by_user(auth, user).await?.is_some())
}

/// Returns the number of the user with this address, and the hash of their password if they have one.
pub(crate) async fn stored_password(auth: &Auth, email: &Email) -> Result<Option<(UserId, Option<String>)>> {
    struct Found(UserId, Option<String>);
    impl FromRow for Found {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self(UserId(row.get(0)?), row.get(1)?))
        }
    }
    let found: Option<Found> = auth
        .db()
        .read(concat!(
            "SELECT users.id, credentials.secret
             FROM users LEFT JOIN credentials ON credentials.user_id = users.id AND credentials.kind = 'password'
             WHERE ",
            has_email!()
        ))
        .bind(email.keys()[0])
        .bind(email.keys()[1])
        .fetch_optional()
        .await?;
    Ok(found.map(|found| (found.0, found.1)))
}

/// Stores the use of a credential, and its fresh hash if there is one. Returns `false` if the stored hash has changed
/// since it was read.
pub(super) async fn note_use(
    tx: &mut Tx,
    stored: &StoredHash,
    fresh: Option<String>,
    now: i64,
) -> Result<bool> {
    let used = tx
        .write("UPDATE credentials SET secret = ?1, last_used_at = ?2 WHERE id = ?3 AND secret = ?4")
        .bind(fresh.as_ref().unwrap_or(&stored.hash).as_str())
        .bind(now)
        .bind(stored.id)
        .bind(&*stored.hash)
        .execute()
        .await?;
    Ok(used == 1)
}

/// Replaces the password that was proved.
///
/// # Errors
/// [`Error::WrongPassword`] if it has changed since then.
pub(crate) async fn replace_password(tx: &mut Tx, proved: &Proved, hash: String) -> Result<()> {
    if replace_hash(tx, &proved.stored, hash).await? { Ok(()) } else { Err(Error::WrongPassword) }
}

/// Locks the password of a user, if they have one. This orders two kinds of work: ending sessions, and a change that is
/// made with a session. The second to get the lock sees what the first one did.
pub(crate) async fn lock(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("UPDATE credentials SET secret = secret WHERE user_id = ?1 AND kind = 'password'")
        .bind(user)
        .execute()
        .await?;
    Ok(())
}

/// Locks the password that was proved. Returns `false` if it has changed since then.
pub(super) async fn lock_proved(tx: &mut Tx, proved: &Proved) -> Result<bool> {
    let same = tx
        .write("UPDATE credentials SET secret = secret WHERE id = ?1 AND secret = ?2")
        .bind(proved.stored.id)
        .bind(&*proved.stored.hash)
        .execute()
        .await?;
    Ok(same == 1)
}

/// Deletes the credentials of a user.
pub(super) async fn delete_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM credentials WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Deletes the password of a user. Nobody can log in with it any more. The owner sets a new one with a link or a code
/// from a mail.
pub(crate) async fn forget_password(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM credentials WHERE user_id = ?1 AND kind = 'password'").bind(user).execute().await?;
    Ok(())
}

/// Sets the password of a user, and replaces the old one if there is one. Returns `false` if there is no such user.
pub(crate) async fn set_password(auth: &Auth, tx: &mut Tx, user: UserId, hash: String) -> Result<bool> {
    let set = tx.write(
        "INSERT INTO credentials (id, user_id, kind, identifier, secret, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (kind, identifier) DO UPDATE SET secret = excluded.secret",
    )
    .bind(secret::random_id())
    .bind(user)
    .bind(PASSWORD)
    .bind(user.to_string())
    .bind(hash)
    .bind(auth.now())
    .execute()
    .await;
    match set {
        Err(db::Error::Orphan) => Ok(false),
        result => Ok(result? > 0),
    }
}

/// The stored hash of a password.
pub(crate) struct StoredHash {
    pub(crate) id: i64,
    pub(crate) hash: String,
}

impl fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredHash").field("id", &self.id).finish_non_exhaustive()
    }
}

impl FromRow for StoredHash {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.get(0)?, hash: row.get(1)? })
    }
}

/// Returns the hashes whose numbers follow `after`, in the order of their numbers.
pub(crate) async fn hashes(auth: &Auth, after: i64, limit: u32) -> Result<Vec<StoredHash>> {
    Ok(auth
        .db()
        // `|| ''` keeps SQLite from the index on the kind. With that index it would have to sort all passwords.
        .read("SELECT id, secret FROM credentials WHERE id > ?1 AND kind || '' = 'password' ORDER BY id LIMIT ?2")
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all()
        .await?)
}

/// Replaces a hash by another hash. Returns `false` if the stored hash has changed since it was read.
pub(crate) async fn replace_hash(tx: &mut Tx, stored: &StoredHash, hash: String) -> Result<bool> {
    let replaced = tx
        .write("UPDATE credentials SET secret = ?1 WHERE id = ?2 AND secret = ?3")
        .bind(hash)
        .bind(stored.id)
        .bind(&*stored.hash)
        .execute()
        .await?;
    Ok(replaced == 1)
}
