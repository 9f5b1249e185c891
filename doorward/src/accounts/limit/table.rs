//! Counts attempts and says when the next one is allowed. Owns the table `attempts`.
//!
//! The counts are in the database, so that they hold for all nodes and survive a restart. The key of a row is a
//! SHA-256. One statement counts an attempt and decides whether it is allowed, so that concurrent attempts cannot
//! exceed the limit. All clients behind one address share a row, so no attempt holds its lock while the disk flushes.
//! Counts of the last moments may therefore be lost in a crash, or when a disk fails.
//!
//! A row holds a count and two times. The [`Rule`] of its counter says what they mean, with the settings that are in
//! force now. So a setting that is raised or lowered holds at once for counts that were made before. The column `delay`
//! only serves nodes of an older version, while nodes are replaced one by one: they read it, and this version writes it.
//!
//! Seconds are whole and rounded up. If the clock was set back, `last_at` lies in the future. Then the attempt counts as
//! made just now: nobody waits longer than the delay, and nobody skips it. A few seconds in the future are tolerated,
//! because the clocks of nodes differ, and a request may use a time that it read earlier.

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
pub(super) const FEW_FOR: i64 = 3600;
const MANY_FOR: i64 = 48 * 3600;

/// The most seconds by which two readings of the clock may differ.
const DIFFER: i64 = 10;

/// A counter: its key, and the rule that it follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    pub(super) key: Key,
    pub(super) rule: Rule,
}

/// The rule of a counter.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    Spacing(Spacing),
    /// The same for a counter that [`earn`] made. It counts only as long as it lives.
    Earned(Spacing),
    Window(Window),
}

/// Some attempts are free. After that, each one has to wait twice as long as the one before. Times are in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spacing {
    pub(super) free: i64,
    pub(super) first: i64,
    pub(super) longest: i64,
}

impl Spacing {
    /// Returns how long the next attempt has to wait after this number of attempts.
    pub(super) fn delay(self, count: i64) -> i64 {
        if count < self.free {
            return 0;
        }
        let times = u32::try_from(count - self.free).unwrap_or(u32::MAX);
        // A power of two that is too large for the type is longer than the longest delay.
        let doubled = 2_i64.checked_pow(times).and_then(|times| self.first.checked_mul(times));
        doubled.map_or(self.longest, |delay| delay.min(self.longest))
    }
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

/// The state of a counter.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    key: Key,
    count: i64,
    last_at: i64,
    expires_at: i64,
}

impl FromRow for State {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { key: key_of(row)?, count: row.get(1)?, last_at: row.get(2)?, expires_at: row.get(3)? })
    }
}

impl Counter {
    /// Returns the state of this counter, unless it has expired.
    pub(super) fn state(self, states: &[State], now: i64) -> Option<State> {
        states.iter().find(|state| state.key == self.key && state.expires_at > now).copied()
    }

    /// Returns the seconds until the next attempt is allowed, or `None` if it is allowed now.
    fn wait(self, states: &[State], now: i64) -> Option<i64> {
        let state = self.state(states, now)?;
        match self.rule {
            Rule::Spacing(rule) | Rule::Earned(rule) => {
                let delay = rule.delay(state.count);
                (delay > 0 && state.last_at + delay >= now).then(|| state.last_at + delay + 1 - now)
            }
            Rule::Window(rule) => (state.count >= rule.most).then(|| state.expires_at + 1 - now),
        }
    }
}

/// Returns the states of the counters with these keys. Keys may be equal. Costs one look-up, and a write only after the
/// clock was set back.
pub(super) async fn look(db: &Db, [one, another, third]: [Key; 3], now: i64) -> db::Result<Vec<State>> {
    let mut states: Vec<State> = db
        .read("SELECT key, count, last_at, expires_at FROM attempts WHERE key IN (?1, ?2, ?3)")
        .bind(one)
        .bind(another)
        .bind(third)
        .fetch_all()
        .await?;
    let set_back = |state: &State| state.last_at > now + DIFFER;
    if states.iter().any(set_back) {
        db.write_unflushed(
            "UPDATE attempts SET last_at = ?4, expires_at = expires_at - (last_at - ?4)
             WHERE key IN (?1, ?2, ?3) AND last_at > ?5",
        )
        .bind(one)
        .bind(another)
        .bind(third)
        .bind(now)
        .bind(now + DIFFER)
        .execute()
        .await?;
    }
    for state in states.iter_mut().filter(|state| set_back(state)) {
        state.expires_at -= state.last_at - now;
        state.last_at = now;
    }
    Ok(states)
}

/// Returns those of the counters for which no attempt is allowed now.
pub(super) fn blocked(
    counters: impl IntoIterator<Item = Counter>,
    states: &[State],
    now: i64,
) -> Vec<Blocked> {
    let blocked = |counter: Counter| Some(Blocked { key: counter.key, wait: counter.wait(states, now)? });
    counters.into_iter().filter_map(blocked).collect()
}

/// An attempt that was counted and can be taken back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) counter: Counter,
    /// The number of attempts with this one.
    pub(super) count: i64,
    /// The time of this attempt.
    at: i64,
    /// The end of the window, which identifies it.
    expires_at: i64,
    /// The state without this attempt, if there was one.
    before: Option<State>,
}

/// Counts an attempt that only this counter limits. Returns the seconds until the next one is allowed if none is now.
pub(super) async fn count_alone(db: &Db, counter: Counter, now: i64) -> db::Result<Result<Counted, i64>> {
    let states = look(db, [counter.key; 3], now).await?;
    if let Some(blocked) = blocked([counter], &states, now).first() {
        return Ok(Err(blocked.wait));
    }
    Ok(count(db, counter, &states, now).await?.ok_or(1))
}

/// Counts an attempt, or returns `None` if none is allowed. `states` are the states that were looked at just before: if
/// the counter has changed since then, the answer may be `None` too.
pub(super) async fn count(
    db: &Db,
    counter: Counter,
    states: &[State],
    now: i64,
) -> db::Result<Option<Counted>> {
    let state = counter.state(states, now);
    match counter.rule {
        Rule::Window(rule) => {
            let counted = count_in(db, counter.key, rule, now).await?;
            Ok(counted.map(|InWindow { count, expires_at }| Counted {
                counter,
                count,
                at: now,
                expires_at,
                before: None,
            }))
        }
        Rule::Spacing(rule) | Rule::Earned(rule) => {
            let count = match counter.rule {
                Rule::Earned(_) => count_earned(db, counter.key, rule, state, now).await?,
                _ => count_spaced(db, counter.key, rule, state, now).await?,
            };
            let before = |count| state.filter(|state| state.count + 1 == count);
            Ok(count.map(|count| Counted { counter, count, at: now, expires_at: 0, before: before(count) }))
        }
    }
}

/// Counts an attempt among those that have to wait. While attempts are free, several may be counted at once. After that,
/// the row must be as it was when the attempt was found to be due: so one of several concurrent attempts is counted.
async fn count_spaced(
    db: &Db,
    key: Key,
    rule: Spacing,
    seen: Option<State>,
    now: i64,
) -> db::Result<Option<i64>> {
    db.write_unflushed(
        "INSERT INTO attempts (key, count, last_at, delay, expires_at) VALUES (?1, 1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE SET
                 count = CASE WHEN attempts.expires_at <= ?2 THEN 1 ELSE attempts.count + 1 END,
                 last_at = ?2,
                 delay = CASE WHEN attempts.expires_at <= ?2 THEN ?3
                              WHEN attempts.count + 1 < ?5 THEN 0
                              WHEN attempts.count + 1 = ?5 THEN ?6
                              ELSE CAST(?7 AS BIGINT) END,
                 expires_at = CASE WHEN attempts.expires_at > ?2 AND attempts.count + 1 >= ?5 THEN ?8 ELSE ?4 END
             WHERE attempts.expires_at <= ?2 OR attempts.count < ?5
                 OR (attempts.count = ?9 AND attempts.last_at = ?10)
             RETURNING count",
    )
    .bind(key)
    .bind(now)
    .bind(rule.delay(1))
    .bind(now + if rule.free > 1 { FEW_FOR } else { MANY_FOR })
    .bind(rule.free)
    .bind(rule.first)
    .bind(seen.map_or(rule.first, |seen| rule.delay(seen.count + 1)))
    .bind(now + MANY_FOR)
    .bind(seen.map_or(-1, |seen| seen.count))
    .bind(seen.map_or(-1, |seen| seen.last_at))
    .fetch_optional()
    .await
}

/// Counts an attempt in a counter that [`earn`] made, in the same way. Its end stays the same.
async fn count_earned(
    db: &Db,
    key: Key,
    rule: Spacing,
    seen: Option<State>,
    now: i64,
) -> db::Result<Option<i64>> {
    db.write_unflushed(
        "UPDATE attempts SET count = count + 1, last_at = ?2,
             delay = CASE WHEN count + 1 < ?3 THEN 0 WHEN count + 1 = ?3 THEN ?4
                          ELSE CAST(?5 AS BIGINT) END
         WHERE key = ?1 AND expires_at > ?2 AND (count < ?3 OR (count = ?6 AND last_at = ?7))
         RETURNING count",
    )
    .bind(key)
    .bind(now)
    .bind(rule.free)
    .bind(rule.first)
    .bind(seen.map_or(rule.first, |seen| rule.delay(seen.count + 1)))
    .bind(seen.map_or(-1, |seen| seen.count))
    .bind(seen.map_or(-1, |seen| seen.last_at))
    .fetch_optional()
    .await
}

/// The state of a window after an attempt.
struct InWindow {
    count: i64,
    expires_at: i64,
}

impl FromRow for InWindow {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { count: row.get(0)?, expires_at: row.get(1)? })
    }
}

/// Counts an attempt in the current window, or returns `None` if the window is full.
async fn count_in(db: &Db, key: Key, rule: Window, now: i64) -> db::Result<Option<InWindow>> {
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
             RETURNING count, expires_at",
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

/// Makes a counter without attempts, which lives for some seconds, in the transaction `tx` or right after it.
pub(super) async fn earn(tx: &mut Tx, key: Key, now: i64, lives_for: i64) -> db::Result<()> {
    tx.write_apart(
        "INSERT INTO attempts (key, count, last_at, delay, expires_at) VALUES (?1, 0, ?2, 0, ?3)
         ON CONFLICT (key) DO UPDATE SET
             count = 0, last_at = excluded.last_at, delay = 0, expires_at = excluded.expires_at",
        vec![key.into(), now.into(), (now + lives_for).into()],
    )
    .await
}

/// Deletes the count of a key, in the transaction of an operator.
pub(super) async fn clear(tx: &mut Tx, key: Key) -> db::Result<()> {
    tx.write("DELETE FROM attempts WHERE key = ?1").bind(key).execute().await?;
    Ok(())
}

/// Forgets the attempts of a key, whose counter lives on, in the transaction of an operator.
pub(super) async fn empty(tx: &mut Tx, key: Key) -> db::Result<()> {
    tx.write("UPDATE attempts SET count = 0, delay = 0 WHERE key = ?1").bind(key).execute().await?;
    Ok(())
}

/// Deletes the count of a key after a correct attempt.
pub(super) async fn succeed(tx: &mut Tx, key: Key) -> db::Result<()> {
    tx.write_apart("DELETE FROM attempts WHERE key = ?1", vec![key.into()]).await
}

/// Takes an attempt back. Nobody can tell afterwards that it was made, unless another one was counted meanwhile. An
/// attempt in a window that has ended is not taken back.
pub(super) async fn take_back(tx: &mut Tx, counted: &Counted) -> db::Result<()> {
    let Counted { counter, count, at, expires_at, before } = *counted;
    match counter.rule {
        Rule::Window(_) => {
            tx.write_apart(
                "UPDATE attempts SET count = count - 1, delay = 0 WHERE key = ?1 AND expires_at = ?2 AND count > 0",
                vec![counter.key.into(), expires_at.into()],
            )
            .await
        }
        Rule::Spacing(rule) | Rule::Earned(rule) => {
            // Without a state before, the row may stay as it is, with one attempt less.
            let before = before.unwrap_or(State { key: counter.key, count: -2, last_at: at, expires_at: 0 });
            tx.write_apart(
                "UPDATE attempts SET count = count - 1,
                     last_at = CASE WHEN count = ?2 AND last_at = ?3 THEN ?4 ELSE last_at END,
                     expires_at = CASE WHEN count = ?2 AND last_at = ?3 THEN ?5 ELSE expires_at END,
                     delay = CASE WHEN count - 1 < ?6 THEN 0 WHEN count = ?7 THEN ?8 ELSE delay / 2 END
                 WHERE key = ?1 AND count > 0",
                vec![
                    counter.key.into(),
                    (before.count + 1).into(),
                    at.into(),
                    before.last_at.into(),
                    before.expires_at.into(),
                    rule.free.into(),
                    count.into(),
                    rule.delay(count - 1).into(),
                ],
            )
            .await
        }
    }
}

/// Gives one key at least the count of another. Both keep their rows.
pub(super) async fn carry(tx: &mut Tx, from: Key, to: Key) -> db::Result<()> {
    tx.write(
        "INSERT INTO attempts (key, count, last_at, delay, expires_at)
         SELECT ?2, count, last_at, delay, expires_at FROM attempts WHERE key = ?1
         ON CONFLICT (key) DO UPDATE SET
             count = CASE WHEN excluded.count > attempts.count THEN excluded.count ELSE attempts.count END,
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
