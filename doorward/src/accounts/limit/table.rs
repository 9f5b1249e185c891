//! Counts attempts and says when the next one is allowed. Owns the table `attempts`.
//!
//! The counts are in the database, so that they hold for all nodes and survive a restart. The key of a row is a
//! SHA-256. One statement counts an attempt and decides whether it is allowed, so that concurrent attempts cannot
//! exceed the limit. All clients behind one address share a row, so no attempt holds its lock while the disk flushes.
//! Counts of the last moments may therefore be lost in a crash, or when a disk fails.
//!
//! No attempt is allowed for `delay` seconds after `last_at`. Seconds are whole and rounded up. If the clock was set
//! back, `last_at` lies in the future. Then the attempt counts as made just now: nobody waits longer than the delay,
//! and nobody skips it. A few seconds in the future are tolerated, because the clocks of nodes differ, and a request
//! may use a time that it read earlier.

use sha2::{Digest, Sha256};

use crate::base::db::{self, Db, FromRow, Row, Tx};

/// The name of a counter: the SHA-256 of a kind and a name.
pub(super) type Key = [u8; 32];

/// Returns the key for this name. The same name of another kind has another key.
pub(super) fn key(kind: &str, name: &[u8]) -> Key {
    Sha256::new().chain_update(kind).chain_update([0]).chain_update(name).finalize().into()
}

/// Reads the key in the first column.
fn key_of(row: Row<'_>) -> db::Result<Key> {
    let key: Vec<u8> = row.get(0)?;
    key.try_into().map_err(|_| db::Error::Bug("a key is a SHA-256".into()))
}

/// Seconds until a few attempts are forgotten, and until many are. An attacker who makes a few attempts an hour gets
/// no further in a day than one who waits out the longest delays.
const FEW_FOR: i64 = 3600;
const MANY_FOR: i64 = 48 * 3600;

/// The most seconds by which two readings of the clock may differ.
const DIFFER: i64 = 10;

/// Some attempts are free. After that, each one has to wait twice as long as the one before. Times are in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spacing {
    pub(super) free: i64,
    pub(super) first: i64,
    pub(super) longest: i64,
}

/// At most `most` attempts in `length` seconds, counted from the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) most: i64,
    pub(super) length: i64,
}

/// A key for which no attempt is allowed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blocked {
    pub(super) key: Key,
    /// The seconds until the next attempt is allowed.
    pub(super) wait: i64,
}

struct Found {
    key: Key,
    last_at: i64,
    delay: i64,
}

impl FromRow for Found {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { key: key_of(row)?, last_at: row.get(1)?, delay: row.get(2)? })
    }
}

/// Returns those of the two keys for which no attempt is allowed now. The keys may be equal. Costs one look-up, and a
/// write only after the clock was set back.
pub(super) async fn blocked(db: &Db, [one, other]: [Key; 2], now: i64) -> db::Result<Vec<Blocked>> {
    let found: Vec<Found> = db
        .read(
            "SELECT key, last_at, delay FROM attempts
             WHERE key IN (?1, ?2) AND delay > 0 AND last_at + delay >= ?3",
        )
        .bind(one)
        .bind(other)
        .bind(now)
        .fetch_all()
        .await?;
    let set_back = |row: &Found| row.last_at > now + DIFFER;
    if found.iter().any(set_back) {
        db.write_unflushed(
            "UPDATE attempts SET last_at = ?3, expires_at = expires_at - (last_at - ?3)
             WHERE key IN (?1, ?2) AND last_at > ?4",
        )
        .bind(one)
        .bind(other)
        .bind(now)
        .bind(now + DIFFER)
        .execute()
        .await?;
    }
    let wait = |row: &Found| if set_back(row) { row.delay + 1 } else { row.last_at + row.delay + 1 - now };
    Ok(found.iter().map(|row| Blocked { key: row.key, wait: wait(row) }).collect())
}

/// Counts an attempt and returns how many there are now, or `None` if no attempt is allowed.
pub(super) async fn count(db: &Db, key: Key, rule: Spacing, now: i64) -> db::Result<Option<i64>> {
    let delay = if rule.free > 1 { 0 } else { rule.first };
    db.write_unflushed(
            "INSERT INTO attempts (key, count, last_at, delay, expires_at) VALUES (?1, 1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE SET
                 count = CASE WHEN attempts.expires_at <= ?2 THEN 1 ELSE attempts.count + 1 END,
                 last_at = ?2,
                 delay = CASE WHEN attempts.expires_at <= ?2 THEN ?3
                              WHEN attempts.count + 1 < ?5 THEN 0
                              WHEN attempts.delay = 0 THEN ?6
                              WHEN attempts.delay * 2 > ?7 THEN ?7
                              ELSE attempts.delay * 2 END,
                 expires_at = CASE WHEN attempts.expires_at > ?2 AND attempts.count + 1 >= ?5 THEN ?8 ELSE ?4 END
             WHERE attempts.delay = 0 OR attempts.last_at + attempts.delay < ?2
             RETURNING count",
        )
        .bind(key)
        .bind(now)
        .bind(delay)
        .bind(now + if delay > 0 { MANY_FOR } else { FEW_FOR })
        .bind(rule.free)
        .bind(rule.first)
        .bind(rule.longest)
        .bind(now + MANY_FOR)
        .fetch_optional()
        .await
}

/// An attempt that was counted in a window and can be given back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    key: Key,
    /// The end of its window, which identifies the window.
    expires_at: i64,
    /// The number of attempts in the window.
    pub(super) count: i64,
}

impl FromRow for Counted {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { key: key_of(row)?, expires_at: row.get(1)?, count: row.get(2)? })
    }
}

/// Counts an attempt in the current window, or returns `None` if the window is full.
pub(super) async fn count_in(db: &Db, key: Key, rule: Window, now: i64) -> db::Result<Option<Counted>> {
    // A window that ends much later than one that begins now began before the clock was set back.
    db.write_unflushed(
        "INSERT INTO attempts (key, count, last_at, delay, expires_at) VALUES (?1, 1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE SET
                 count = CASE WHEN attempts.expires_at <= ?2 THEN 1 ELSE attempts.count + 1 END,
                 last_at = ?2,
                 delay = CASE WHEN attempts.expires_at <= ?2 THEN ?3
                              WHEN attempts.count + 1 < ?5 THEN 0
                              WHEN attempts.expires_at > ?7 THEN ?6
                              ELSE attempts.expires_at - ?2 END,
                 expires_at = CASE WHEN attempts.expires_at <= ?2 OR attempts.expires_at > ?7 THEN ?4
                                   ELSE attempts.expires_at END
             WHERE attempts.expires_at <= ?2 OR attempts.count < ?5
             RETURNING key, expires_at, count",
    )
    .bind(key)
    .bind(now)
    .bind(if rule.most > 1 { 0 } else { rule.length })
    .bind(now + rule.length)
    .bind(rule.most)
    .bind(rule.length)
    .bind(now + rule.length + DIFFER)
    .fetch_optional()
    .await
}

/// Deletes the count of a key, in the transaction that gives its owner a new secret.
pub(super) async fn clear(tx: &mut Tx, key: Key) -> db::Result<()> {
    tx.write("DELETE FROM attempts WHERE key = ?1").bind(key).execute().await?;
    Ok(())
}

/// Deletes the count of a key after a correct attempt.
pub(super) async fn succeed(tx: &mut Tx, key: Key) -> db::Result<()> {
    tx.write_apart("DELETE FROM attempts WHERE key = ?1", vec![key.into()]).await
}

/// Takes back the last attempt of a key, which could not be checked.
pub(super) async fn take_back(tx: &mut Tx, key: Key, rule: Spacing) -> db::Result<()> {
    tx.write_apart(
        "UPDATE attempts SET count = count - 1, delay = CASE WHEN count - 1 < ?2 THEN 0 ELSE delay / 2 END
         WHERE key = ?1 AND count > 0",
        vec![key.into(), rule.free.into()],
    )
    .await
}

/// Gives an attempt back to its window, unless the window has ended.
pub(super) async fn give_back(tx: &mut Tx, counted: Counted) -> db::Result<()> {
    tx.write_apart(
        "UPDATE attempts SET count = count - 1, delay = 0 WHERE key = ?1 AND expires_at = ?2 AND count > 0",
        vec![counted.key.into(), counted.expires_at.into()],
    )
    .await
}

/// Adds the count of one key to that of another.
pub(super) async fn carry(tx: &mut Tx, from: Key, to: Key) -> db::Result<()> {
    tx.write(
        "INSERT INTO attempts (key, count, last_at, delay, expires_at)
         SELECT ?2, count, last_at, delay, expires_at FROM attempts WHERE key = ?1
         ON CONFLICT (key) DO UPDATE SET count = attempts.count + excluded.count,
             last_at = CASE WHEN excluded.last_at > attempts.last_at THEN excluded.last_at ELSE attempts.last_at END,
             delay = CASE WHEN excluded.delay > attempts.delay THEN excluded.delay ELSE attempts.delay END,
             expires_at = CASE WHEN excluded.expires_at > attempts.expires_at THEN excluded.expires_at
                               ELSE attempts.expires_at END",
    )
    .bind(from)
    .bind(to)
    .execute()
    .await?;
    Ok(())
}

/// Deletes at most `at_most` expired rows and returns their number.
pub(super) async fn delete_expired(db: &Db, now: i64, at_most: i64) -> db::Result<u64> {
    // A row that expires later than any new one was written before the clock was set back.
    db.write(
        "UPDATE attempts SET expires_at = ?1
         WHERE key IN (SELECT key FROM attempts WHERE expires_at > ?1 LIMIT ?2) AND expires_at > ?1",
    )
    .bind(now + MANY_FOR)
    .bind(at_most)
    .execute()
    .await?;
    // The second condition skips a row that counts again since it was chosen.
    db.write(
        "DELETE FROM attempts
         WHERE key IN (SELECT key FROM attempts WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
             AND expires_at <= ?1",
    )
    .bind(now)
    .bind(at_most)
    .execute()
    .await
}
