//! The table `totp`: the authenticator apps. A user has one that is active, and perhaps one that is being added.
//!
//! The secret is sealed for its user and the moment at which it was made, so nobody can copy a row to another user.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::{Error, Result},
        seal::Sealer,
        secret::Hash,
        totp::{ALGORITHM, App, DIGITS, PERIOD, new_secret},
    },
    model::user::UserId,
};

/// The seconds that a user has for the first code of a new app.
pub(crate) const TO_CONFIRM: i64 = 900;

/// A row of the table.
struct Stored {
    sealed: String,
    algorithm: String,
    digits: i64,
    period: i64,
    failures: i64,
    created_at: i64,
}

impl FromRow for Stored {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            sealed: row.get(0)?,
            algorithm: row.get(1)?,
            digits: row.get(2)?,
            period: row.get(3)?,
            failures: row.get(4)?,
            created_at: row.get(5)?,
        })
    }
}

/// The app of a user, with its secret.
pub(crate) struct OwnApp {
    pub(crate) app: App,
    /// The wrong codes since the last right one.
    pub(super) failures: i64,
    pub(crate) created_at: i64,
    /// The sealed secret, which no other app has.
    sealed: String,
}

/// Who begins to add an app.
#[derive(Clone, Copy)]
pub(crate) enum Beginner {
    /// A user who is logged in.
    Session,
    /// A log-in that waits, with the hash of its token. Somebody else may know the password of the user too, and also
    /// wait. Neither must be shown the secret of the other.
    LogIn(Hash),
}

impl Beginner {
    fn name(self) -> String {
        match self {
            Self::Session => String::new(),
            Self::LogIn(token) => URL_SAFE_NO_PAD.encode(token),
        }
    }
}

/// What a sealed secret is about.
pub(super) fn about(user: UserId, created_at: i64) -> String {
    format!("totp {user} {created_at}")
}

/// Returns the key of the settings.
///
/// # Errors
/// [`Error::SecondFactorNotConfigured`] if there is none.
pub(super) fn sealer(auth: &Auth) -> Result<&Sealer> {
    auth.provider().sealer.as_ref().ok_or(Error::SecondFactorNotConfigured)
}

/// Returns `true` if users can add an app: there is a key to seal its secret with.
pub(crate) fn is_offered(auth: &Auth) -> bool {
    sealer(auth).is_ok()
}

/// Begins to add an app, in place of one that was begun before. The active one stays. Returns the new one.
pub(crate) async fn begin(auth: &Auth, tx: &Tx, user: UserId, by: Beginner) -> Result<App> {
    let (sealer, secret, now) = (sealer(auth)?, new_secret(), auth.now());
    tx.write(
        "INSERT INTO totp (user_id, state, sealed, sealed_with, algorithm, digits, period, last_step, failures, created_at,
             begun_by)
         VALUES (?1, 'pending', ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8)
         ON CONFLICT (user_id, state) DO UPDATE SET sealed = excluded.sealed, sealed_with = excluded.sealed_with,
             algorithm = excluded.algorithm, digits = excluded.digits, period = excluded.period,
             created_at = excluded.created_at, begun_by = excluded.begun_by",
    )
    .bind(user)
    .bind(sealer.seal(&about(user, now), &*secret))
    .bind(sealer.key_id())
    .bind(ALGORITHM)
    .bind(DIGITS)
    .bind(PERIOD)
    .bind(now)
    .bind(by.name())
    .execute()
    .await?;
    Ok(App::new(&secret))
}

/// An app that a user has added at another system.
pub(crate) struct Imported<'a> {
    pub(crate) secret: &'a [u8],
    /// The algorithm, the digits, and the seconds of a step.
    pub(crate) parameters: (&'static str, i64, i64),
    pub(crate) added_at: i64,
}

/// Stores the app of a new user, who goes on with it.
///
/// # Errors
/// [`Error::SecondFactorNotConfigured`].
pub(crate) async fn import(auth: &Auth, tx: &Tx, user: UserId, app: &Imported<'_>) -> Result<()> {
    let (sealer, (algorithm, digits, period)) = (sealer(auth)?, app.parameters);
    tx.write(
        "INSERT INTO totp (user_id, state, sealed, sealed_with, algorithm, digits, period, last_step, failures, created_at,
             begun_by)
         VALUES (?1, 'active', ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, '')",
    )
    .bind(user)
    .bind(sealer.seal(&about(user, app.added_at), app.secret))
    .bind(sealer.key_id())
    .bind(algorithm)
    .bind(digits)
    .bind(period)
    .bind(app.added_at)
    .execute()
    .await?;
    Ok(())
}

/// Returns the app that a user has begun to add, if there is still time to confirm it, and nobody else has begun it.
pub(crate) async fn pending(auth: &Auth, user: UserId, by: Beginner) -> Result<Option<OwnApp>> {
    let found = read(auth, user, ("pending", by.name())).await?;
    let in_time = |created_at: i64| (0..TO_CONFIRM).contains(&(auth.now() - created_at));
    found.filter(|found| in_time(found.created_at)).map(|found| open(auth, user, &found)).transpose()
}

/// Returns the active app of a user.
pub(crate) async fn active(auth: &Auth, user: UserId) -> Result<Option<OwnApp>> {
    read(auth, user, ("active", String::new())).await?.map(|found| open(auth, user, &found)).transpose()
}

async fn read(auth: &Auth, user: UserId, (state, begun_by): (&str, String)) -> Result<Option<Stored>> {
    Ok(auth
        .db()
        .read(
            "SELECT sealed, algorithm, digits, period, failures, created_at FROM totp
             WHERE user_id = ?1 AND state = ?2 AND begun_by = ?3",
        )
        .bind(user)
        .bind(state)
        .bind(begun_by)
        .fetch_optional()
        .await?)
}

/// Opens the secret of an app.
pub(super) fn unsealed(
    auth: &Auth,
    user: UserId,
    created_at: i64,
    sealed: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    sealer(auth)?.open(&about(user, created_at), sealed).map_err(|cause| {
        tracing::error!(%user, ?cause, "the secret of an authenticator app cannot be opened");
        Error::Internal
    })
}

fn open(auth: &Auth, user: UserId, found: &Stored) -> Result<OwnApp> {
    let secret = unsealed(auth, user, found.created_at, &found.sealed)?;
    let app = App::of(&secret, &found.algorithm, found.digits, found.period).ok_or_else(|| {
        tracing::error!(%user, "an authenticator app has parameters that are not known");
        Error::Internal
    })?;
    let sealed = found.sealed.clone();
    Ok(OwnApp { app, failures: found.failures, created_at: found.created_at, sealed })
}

/// Makes an app active that was begun, in place of the one before. Its first code, of this step, is used.
///
/// # Errors
/// [`Error::LogInExpired`] if another one was begun meanwhile.
pub(crate) async fn activate(tx: &Tx, user: UserId, own: &OwnApp, step: i64) -> Result<()> {
    tx.write("DELETE FROM totp WHERE user_id = ?1 AND state = 'active'").bind(user).execute().await?;
    let activated = tx
        .write(
            "UPDATE totp SET state = 'active', begun_by = '', last_step = ?3
             WHERE user_id = ?1 AND state = 'pending' AND sealed = ?2",
        )
        .bind(user)
        .bind(own.sealed.as_str())
        .bind(step)
        .execute()
        .await?;
    if activated == 1 { Ok(()) } else { Err(Error::LogInExpired) }
}

/// Uses the codes up to this step. Returns `false` if this one, or a later one, was used before.
pub(super) async fn spend(tx: &Tx, user: UserId, step: i64) -> Result<bool> {
    let spent = tx
        .write(
            "UPDATE totp SET last_step = ?1, failures = 0
             WHERE user_id = ?2 AND state = 'active' AND last_step < ?1",
        )
        .bind(step)
        .bind(user)
        .execute()
        .await?;
    Ok(spent == 1)
}

/// Counts a wrong code. Returns the wrong ones since the last right one.
pub(super) async fn fail(tx: &Tx, user: UserId) -> Result<i64> {
    let failures: Option<i64> = tx
        .write(
            "UPDATE totp SET failures = failures + 1 WHERE user_id = ?1 AND state = 'active' RETURNING failures",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(failures.unwrap_or(0))
}

/// Forgets the wrong codes, because the owner has proved themselves in another way.
pub(crate) async fn forgive(tx: &Tx, user: UserId) -> Result<()> {
    tx.write("UPDATE totp SET failures = 0 WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Returns when the active app of a user was added. This needs no key.
pub(crate) async fn added(auth: &Auth, user: UserId) -> Result<Option<i64>> {
    Ok(auth
        .db()
        .read("SELECT created_at FROM totp WHERE user_id = ?1 AND state = 'active'")
        .bind(user)
        .fetch_optional()
        .await?)
}

/// Removes the app that a user added at the moment `since` or later, and one that is being added. Returns `true` if an
/// active app was removed.
pub(crate) async fn remove_since(tx: &Tx, user: UserId, since: i64) -> Result<bool> {
    forget_begun(tx, user).await?;
    let removed = tx
        .write("DELETE FROM totp WHERE user_id = ?1 AND created_at >= ?2")
        .bind(user)
        .bind(since)
        .execute()
        .await?;
    Ok(removed > 0)
}

/// Forgets the app that a user has begun to add.
pub(crate) async fn forget_begun(tx: &Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM totp WHERE user_id = ?1 AND state = 'pending'").bind(user).execute().await?;
    Ok(())
}

/// Deletes at most `limit` apps that were begun and never confirmed. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM totp WHERE state = 'pending' AND user_id IN
                 (SELECT user_id FROM totp WHERE state = 'pending' AND created_at <= ?1
                  ORDER BY created_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - TO_CONFIRM)
        .bind(limit)
        .execute()
        .await?)
}
