//! Deletes codes and tokens that have expired.

use crate::{accounts::oauth::refresh::WINDOW, auth::Auth, base::error::Result};

/// The seconds by which the clocks of two nodes may differ. A salt is kept for so much longer than it is used.
const DIFFER: i64 = 10;

/// Deletes at most `rows` codes that nobody can use any more, and used ones whose second use is noticed no more. Returns
/// how many it deleted.
pub(crate) async fn delete_expired_codes(auth: &Auth, rows: i64) -> Result<u64> {
    let deleted = auth
        .db()
        .write(
            "DELETE FROM codes WHERE code_hash IN (SELECT code_hash FROM codes WHERE expires_at <= ?1
                 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
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

/// Erases at most `rows` salts that lead nowhere any more. Then nobody who knows an old token and the database can find
/// the newest one. Returns how many it erased.
pub(crate) async fn erase_salts(auth: &Auth, rows: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "UPDATE refresh_tokens SET salt = NULL WHERE token_hash IN (SELECT token_hash FROM refresh_tokens
                 WHERE salt IS NOT NULL AND successor_exchanged_at <= ?1
                 ORDER BY successor_exchanged_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - WINDOW - DIFFER)
        .bind(rows)
        .execute()
        .await?)
}

/// Deletes at most `rows` refresh tokens whose chain has ended. A chain of a year has thousands of them. Returns how many
/// it deleted.
pub(crate) async fn delete_refresh_tokens(auth: &Auth, rows: i64) -> Result<u64> {
    let deleted = auth
        .db()
        .write(
            "DELETE FROM refresh_tokens WHERE token_hash IN (SELECT refresh_tokens.token_hash FROM refresh_chains
                 JOIN refresh_tokens ON refresh_tokens.chain_id = refresh_chains.id
                 WHERE refresh_chains.expires_at <= ?1 ORDER BY refresh_chains.expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(rows)
        .execute()
        .await?;
    Ok(deleted)
}

/// Deletes at most `rows` chains of refresh tokens that have ended and have no token any more. Returns how many it
/// deleted.
pub(crate) async fn delete_chains(auth: &Auth, rows: i64) -> Result<u64> {
    let deleted = auth
        .db()
        .write(
            "DELETE FROM refresh_chains WHERE id IN (SELECT id FROM refresh_chains WHERE expires_at <= ?1
                 AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE chain_id = refresh_chains.id)
                 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(rows)
        .execute()
        .await?;
    Ok(deleted)
}
