//! What a user can prove themselves with. Owns the table `credentials`.
//!
//! A password is the credential of kind `password`; its identifier is the user's number, so that there is one.

use crate::{
    auth::Auth,
    db::{self, FromRow, Row, Tx},
    email::Email,
    error::{Error, Result},
    password::Password,
    secret,
    user::{self, User, UserId},
};

const PASSWORD: &str = "password";

/// A credential that has just been proved, as it was at that moment.
pub(crate) struct Proved(Stored);

impl Proved {
    /// Whose it is.
    pub(crate) fn user(&self) -> &User {
        &self.0.user
    }
}

/// A credential as it is stored, and whose it is.
struct Stored {
    id: i64,
    secret: String,
    user: User,
}

impl FromRow for Stored {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.get(0)?, secret: row.get(1)?, user: User::of(row, 2)? })
    }
}

/// Proves a user by e-mail address and password. It costs the same time whether or not there is such a user, or
/// they have a password.
pub(crate) async fn prove_password(auth: &Auth, email: &str, password: Password) -> Result<Proved> {
    let stored = match Email::parse(email) {
        Ok(email) => password_by_email(auth, &email).await?,
        Err(_) => None,
    };
    prove(auth, stored, password).await?.ok_or(Error::WrongCredentials)
}

/// Proves a user who is logged in by their password once more.
pub(crate) async fn prove_again(auth: &Auth, user: UserId, password: Password) -> Result<Proved> {
    let stored = password_by_user(auth, user).await?;
    prove(auth, stored, password).await?.ok_or(Error::WrongPassword)
}

async fn prove(auth: &Auth, stored: Option<Stored>, password: Password) -> Result<Option<Proved>> {
    let hash = stored.as_ref().map(|stored| stored.secret.clone());
    let matches = auth.hashing.verify(password, hash).await?;
    Ok(stored.filter(|_| matches).map(Proved))
}

async fn password_by_email(auth: &Auth, email: &Email) -> Result<Option<Stored>> {
    Ok(auth
        .db
        .read(
            "SELECT credentials.id, credentials.secret, users.id, users.email, users.email_verified_at,
                 users.disabled_at, users.created_at, users.updated_at
             FROM users JOIN credentials ON credentials.user_id = users.id
             WHERE users.email_key = ?1 AND credentials.kind = 'password'",
        )
        .bind(&*email.key)
        .fetch_optional()
        .await?)
}

async fn password_by_user(auth: &Auth, user: UserId) -> Result<Option<Stored>> {
    Ok(auth
        .db
        .read(
            "SELECT credentials.id, credentials.secret, users.id, users.email, users.email_verified_at,
                 users.disabled_at, users.created_at, users.updated_at
             FROM users JOIN credentials ON credentials.user_id = users.id
             WHERE users.id = ?1 AND credentials.kind = 'password'",
        )
        .bind(user)
        .fetch_optional()
        .await?)
}

/// Notes the use of a credential, unless it has changed since it was proved. The row stays locked until the end
/// of the transaction: whoever changes the credential then sees the session that this log-in starts, and ends it.
pub(crate) async fn use_once_more(tx: &mut Tx, proved: &Proved, now: i64) -> Result<()> {
    let used = tx
        .write("UPDATE credentials SET last_used_at = ?1 WHERE id = ?2 AND secret = ?3")
        .bind(now)
        .bind(proved.0.id)
        .bind(&*proved.0.secret)
        .execute()
        .await?;
    if used == 1 { Ok(()) } else { Err(Error::WrongCredentials) }
}

/// Makes an account with a password.
pub(crate) async fn register(auth: &Auth, email: &Email, password: Password) -> Result<User> {
    let hash = auth.hashing.hash(password).await?;
    let mut tx = auth.db.begin().await?;
    let user = user::insert(auth, &mut tx, email).await?;
    set_password(auth, &mut tx, user.id, hash).await?;
    tx.commit().await?;
    Ok(user)
}

/// Deletes a user and all that belongs to them. `false` if there is no such user.
///
/// The credentials go first, because a log-in locks its credential before its user: in the other order each would
/// wait for the other.
pub(crate) async fn delete_user(auth: &Auth, id: UserId) -> Result<bool> {
    let mut tx = auth.db.begin().await?;
    tx.write("DELETE FROM credentials WHERE user_id = ?1").bind(id).execute().await?;
    let found = user::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(found)
}

/// Replaces the password that was proved. Fails if it has changed meanwhile.
pub(crate) async fn replace_password(tx: &mut Tx, proved: &Proved, hash: String) -> Result<()> {
    let replaced = tx
        .write("UPDATE credentials SET secret = ?1 WHERE id = ?2 AND secret = ?3")
        .bind(hash)
        .bind(proved.0.id)
        .bind(&*proved.0.secret)
        .execute()
        .await?;
    if replaced == 1 { Ok(()) } else { Err(Error::WrongPassword) }
}

/// Sets the password of a user, whatever it was. `false` if there is no such user.
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
