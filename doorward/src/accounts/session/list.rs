//! Lists the sessions of a user.

use crate::{
    accounts::session::last_use::write_seen,
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::Result,
        time::Timestamp,
    },
    model::{session::SecondFactor, user::UserId},
};

/// A session as its owner sees it.
pub(crate) struct Listed {
    pub(crate) id: i64,
    pub(crate) transport: String,
    pub(crate) method: String,
    pub(crate) second: Option<SecondFactor>,
    pub(crate) authenticated_at: Timestamp,
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
            second: row.get::<Option<String>>(8)?.as_deref().and_then(SecondFactor::named),
            authenticated_at: Timestamp::of(row, 9)?,
        })
    }
}

/// Returns the sessions of `user` that have not ended, newest first.
pub(crate) async fn list(auth: &Auth, user: UserId) -> Result<Vec<Listed>> {
    if let Err(error) = write_seen(auth).await {
        // The list then shows uses that are a few seconds older.
        tracing::debug!(cause = %error, "the use of sessions was not noted");
    }
    let now = auth.now();
    let lifetime = auth.config().session_lifetime.as_secs() as i64;
    let idle = auth.config().session_idle_timeout.as_secs() as i64;
    let mut listed: Vec<Listed> = auth
        .db()
        .read(
            "SELECT id, transport, method, created_at, last_seen_at, expires_at, ip, user_agent, second_method,
                 authenticated_at FROM sessions
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
