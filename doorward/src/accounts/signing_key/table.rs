//! The rows of `signing_keys`.

use crate::{
    accounts::event,
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        jose::Algorithm,
        time::Timestamp,
    },
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
        signing_keys::{ListedSigningKey, OWNER, SigningKeyState},
    },
};

/// A private key that was just made, sealed.
pub(super) struct Made {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    pub(super) sealed: String,
    pub(super) sealed_with: String,
}

/// When a key signs, and until when it is published. In unix seconds.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) signs_from: i64,
    pub(super) signs_until: i64,
    pub(super) gone_at: i64,
}

/// The last key of an algorithm.
pub(super) struct Last {
    pub(super) number: i64,
    pub(super) times: Times,
}

impl FromRow for Last {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let times = Times { signs_from: row.get(1)?, signs_until: row.get(2)?, gone_at: row.get(3)? };
        Ok(Self { number: row.get(0)?, times })
    }
}

pub(super) async fn last(auth: &Auth, algorithm: Algorithm) -> Result<Option<Last>> {
    Ok(auth
        .db()
        .read(
            "SELECT number, signs_from, signs_until, gone_at FROM signing_keys WHERE algorithm = ?1
             ORDER BY number DESC LIMIT 1",
        )
        .bind(algorithm.name())
        .fetch_optional()
        .await?)
}

/// Stores a key, unless there is one with this number: another node was faster. Returns `true` if it was stored.
pub(super) async fn insert(
    auth: &Auth,
    tx: &mut Tx,
    made: &Made,
    number: i64,
    times: Times,
    by: By<'_>,
) -> Result<bool> {
    tx.note_change(OWNER);
    let stored = tx
        .write(
            "INSERT INTO signing_keys (kid, algorithm, number, sealed, sealed_with, created_at, signs_from,
                 signs_until, gone_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (algorithm, number) DO NOTHING",
        )
        .bind(&*made.kid)
        .bind(made.algorithm.name())
        .bind(number)
        .bind(&*made.sealed)
        .bind(&*made.sealed_with)
        .bind(auth.now())
        .bind(times.signs_from)
        .bind(times.signs_until)
        .bind(times.gone_at)
        .execute()
        .await?;
    if stored == 1 {
        let event = NewEvent::of(EventKind::SigningKeyMade, None, by)
            .with("key", &made.kid)
            .with("algorithm", made.algorithm.name())
            .with("signs_from", Timestamp(times.signs_from.max(auth.now())));
        event::record(auth, tx, event).await?;
    }
    Ok(stored == 1)
}

/// Lets the keys before this number sign no longer than until then, and leave earlier.
pub(super) async fn shorten(tx: &mut Tx, algorithm: Algorithm, number: i64, times: Times) -> Result<()> {
    tx.note_change(OWNER);
    tx.write(
        "UPDATE signing_keys SET signs_until = ?1, gone_at = ?2 WHERE algorithm = ?3 AND number < ?4
             AND signs_until > ?1",
    )
    .bind(times.signs_until)
    .bind(times.gone_at)
    .bind(algorithm.name())
    .bind(number)
    .execute()
    .await?;
    Ok(())
}

/// Deletes the keys before this number: from the commit on, no node signs with them and nobody should accept them.
pub(super) async fn end_before(auth: &Auth, tx: &mut Tx, algorithm: Algorithm, number: i64) -> Result<()> {
    tx.note_change(OWNER);
    let ended: Vec<String> = tx
        .write("DELETE FROM signing_keys WHERE algorithm = ?1 AND number < ?2 RETURNING kid")
        .bind(algorithm.name())
        .bind(number)
        .fetch_all()
        .await?;
    for kid in ended {
        let event = NewEvent::of(EventKind::SigningKeyEnded, None, By::Operator).with("key", kid);
        event::record(auth, tx, event.with("algorithm", algorithm.name())).await?;
    }
    Ok(())
}

impl FromRow for ListedSigningKey {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            algorithm: row.get(1)?,
            state: SigningKeyState::Verifies,
            created_at: Timestamp::of(row, 2)?,
            signs_from: Timestamp::of(row, 3)?,
            signs_until: Timestamp::of(row, 4)?,
            gone_at: Timestamp::of(row, 5)?,
            sealed_with: row.get(6)?,
        })
    }
}

/// Returns the published keys: those of one algorithm together, and of these the newest first.
pub(crate) async fn list(auth: &Auth) -> Result<Vec<ListedSigningKey>> {
    let now = auth.now();
    let mut keys: Vec<ListedSigningKey> = auth
        .db()
        .read(
            "SELECT kid, algorithm, created_at, signs_from, signs_until, gone_at, sealed_with FROM signing_keys
             WHERE gone_at > ?1 ORDER BY gone_at DESC",
        )
        .bind(now)
        .fetch_all()
        .await?;
    keys.sort_by(|one, other| other.algorithm.cmp(&one.algorithm));
    for at in 0..keys.len() {
        let (newer, rest) = keys.split_at_mut(at);
        let key = &mut rest[0];
        let signs = |other: &ListedSigningKey| {
            other.state == SigningKeyState::Signs && other.algorithm == key.algorithm
        };
        key.state = if key.signs_from.as_second() > now {
            SigningKeyState::Waits
        } else if key.signs_until.as_second() > now && !newer.iter().any(signs) {
            SigningKeyState::Signs
        } else {
            SigningKeyState::Verifies
        };
    }
    Ok(keys)
}

/// Deletes at most `rows` keys whose signatures nobody accepts any more. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, rows: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM signing_keys WHERE kid IN (SELECT kid FROM signing_keys WHERE gone_at <= ?1
                 ORDER BY gone_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(rows)
        .execute()
        .await?)
}
