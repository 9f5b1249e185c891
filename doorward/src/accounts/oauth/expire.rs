//! Deletes codes and tokens that have expired.

use crate::{auth::Auth, base::error::Result};

/// The seconds for which a code is kept after its end. A second use of it is noticed for so long, and ends the tokens
/// that came of the first one.
const CODES_KEPT: i64 = 24 * 3600;

/// Deletes at most `rows` codes that nobody can use any more. Returns how many it deleted.
pub(crate) async fn delete_expired_codes(auth: &Auth, rows: i64) -> Result<u64> {
    let deleted = auth
        .db()
        .write(
            "DELETE FROM codes WHERE code_hash IN (SELECT code_hash FROM codes WHERE expires_at <= ?1
                 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - CODES_KEPT)
        .bind(rows)
        .execute()
        .await?;
    Ok(deleted)
}

/// Deletes at most `rows` access tokens that have expired. Returns how many it deleted.
pub(crate) async fn delete_expired_tokens(auth: &Auth, rows: i64) -> Result<u64> {
    let deleted = auth
        .db()
        .write(
            "DELETE FROM access_tokens WHERE token_hash IN (SELECT token_hash FROM access_tokens
                 WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(rows)
        .execute()
        .await?;
    Ok(deleted)
}
