//! Being logged in. Every way in ends at [`log_in`], so every rule about logging in is there. Owns the table
//! `sessions`.

use futures_util::future::join4;

use crate::{
    accounts::{
        device::{self, Device},
        event,
        mail::outbox,
    },
    auth::{Auth, seen::GATHER},
    base::{
        error::{Error, Result},
        secret::{self, Hash},
        time::Timestamp,
    },
    db::{self, FromRow, Row, Tx},
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::{Method, Session, TOKEN, Transport},
        user::{User, UserId},
    },
};

/// A session that has just begun, or goes on with another token.
#[must_use]
pub(crate) struct LoggedIn {
    /// Shown once; only its hash is kept.
    pub(crate) token: String,
    /// Seconds until it ends.
    pub(crate) expires_in: i64,
    /// What the browser is recognised by, where it is to keep that anew.
    pub(crate) device: Option<Device>,
}

/// The one door: starts a session for `user`, who has just been proved within `tx`, and commits.
///
/// The new session takes the place of `replaced`, if the request came with one, so that a browser never keeps
/// the token it had before.
pub(crate) async fn log_in(
    auth: &Auth,
    mut tx: Tx,
    user: &User,
    (method, transport): (Method, Transport),
    client: Client,
    replaced: Option<Hash>,
) -> Result<LoggedIn> {
    // The same answer as for a wrong password: only the operator knows who is disabled.
    if user.disabled_at.is_some() {
        drop(tx);
        return Err(event::log_in_failed(auth, Some(user.id), (method.0, "disabled"), &client).await?);
    }
    if auth.config().requires_verified_email() && user.email_verified_at.is_none() {
        if auth.config().hides_unverified() {
            drop(tx);
            return Err(event::log_in_failed(auth, Some(user.id), (method.0, "unverified"), &client).await?);
        }
        let failed = New::of(EventKind::LogInFailed, Some(user.id), By::User(&client));
        event::record(auth, &tx, failed.with("method", method.0).with("reason", "unverified")).await?;
        // They proved who they are, and what stood against them is cleared.
        tx.commit().await?;
        return Err(Error::EmailNotVerified);
    }
    if let Some(replaced) = replaced
        && end(&mut tx, replaced).await?.is_none()
    {
        tx.awaits_changes();
    }
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    let id = secret::id(auth.now_millis());
    let expires_in = auth.config().session_lifetime.as_secs() as i64;
    let insert = tx
        .write(
            "INSERT INTO sessions (token_hash, id, user_id, transport, method, created_at, authenticated_at,
                 last_seen_at, expires_at, ip, user_agent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7, ?8, ?9)",
        )
        .bind(hash)
        .bind(id)
        .bind(user.id)
        .bind(transport.name())
        .bind(method.0)
        .bind(now)
        .bind(now + expires_in)
        .bind(client.ip.map(|ip| ip.to_string()))
        .bind(client.user_agent.as_deref())
        .execute();
    // The new one is kept whatever its number says: the clock may have gone back.
    let evict = tx
        .write(
            "DELETE FROM sessions WHERE user_id = ?1 AND token_hash <> ?2 AND token_hash NOT IN
             (SELECT token_hash FROM sessions WHERE user_id = ?1 AND token_hash <> ?2 ORDER BY id DESC LIMIT ?3)",
        )
        .bind(user.id)
        .bind(hash)
        .bind(i64::from(auth.config().sessions_per_user.get()) - 1)
        .execute();
    let logged_in = New::of(EventKind::LoggedIn, Some(user.id), By::User(&client));
    let logged_in =
        logged_in.with("method", method.0).with("transport", transport.name()).with("session", id);
    let record = event::record(auth, &tx, logged_in);
    let kind = match transport {
        Transport::Bearer => device::Kind::Program,
        Transport::Cookie => device::Kind::Browser,
    };
    let remember = device::remember(auth, &tx, user.id, kind, &client);
    // The session comes first, in case its user is gone: then whatever is said of the others follows from it.
    let (inserted, evicted, recorded, device) = join4(insert, evict, record, remember).await;
    match inserted {
        // Deleted since the password was proved.
        Err(db::Error::Orphan) => {
            drop(tx);
            return Err(event::log_in_failed(auth, None, (method.0, "unknown_user"), &client).await?);
        }
        result => result?,
    };
    if evicted? > 0 {
        tx.changes(user.id);
    }
    recorded?;
    let device = device?;
    if device.is_new {
        outbox::post(auth, &mut tx, &Post::of(Letter::NEW_DEVICE, To::User(user.id), &client)).await?;
    }
    tx.commit().await?;
    Ok(LoggedIn { token, expires_in, device: Some(device) })
}

/// Gives a session another token, because its user has just proved who they are: whoever has got hold of a copy of the
/// one it had is out from the commit of `tx` on.
///
/// # Errors
/// [`Error::InvalidSession`] if it has ended meanwhile.
pub(crate) async fn renew(auth: &Auth, tx: &mut Tx, session: &Session) -> Result<LoggedIn> {
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    let renewed = tx
        .write("UPDATE sessions SET token_hash = ?1, authenticated_at = ?2, last_seen_at = ?2 WHERE token_hash = ?3")
        .bind(hash)
        .bind(now)
        .bind(session.token_hash)
        .execute()
        .await?;
    if renewed == 0 {
        return Err(Error::InvalidSession);
    }
    tx.changes(session.user.id);
    Ok(LoggedIn { token, expires_in: session.expires_at - now, device: None })
}

/// [Renews](renew) the session of a browser, which keeps any cookie that comes with an answer. A program keeps the token
/// it has: an answer that is about something else has no place for another.
pub(crate) async fn renew_cookie(auth: &Auth, tx: &mut Tx, session: &Session) -> Result<Option<LoggedIn>> {
    match session.transport {
        Transport::Cookie => renew(auth, tx, session).await.map(Some),
        Transport::Bearer => Ok(None),
    }
}

/// Whether a session has not ended since the request with it began.
pub(crate) async fn goes_on(tx: &mut Tx, session: &Session) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT id FROM sessions WHERE token_hash = ?1")
        .bind(session.token_hash)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Whether the user proved who they are so short a time ago that they need not do it again for what cannot be taken
/// back. It does not matter how often the session was used since.
pub(crate) async fn is_fresh(auth: &Auth, session: &Session) -> Result<bool> {
    /// In seconds.
    const FRESH: i64 = 5 * 60;
    let authenticated_at: Option<i64> = auth
        .db()
        .read("SELECT authenticated_at FROM sessions WHERE token_hash = ?1")
        .bind(session.token_hash)
        .fetch_optional()
        .await?;
    Ok(authenticated_at.is_some_and(|proved| (proved..proved + FRESH).contains(&auth.now())))
}

/// Notes that a session was used. It is written a moment later, together with others.
pub(crate) fn note_use(auth: &Auth, token_hash: Hash, now: i64) {
    if auth.seen().note(token_hash, now) {
        tokio::spawn(write_seen_soon(auth.clone()));
    }
}

async fn write_seen_soon(auth: Auth) {
    tokio::time::sleep(GATHER).await;
    if let Err(error) = write_seen(&auth).await {
        tracing::debug!(cause = %error, "the use of sessions was not noted");
    }
}

/// Writes when sessions were last used. Sessions that have ended meanwhile stay ended.
pub(crate) async fn write_seen(auth: &Auth) -> Result<()> {
    /// So many at a time, so that others who write hardly wait.
    const AT_ONCE: usize = 500;
    for noted in auth.seen().take().chunks(AT_ONCE) {
        auth.db()
            .write_each("UPDATE sessions SET last_seen_at = ?1 WHERE token_hash = ?2 AND last_seen_at < ?1")
            .execute(
                noted.iter().map(|(token_hash, now)| vec![(*now).into(), (*token_hash).into()]).collect(),
            )
            .await?;
    }
    Ok(())
}

/// Ends the session with this token. From then on nobody accepts it, anywhere.
pub(crate) async fn log_out(auth: &Auth, token_hash: Hash, client: &Client) -> Result<()> {
    let mut tx = auth.db().begin().await?;
    if let Some(Ended { id, user }) = end(&mut tx, token_hash).await? {
        let logged_out = New::of(EventKind::LoggedOut, Some(user), By::User(client));
        event::record(auth, &tx, logged_out.with("session", id)).await?;
    } else {
        // Somebody else may be ending it at this moment.
        tx.awaits_changes();
    }
    tx.commit().await?;
    Ok(())
}

/// The number of a session that was ended, and whose it was.
struct Ended {
    id: i64,
    user: UserId,
}

impl FromRow for Ended {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.get(0)?, user: UserId(row.get(1)?) })
    }
}

async fn end(tx: &mut Tx, token_hash: Hash) -> Result<Option<Ended>> {
    let ended: Option<Ended> = tx
        .write("DELETE FROM sessions WHERE token_hash = ?1 RETURNING id, user_id")
        .bind(token_hash)
        .fetch_optional()
        .await?;
    if let Some(ended) = &ended {
        tx.changes(ended.user);
    }
    Ok(ended)
}

/// Whether `user` has a session with this number.
pub(crate) async fn is_there(tx: &mut Tx, user: UserId, id: i64) -> Result<bool> {
    let found: Option<i64> = tx
        .write("SELECT id FROM sessions WHERE user_id = ?1 AND id = ?2")
        .bind(user)
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Ends one session of `user` by its number.
pub(crate) async fn end_one(tx: &mut Tx, user: UserId, id: i64) -> Result<()> {
    tx.write("DELETE FROM sessions WHERE user_id = ?1 AND id = ?2").bind(user).bind(id).execute().await?;
    tx.changes(user);
    Ok(())
}

/// Ends all sessions of `user` but the one with the token `kept`, and gives how many.
pub(crate) async fn end_others(tx: &mut Tx, user: UserId, kept: Hash) -> Result<u64> {
    let ended = tx
        .write("DELETE FROM sessions WHERE user_id = ?1 AND token_hash <> ?2")
        .bind(user)
        .bind(kept)
        .execute()
        .await?;
    tx.changes(user);
    Ok(ended)
}

/// Ends all sessions of `user`.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM sessions WHERE user_id = ?1").bind(user).execute().await?;
    tx.changes(user);
    Ok(())
}

/// A session as its owner sees it.
pub(crate) struct Listed {
    pub(crate) id: i64,
    pub(crate) transport: String,
    pub(crate) method: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
}

impl FromRow for Listed {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            transport: row.get(1)?,
            method: row.get(2)?,
            created_at: Timestamp::of(row, 3)?,
            last_seen_at: Timestamp::of(row, 4)?,
            expires_at: Timestamp::of(row, 5)?,
            ip: row.get(6)?,
            user_agent: row.get(7)?,
        })
    }
}

/// The sessions of `user` that are alive, newest first.
pub(crate) async fn list(auth: &Auth, user: UserId) -> Result<Vec<Listed>> {
    if let Err(error) = write_seen(auth).await {
        // They are shown as of a moment before.
        tracing::debug!(cause = %error, "the use of sessions was not noted");
    }
    let now = auth.now();
    let lifetime = auth.config().session_lifetime.as_secs() as i64;
    let idle = auth.config().session_idle_timeout.as_secs() as i64;
    let mut listed: Vec<Listed> = auth
        .db()
        .read(
            "SELECT id, transport, method, created_at, last_seen_at, expires_at, ip, user_agent FROM sessions
             WHERE user_id = ?1 AND expires_at > ?2 AND created_at > ?3 AND last_seen_at > ?4 ORDER BY id DESC",
        )
        .bind(user)
        .bind(now)
        .bind(now - lifetime)
        .bind(if idle > 0 { now - idle } else { i64::MIN })
        .fetch_all()
        .await?;
    for session in &mut listed {
        session.expires_at = session.expires_at.min(Timestamp(session.created_at.0 + lifetime));
    }
    Ok(listed)
}

/// Deletes at most `limit` sessions that have expired, and says how many.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM sessions WHERE token_hash IN
                 (SELECT token_hash FROM sessions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(limit)
        .execute()
        .await?)
}

/// Before all sessions, in the order of the table.
pub(crate) const FIRST: Hash = [0; 32];

/// Looks at the `limit` sessions that follow `after` in the table, and deletes those that have ended by settings which
/// are stricter now, or because nobody used them. Says which one was looked at last, `None` at the end of the table,
/// and how many were deleted.
pub(crate) async fn delete_ended(auth: &Auth, after: Hash, limit: i64) -> Result<(Option<Hash>, u64)> {
    /// Seconds in which any node has written what it knows of the last use.
    const WRITTEN: i64 = 60;
    struct LookedAt {
        token_hash: Vec<u8>,
        created_at: i64,
        last_seen_at: i64,
    }
    impl FromRow for LookedAt {
        fn from_row(row: Row<'_>) -> db::Result<Self> {
            Ok(Self { token_hash: row.get(0)?, created_at: row.get(1)?, last_seen_at: row.get(2)? })
        }
    }
    let begun = auth.now() - auth.config().session_lifetime.as_secs() as i64;
    let idle = auth.config().session_idle_timeout.as_secs() as i64;
    let seen = if idle > 0 { auth.now() - idle - WRITTEN } else { i64::MIN };
    let looked_at: Vec<LookedAt> = auth
        .db()
        .read(
            "SELECT token_hash, created_at, last_seen_at FROM sessions
             WHERE token_hash > ?1 ORDER BY token_hash LIMIT ?2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all()
        .await?;
    let Some(last) = looked_at.last().and_then(|last| Hash::try_from(last.token_hash.as_slice()).ok()) else {
        return Ok((None, 0));
    };
    let mut deleted = 0;
    if looked_at.iter().any(|session| session.created_at <= begun || session.last_seen_at <= seen) {
        deleted = auth
            .db()
            .write(
                "DELETE FROM sessions WHERE token_hash IN
                     (SELECT token_hash FROM sessions WHERE token_hash > ?1 AND token_hash <= ?2
                          AND (created_at <= ?3 OR last_seen_at <= ?4) /* skip locked */)",
            )
            .bind(after)
            .bind(last)
            .bind(begun)
            .bind(seen)
            .execute()
            .await?;
    }
    Ok(((looked_at.len() as i64 == limit).then_some(last), deleted))
}
