//! Deletes sessions that have ended without a log-out.

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::Result,
        secret::Hash,
    },
};

/// Deletes at most `limit` expired sessions. Returns how many it deleted.
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

/// The place before all sessions, in the order of the table.
pub(crate) const START: Hash = [0; 32];

/// Looks at the `limit` sessions that follow `after` in the table. Deletes those that have ended because the settings
/// are stricter now, or because they were not used.
///
/// Returns the last session that was looked at, or `None` at the end of the table, and how many it deleted.
pub(crate) async fn delete_ended(auth: &Auth, after: Hash, limit: i64) -> Result<(Option<Hash>, u64)> {
    /// The seconds within which each node has written the uses that it knows of.
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
