//! What a user can prove themselves with. Owns the table `credentials`.
//!
//! A password is the credential of kind `password`; its identifier is the user's number, so that there is one.

use std::{collections::BTreeMap, fmt, time::Duration};

use crate::{
    accounts::{
        event,
        limit::guesses::{self, Reservation},
        mail::outbox,
        session, user,
    },
    auth::{Auth, WeakAuth},
    base::{
        email::Email,
        error::{Error, Result},
        passwords::{hashing::Verdict, password::Password},
        secret,
    },
    db::{self, FromRow, Row, Tx},
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        session::Session,
        user::{User, UserId},
    },
};

const PASSWORD: &str = "password";

/// A password that has just been proved, as it was stored at that moment.
pub(crate) struct Proved {
    stored: StoredHash,
    /// The stored hash is due to be replaced by a fresh one.
    outdated: bool,
}

/// A user, and their password if they have one.
struct Found {
    user: User,
    password: Option<StoredHash>,
}

impl FromRow for Found {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let (id, hash): (Option<i64>, Option<String>) = (row.get(0)?, row.get(1)?);
        let password = id.zip(hash).map(|(id, hash)| StoredHash { id, hash });
        Ok(Self { user: User::of(row, 2)?, password })
    }
}

/// Proves a user by e-mail address and password and begins the transaction in which they log in. It costs the same
/// time whether or not there is such a user, or they have a password.
///
/// In this transaction the use of the password is noted, and its hash replaced by a fresh one if that is due: both
/// only if the stored hash is still the one that was verified. The row stays locked until the transaction ends:
/// whoever changes the password then sees the session that this log-in starts, and ends it. Nothing is written
/// unless the transaction is committed. A failure is recorded as an event.
///
/// The attempt is counted before anything else is done, and cleared with the same transaction; the reservation is to be
/// held until that is over.
pub(crate) async fn use_password(
    auth: &Auth,
    email: &str,
    password: Password,
    client: &Client,
) -> Result<(User, Tx, Reservation)> {
    let mut reserved = guesses::reserve(auth, email, client).await?;
    match prove_and_note(auth, email, password, client).await {
        Ok((user, mut tx)) => {
            reserved.succeed(&mut tx).await?;
            Ok((user, tx, reserved))
        }
        Err(Error::WrongCredentials) => {
            reserved.fail(email, client).await?;
            Err(Error::WrongCredentials)
        }
        Err(error) => {
            reserved.give_back().await;
            Err(error)
        }
    }
}

async fn prove_and_note(auth: &Auth, email: &str, password: Password, client: &Client) -> Result<(User, Tx)> {
    /// Each but the last may meet an outdated hash that somebody else replaces at that moment.
    const ATTEMPTS: usize = 3;
    let email = Email::parse(email).ok();
    let (mut tried, mut reason, mut rest) = (None, "unknown_user", Duration::ZERO);
    for _ in 0..ATTEMPTS {
        let found = match &email {
            Some(email) => password_by_email(auth, email).await?,
            None => None,
        };
        let (user, stored) = found.map_or((None, None), |found| (Some(found.user), found.password));
        tried = user.as_ref().map(|user| user.id);
        reason = match (&user, &stored) {
            (None, _) => "unknown_user",
            (Some(_), None) => "no_password",
            (Some(_), Some(_)) => "wrong_password",
        };
        let proved;
        (proved, rest) = prove(auth, stored, password.clone()).await?;
        let (Some(user), Some(proved)) = (user, proved) else { break };
        // More work for a disabled user would tell that the password was right.
        if user.disabled_at.is_some() {
            reason = "disabled";
            break;
        }
        if auth.config().hides_unverified() && user.email_verified_at.is_none() {
            reason = "unverified";
            if let Some(email) = email {
                // So that an honest user learns what is missing.
                outbox::post_later(auth, Letter::VERIFY_EMAIL, email, client);
            }
            break;
        }
        // An upgrade can wait when there is too much to hash.
        let fresh = if proved.outdated { auth.hashing().hash(password.clone()).await.ok() } else { None };
        let mut tx = auth.db().begin().await?;
        if note_use(&mut tx, &proved.stored, fresh, auth.now()).await? {
            return Ok((user, tx));
        }
        if !proved.outdated {
            break;
        }
        // Another log-in may have upgraded the hash. When this is committed, that is too, and can be read: the
        // password is compared with what is there then.
        tx.commit().await?;
    }
    // With the hash of another it might have taken longer.
    tokio::time::sleep(rest).await;
    Err(event::log_in_failed(auth, tried, (PASSWORD, reason), client).await?)
}

/// Proves a user who is logged in by their password once more. Wrong ones count as they do for logging in: who has got
/// hold of a session has no more guesses for it. A failure is recorded as an event.
pub(crate) async fn prove_again(
    auth: &Auth,
    user: &User,
    password: Password,
    client: &Client,
) -> Result<Proved> {
    let mut reserved = guesses::reserve(auth, &user.email, client).await?;
    let proved = async { prove(auth, password_by_user(auth, user.id).await?, password).await };
    match proved.await {
        Ok((Some(proved), _)) => {
            let mut tx = auth.db().begin().await?;
            reserved.succeed(&mut tx).await?;
            tx.commit().await?;
            Ok(proved)
        }
        Ok((None, _)) => {
            let failed = New::of(EventKind::ConfirmationFailed, Some(user.id), By::User(client));
            event::record_alone(auth, failed).await?;
            reserved.fail(&user.email, client).await?;
            Err(Error::WrongPassword)
        }
        Err(error) => {
            reserved.give_back().await;
            Err(error)
        }
    }
}

/// Makes sure that it is still the user who acts: by the password if they sent it, or because they logged in a few
/// minutes ago. `None` for the latter.
///
/// # Errors
/// [`Error::StepUpRequired`] if the password is missing, [`Error::WrongPassword`].
pub(crate) async fn step_up(
    auth: &Auth,
    session: &Session,
    password: Option<Password>,
    client: &Client,
) -> Result<Option<Proved>> {
    match password {
        Some(password) => prove_again(auth, &session.user, password, client).await.map(Some),
        None if session::is_fresh(auth, session).await? => Ok(None),
        None => Err(Error::StepUpRequired),
    }
}

/// Compares a password with the stored one. Says as well how long somebody who is refused has to wait still.
async fn prove(
    auth: &Auth,
    stored: Option<StoredHash>,
    password: Password,
) -> Result<(Option<Proved>, Duration)> {
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let compared = auth.hashing().verify(password, hash).await?;
    let proved = match compared.verdict {
        Verdict::Wrong => None,
        Verdict::Right => stored.map(|stored| Proved { stored, outdated: false }),
        Verdict::RightAndOutdated => stored.map(|stored| Proved { stored, outdated: true }),
    };
    Ok((proved, compared.rest))
}

/// Learns how long the stored hashes take to compare, so that nobody tells by the first who is refused that there are
/// others than our own. It looks at some of them, and computes one of each kind if they are not all alike.
pub(crate) async fn learn_pace(auth: WeakAuth) {
    /// Their numbers are random, so the first are as good as any.
    const SAMPLE: u32 = 500;
    /// What would take longer than this in all is left for later.
    const KINDS: usize = 8;
    let Some(auth) = auth.upgrade() else { return };
    let mut kinds = BTreeMap::new();
    match hashes(&auth, 0, SAMPLE).await {
        Ok(sample) => {
            for stored in sample {
                if let Some(kind) = auth.hashing().other_kind(&stored.hash) {
                    kinds.entry(kind).or_insert(stored.hash);
                }
            }
        }
        Err(error) => tracing::debug!(cause = %error, "the stored hashes were not looked at"),
    }
    if kinds.is_empty() {
        return;
    }
    let nobodys = Password::claimed("").expect("an empty password is short");
    for stored in kinds.into_values().map(Some).take(KINDS).chain([None]) {
        if let Err(error) = auth.hashing().verify(nobodys.clone(), stored).await {
            tracing::debug!(cause = %error, "a stored hash was not compared");
        }
    }
}

async fn password_by_email(auth: &Auth, email: &Email) -> Result<Option<Found>> {
    Ok(auth
        .db()
        .read(
            "SELECT credentials.id, credentials.secret, users.id, users.email, users.email_verified_at,
                 users.disabled_at, users.created_at, users.updated_at
             FROM users LEFT JOIN credentials ON credentials.user_id = users.id AND credentials.kind = 'password'
             WHERE users.email_key = ?1",
        )
        .bind(&*email.key)
        .fetch_optional()
        .await?)
}

async fn password_by_user(auth: &Auth, user: UserId) -> Result<Option<StoredHash>> {
    Ok(auth
        .db()
        .read("SELECT id, secret FROM credentials WHERE user_id = ?1 AND kind = 'password'")
        .bind(user)
        .fetch_optional()
        .await?)
}

/// Who has this address, and the hash of their password, if they have one.
pub(crate) async fn stored_password(auth: &Auth, email: &Email) -> Result<Option<(UserId, Option<String>)>> {
    struct Found(UserId, Option<String>);
    impl FromRow for Found {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self(UserId(row.get(0)?), row.get(1)?))
        }
    }
    let found: Option<Found> = auth
        .db()
        .read(
            "SELECT users.id, credentials.secret
             FROM users LEFT JOIN credentials ON credentials.user_id = users.id AND credentials.kind = 'password'
             WHERE users.email_key = ?1",
        )
        .bind(&*email.key)
        .fetch_optional()
        .await?;
    Ok(found.map(|found| (found.0, found.1)))
}

/// Notes the use of a credential and stores its fresh hash, if there is one. `false` if it has changed since it was
/// read.
async fn note_use(tx: &mut Tx, stored: &StoredHash, fresh: Option<String>, now: i64) -> Result<bool> {
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

/// Makes an account with a password.
pub(crate) async fn register(auth: &Auth, email: &Email, password: Password, by: By<'_>) -> Result<User> {
    let hash = auth.hashing().hash(password).await?;
    add(auth, email, hash, by).await
}

/// Makes an account with the stored hash of a password.
pub(crate) async fn add(auth: &Auth, email: &Email, hash: String, by: By<'_>) -> Result<User> {
    let mut tx = auth.db().begin().await?;
    let user = user::insert(auth, &mut tx, email).await?;
    set_password(auth, &mut tx, user.id, hash).await?;
    event::record(auth, &tx, New::of(EventKind::Registered, Some(user.id), by)).await?;
    tx.commit().await?;
    Ok(user)
}

/// Deletes a user and all that belongs to them, `false` if there is no such user.
///
/// The credentials go first, because a log-in locks its credential before its user: in the other order each would
/// wait for the other.
pub(crate) async fn delete_user(auth: &Auth, tx: &mut Tx, id: UserId, by: By<'_>) -> Result<bool> {
    tx.write("DELETE FROM credentials WHERE user_id = ?1").bind(id).execute().await?;
    let found = user::delete(tx, id).await?;
    if found {
        event::record(auth, tx, New::of(EventKind::UserDeleted, Some(id), by)).await?;
    }
    Ok(found)
}

/// Replaces the password that was proved. Fails if it has changed meanwhile.
pub(crate) async fn replace_password(tx: &mut Tx, proved: &Proved, hash: String) -> Result<()> {
    let replaced = tx
        .write("UPDATE credentials SET secret = ?1 WHERE id = ?2 AND secret = ?3")
        .bind(hash)
        .bind(proved.stored.id)
        .bind(&*proved.stored.hash)
        .execute()
        .await?;
    if replaced == 1 { Ok(()) } else { Err(Error::WrongPassword) }
}

/// Locks the password of a user, if they have one. Whoever ends what a session may be doing at this moment does so
/// behind this, and whoever does with a session what a new password must undo is in front of it or sees its end.
pub(crate) async fn lock(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("UPDATE credentials SET secret = secret WHERE user_id = ?1 AND kind = 'password'")
        .bind(user)
        .execute()
        .await?;
    Ok(())
}

/// Begins the transaction in which a user does what they logged in for, or proved themselves again. Meanwhile they may
/// have got rid of whoever uses this session; from now on that waits for this.
///
/// # Errors
/// [`Error::InvalidSession`] if the session has ended, [`Error::WrongPassword`] if the password is another.
pub(crate) async fn begin(auth: &Auth, session: &Session, proved: Option<&Proved>) -> Result<Tx> {
    let mut tx = auth.db().begin().await?;
    let same = match proved {
        Some(proved) => lock_proved(&mut tx, proved).await?,
        None => lock(&mut tx, session.user.id).await.map(|()| true)?,
    };
    let refused = match (session::goes_on(&mut tx, session).await?, same) {
        (true, true) => return Ok(tx),
        (true, false) => Error::WrongPassword,
        (false, _) => Error::InvalidSession,
    };
    // On SQLite what refuses it is seen before it is committed, and may never be.
    tx.commit().await?;
    Err(refused)
}

/// Locks the password that was proved. `false` if it has changed meanwhile.
async fn lock_proved(tx: &mut Tx, proved: &Proved) -> Result<bool> {
    let same = tx
        .write("UPDATE credentials SET secret = secret WHERE id = ?1 AND secret = ?2")
        .bind(proved.stored.id)
        .bind(&*proved.stored.hash)
        .execute()
        .await?;
    Ok(same == 1)
}

/// Takes the password from a user: nobody logs in with it any more, and another one comes by mail alone.
pub(crate) async fn forget_password(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM credentials WHERE user_id = ?1 AND kind = 'password'").bind(user).execute().await?;
    Ok(())
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

/// The hashes whose numbers follow `after`, in the order of their numbers.
pub(crate) async fn hashes(auth: &Auth, after: i64, limit: u32) -> Result<Vec<StoredHash>> {
    Ok(auth
        .db()
        // Compared in this way, the kind leads SQLite to no index, but for which it would sort all of them.
        .read("SELECT id, secret FROM credentials WHERE id > ?1 AND kind || '' = 'password' ORDER BY id LIMIT ?2")
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all()
        .await?)
}

/// Replaces a hash by another one of the same password. `false` if it has changed since it was read.
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
