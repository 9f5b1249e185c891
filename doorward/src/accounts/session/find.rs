//! Finds the session of a token. Every protected route does this, so it is fast: the session comes from memory while
//! the database says that nothing has changed.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, Ordering},
};

use crate::{
    accounts::session::last_use::note_use,
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::Result,
        secret::Hash,
    },
    model::{
        session::{Known, Owner, SecondFactor, Session, Transport},
        user::{User, user_columns},
    },
};

/// The seconds by which the stored last use of a session may be too old. A smaller number would cause a write for every
/// request.
const SEEN_EVERY: i64 = 60;

/// A row of the look-up of a session.
struct Found {
    id: i64,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    method: String,
    authenticated_at: i64,
    second_method: Option<String>,
    second_at: Option<i64>,
    user: User,
}

/// The seconds for which a session in memory is used. After that, even a change counts that another program made in the
/// database.
const REMEMBERED: i64 = 300;

impl FromRow for Found {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            created_at: row.get(1)?,
            last_seen_at: row.get(2)?,
            expires_at: row.get(3)?,
            method: row.get(4)?,
            authenticated_at: row.get(5)?,
            second_method: row.get(6)?,
            second_at: row.get(7)?,
            user: User::of(row, 8)?,
        })
    }
}

/// Returns the session with this token, unless it has ended.
pub(crate) async fn find(auth: &Auth, token_hash: Hash, transport: Transport) -> Result<Option<Session>> {
    let now = auth.now();
    if let Some(known) = auth.sessions().get(&token_hash)
        && (0..REMEMBERED).contains(&(now - known.looked_up_at))
        && auth.db().is_unchanged(known.user.id.into(), known.mark)
        && let Some(session) = alive(auth, known, token_hash, transport, now)
    {
        return Ok(Some(session));
    }
    let Some(known) = read(auth, token_hash, transport, now).await? else { return Ok(None) };
    Ok(alive(auth, known, token_hash, transport, now))
}

/// Returns what is known of the session with this token, unless it has ended. Does not count as a use of the session.
pub(super) async fn peek(auth: &Auth, token_hash: Hash, transport: Transport) -> Result<Option<Arc<Known>>> {
    let now = auth.now();
    if let Some(known) = auth.sessions().get(&token_hash)
        && auth.db().is_all_known()
        && holds(auth, &known, transport, now)
    {
        return Ok(Some(known));
    }
    let known = read(auth, token_hash, transport, now).await?;
    Ok(known.filter(|known| is_alive(auth, known, transport, now)))
}

/// Returns `true` if this process knows of no end of the session. Does not ask the database. The answer is certain only
/// if `Db::is_all_known` returned `true` before.
pub(super) fn holds(auth: &Auth, known: &Known, transport: Transport, now: i64) -> bool {
    (0..REMEMBERED).contains(&(now - known.looked_up_at))
        && auth.db().none_noted(known.user.id.into(), known.mark)
        && is_alive(auth, known, transport, now)
}

/// Reads the session from the database, and keeps it in memory.
async fn read(auth: &Auth, token_hash: Hash, transport: Transport, now: i64) -> Result<Option<Arc<Known>>> {
    let mark = auth.db().mark();
    let Some(mut found) = look_up(auth, token_hash, transport, now).await? else { return Ok(None) };
    found.user.keep_roles(&auth.config().roles);
    let noted = auth.seen().last(&token_hash).unwrap_or(i64::MIN);
    let lifetime = auth.config().session_lifetime.as_secs() as i64;
    let known = Arc::new(Known {
        mark,
        looked_up_at: now,
        id: found.id,
        transport,
        last_seen_at: AtomicI64::new(found.last_seen_at.max(noted)),
        expires_at: found.expires_at.min(found.created_at + lifetime),
        user: found.user,
        json: OnceLock::new(),
        method: found.method.into(),
        authenticated_at: found.authenticated_at,
        second: found.second_method.as_deref().and_then(SecondFactor::named),
        second_at: found.second_at,
        created_at: found.created_at,
    });
    auth.sessions().insert(token_hash, known.clone());
    Ok(Some(known))
}

async fn look_up(auth: &Auth, token_hash: Hash, transport: Transport, now: i64) -> Result<Option<Found>> {
    Ok(auth
        .db()
        .read(concat!(
            "SELECT sessions.id, sessions.created_at, sessions.last_seen_at, sessions.expires_at,
             sessions.method, sessions.authenticated_at, sessions.second_method, sessions.second_at, ",
            user_columns!(),
            " FROM sessions JOIN users ON users.id = sessions.user_id
             WHERE sessions.token_hash = ?1 AND sessions.transport = ?2 AND sessions.expires_at > ?3
                 AND users.disabled_at IS NULL"
        ))
        .bind(token_hash)
        .bind(transport.name())
        .bind(now)
        .fetch_optional()
        .await?)
}

fn idle_timeout(auth: &Auth) -> i64 {
    auth.config().session_idle_timeout.as_secs() as i64
}

/// Returns `true` unless the session has expired.
fn is_alive(auth: &Auth, known: &Known, transport: Transport, now: i64) -> bool {
    let idle = idle_timeout(auth);
    let last_seen_at = known.last_seen_at.load(Ordering::Relaxed);
    transport == known.transport && now < known.expires_at && (idle == 0 || now < last_seen_at + idle)
}

/// Returns the session and notes its use, unless it has expired.
fn alive(
    auth: &Auth,
    known: Arc<Known>,
    token_hash: Hash,
    transport: Transport,
    now: i64,
) -> Option<Session> {
    if !is_alive(auth, &known, transport, now) {
        return None;
    }
    let idle = idle_timeout(auth);
    let last_seen_at = known.last_seen_at.load(Ordering::Relaxed);
    let every = if idle > 0 { SEEN_EVERY.min(idle / 10) } else { SEEN_EVERY };
    if now > last_seen_at + every {
        known.last_seen_at.store(now, Ordering::Relaxed);
        note_use(auth, token_hash, now);
    }
    let (id, expires_at) = (known.id, known.expires_at);
    Some(Session { id, token_hash, transport, expires_at, user: Owner(known) })
}
