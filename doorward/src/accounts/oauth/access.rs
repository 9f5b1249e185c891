//! The access tokens of clients: gives, finds and ends them.
//!
//! A token is found as quickly and refused as strictly as that of a session: see `session::find`. It is remembered as
//! long as nothing of its user and of its client has changed.

use std::sync::Arc;

use crate::{
    accounts::oauth::configured,
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret::{self, Hash},
    },
    model::{
        access::{ACCESS_TOKEN, Access, SessionTimes},
        oauth_client::owner_of,
        user::{User, UserId, user_columns},
    },
};

/// The seconds for which a token in memory is used, as with sessions.
const REMEMBERED: i64 = 300;

/// The values of a new access token.
pub(super) struct NewToken<'a> {
    pub(super) grant: i64,
    pub(super) generation: i64,
    pub(super) family: i64,
    pub(super) session: i64,
    pub(super) outlives: bool,
    pub(super) scopes: &'a str,
    pub(super) resource: Option<&'a str>,
    pub(super) expires_at: i64,
}

/// Makes an access token. Returns it.
pub(super) async fn give(auth: &Auth, tx: &Tx, new: &NewToken<'_>) -> Result<String> {
    let (token, hash) = secret::generate(ACCESS_TOKEN);
    tx.write(
        "INSERT INTO access_tokens (token_hash, grant_id, generation, family, session_id, outlives, scopes, resource,
             created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(hash)
    .bind(new.grant)
    .bind(new.generation)
    .bind(new.family)
    .bind(new.session)
    .bind(i64::from(new.outlives))
    .bind(new.scopes)
    .bind(new.resource)
    .bind(auth.now())
    .bind(new.expires_at)
    .execute()
    .await?;
    Ok(token)
}

/// Ends the tokens that came of one code.
pub(super) async fn end_family(tx: &mut Tx, user: UserId, grant: i64, family: i64) -> Result<()> {
    tx.note_change(user);
    tx.write("DELETE FROM access_tokens WHERE grant_id = ?1 AND family = ?2")
        .bind(grant)
        .bind(family)
        .execute()
        .await?;
    Ok(())
}

/// A row of the look-up of a token.
struct Found {
    client_id: String,
    scopes: String,
    resource: Option<String>,
    created_at: i64,
    expires_at: i64,
    outlives: i64,
    session_created_at: Option<i64>,
    session_last_seen_at: Option<i64>,
    session_expires_at: Option<i64>,
    session_token_hash: Option<Vec<u8>>,
    user: User,
}

impl FromRow for Found {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            client_id: row.get(0)?,
            scopes: row.get(1)?,
            resource: row.get(2)?,
            created_at: row.get(3)?,
            expires_at: row.get(4)?,
            outlives: row.get(5)?,
            session_created_at: row.get(6)?,
            session_last_seen_at: row.get(7)?,
            session_expires_at: row.get(8)?,
            session_token_hash: row.get(9)?,
            user: User::of(row, 10)?,
        })
    }
}

impl Found {
    /// Returns the times of the session that the token ends with. The settings of today count.
    fn session(&self, auth: &Auth) -> Option<SessionTimes> {
        let lifetime = auth.config().session_lifetime.as_secs() as i64;
        let (created_at, last_seen_at) = (self.session_created_at?, self.session_last_seen_at?);
        let ends_at = self.session_expires_at?.min(created_at + lifetime);
        let token_hash = self.session_token_hash.as_deref()?.try_into().ok()?;
        (self.outlives == 0).then_some(SessionTimes { token_hash, ends_at, last_seen_at })
    }
}

/// Returns `true` unless the token or its session has expired.
fn is_alive(auth: &Auth, access: &Access, now: i64) -> bool {
    let idle = auth.config().session_idle_timeout.as_secs() as i64;
    let is_in_use = |last_seen_at: i64| now < last_seen_at + idle;
    let goes_on = |session: &SessionTimes| {
        now < session.ends_at
            && (idle == 0
                || is_in_use(session.last_seen_at)
                || auth.seen().last(&session.token_hash).is_some_and(is_in_use))
    };
    now < access.expires_at && access.session.as_ref().is_none_or(goes_on)
}

/// Returns what a token allows, unless it has ended.
pub(crate) async fn find(auth: &Auth, token_hash: Hash) -> Result<Option<Arc<Access>>> {
    let now = auth.now();
    if let Some(known) = auth.provider().accesses.get(&token_hash)
        && (0..REMEMBERED).contains(&(now - known.looked_up_at))
        && auth.db().is_unchanged(known.user.id.into(), known.mark)
        && auth.db().is_unchanged(known.client, known.mark)
        && is_alive(auth, &known, now)
    {
        return Ok(Some(known));
    }
    // A client that the configuration does not declare any more has no tokens.
    configured::store_once(auth).await?;
    let mark = auth.db().mark();
    let Some(mut found) = look_up(auth, token_hash, now).await? else { return Ok(None) };
    found.user.keep_roles(&auth.config().roles);
    let session = found.session(auth);
    let known = Arc::new(Access {
        mark,
        looked_up_at: now,
        client: owner_of(&found.client_id),
        client_id: found.client_id.into(),
        scopes: found.scopes.into(),
        resource: found.resource.map(Into::into),
        created_at: found.created_at,
        expires_at: found.expires_at,
        session,
        user: found.user,
    });
    if !is_alive(auth, &known, now) {
        return Ok(None);
    }
    auth.provider().accesses.insert(token_hash, known.clone());
    Ok(Some(known))
}

async fn look_up(auth: &Auth, token_hash: Hash, now: i64) -> Result<Option<Found>> {
    Ok(auth
        .db()
        .read(concat!(
            "SELECT grants.client_id, access_tokens.scopes, access_tokens.resource, access_tokens.created_at,
             access_tokens.expires_at, access_tokens.outlives, sessions.created_at, sessions.last_seen_at,
             sessions.expires_at, sessions.token_hash, ",
            user_columns!(),
            " FROM access_tokens
             JOIN grants ON grants.id = access_tokens.grant_id AND grants.generation = access_tokens.generation
             JOIN oauth_clients ON oauth_clients.id = grants.client_id
             JOIN users ON users.id = grants.user_id
             LEFT JOIN sessions ON sessions.user_id = grants.user_id AND sessions.id = access_tokens.session_id
             WHERE access_tokens.token_hash = ?1 AND access_tokens.expires_at > ?2
                 AND users.disabled_at IS NULL AND oauth_clients.disabled_at IS NULL
                 AND (access_tokens.outlives = 1 OR sessions.id IS NOT NULL)"
        ))
        .bind(token_hash)
        .bind(now)
        .fetch_optional()
        .await?)
}

/// The owner of a token, and what it came of.
struct Owned {
    user: i64,
    grant: i64,
    family: i64,
}

impl FromRow for Owned {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { user: row.get(0)?, grant: row.get(1)?, family: row.get(2)? })
    }
}

/// Ends a token of this client, and those that came of the same code (RFC 7009, section 2.1). From then on no node
/// accepts them. Does nothing if it is no token of this client.
pub(crate) async fn revoke(auth: &Auth, token_hash: Hash, client_id: &str) -> Result<()> {
    let mut tx = auth.db().begin().await?;
    let owned: Option<Owned> = tx
        .write(
            "SELECT grants.user_id, grants.id, access_tokens.family FROM access_tokens
             JOIN grants ON grants.id = access_tokens.grant_id
             WHERE access_tokens.token_hash = ?1 AND grants.client_id = ?2",
        )
        .bind(token_hash)
        .bind(client_id)
        .fetch_optional()
        .await?;
    match owned {
        Some(Owned { user, grant, family }) => end_family(&mut tx, UserId(user), grant, family).await?,
        // Another request may be ending it at this moment. The answer waits until all nodes know that it has ended.
        None => tx.await_others(),
    }
    Ok(tx.commit().await?)
}
