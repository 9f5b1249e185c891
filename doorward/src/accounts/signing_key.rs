//! The keys that sign ID tokens. Owns the table `signing_keys`.
//!
//! There is one key for each algorithm. It signs for 90 days. The next one is made two days before that, so clients know
//! it when it begins to sign. After its time a key stays published until the last token that it signed is over. The
//! private keys are sealed with a key that is not in the database. They stay parsed in memory.

use std::sync::Arc;

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::{Error, Result},
        jose::{Algorithm, SigningKey},
        seal::Sealer,
    },
    model::signing_keys::{DatedKey, OWNER, SigningKeys},
};

const DAY: i64 = 24 * 3600;

/// The seconds for which a key signs.
const SIGNS: i64 = 90 * DAY;

/// The seconds before the end of a key at which the next one is made.
const AHEAD: i64 = 2 * DAY;

/// The seconds for which a key stays published after its last signature. No ID token lives that long.
const STAYS: i64 = 2 * DAY;

/// The seconds after which a process reads the keys again, even if it knows of no change.
const REMEMBERED: i64 = 300;

/// Returns the keys that others may still meet. The first call makes them.
pub(crate) async fn all(auth: &Auth) -> Result<Arc<SigningKeys>> {
    if let Some(keys) = auth.provider().remembered_keys()
        && (0..REMEMBERED).contains(&(auth.now() - keys.looked_up_at))
        && auth.db().is_unchanged(OWNER, keys.mark)
    {
        return Ok(keys);
    }
    let keys = read(auth).await?;
    let complete = |keys: &SigningKeys| {
        Algorithm::ALL.into_iter().all(|algorithm| keys.current(algorithm, auth.now()).is_some())
    };
    if complete(&keys) {
        return Ok(keys);
    }
    make_due(auth).await?;
    let keys = read(auth).await?;
    if complete(&keys) { Ok(keys) } else { Err(Error::Unavailable) }
}

/// A row of `signing_keys`.
struct Stored {
    kid: String,
    algorithm: String,
    number: i64,
    sealed: String,
    signs_from: i64,
    signs_until: i64,
    gone_at: i64,
}

impl FromRow for Stored {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            kid: row.get(0)?,
            algorithm: row.get(1)?,
            number: row.get(2)?,
            sealed: row.get(3)?,
            signs_from: row.get(4)?,
            signs_until: row.get(5)?,
            gone_at: row.get(6)?,
        })
    }
}

/// Reads the keys, and keeps them in memory. A key that is there already is not opened again.
async fn read(auth: &Auth) -> Result<Arc<SigningKeys>> {
    let mark = auth.db().mark();
    let now = auth.now();
    let rows: Vec<Stored> = auth
        .db()
        .read(
            "SELECT kid, algorithm, number, sealed, signs_from, signs_until, gone_at FROM signing_keys
             WHERE gone_at > ?1",
        )
        .bind(now)
        .fetch_all()
        .await?;
    let known = auth.provider().remembered_keys();
    let known = |kid: &str| {
        let keys = known.iter().flat_map(|keys| &keys.keys);
        keys.map(|dated| &dated.key).find(|key| key.id == kid).cloned()
    };
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let key = match known(&row.kid) {
            Some(key) => key,
            None => Arc::new(open(sealer(auth)?, &row)?),
        };
        let Stored { number, signs_from, signs_until, gone_at, .. } = row;
        keys.push(DatedKey { key, number, signs_from, signs_until, gone_at });
    }
    let keys = Arc::new(SigningKeys { mark, looked_up_at: now, keys });
    auth.provider().keys.store(Some(keys.clone()));
    Ok(keys)
}

fn sealer(auth: &Auth) -> Result<&Sealer> {
    auth.provider().sealer.as_ref().ok_or(Error::NotFound)
}

/// What a sealed private key is about.
fn about(kid: &str) -> String {
    format!("signing_key {kid}")
}

fn open(sealer: &Sealer, row: &Stored) -> Result<SigningKey> {
    let broken = |cause: &dyn std::fmt::Debug| {
        tracing::error!(kid = row.kid, ?cause, "a signing key cannot be opened");
        Error::Internal
    };
    let algorithm = Algorithm::named(&row.algorithm).ok_or_else(|| broken(&"an unknown algorithm"))?;
    let private = sealer.open(&about(&row.kid), &row.sealed).map_err(|cause| broken(&cause))?;
    let key = SigningKey::read(algorithm, &private).map_err(|cause| broken(&cause))?;
    if key.id == row.kid { Ok(key) } else { Err(broken(&"another key")) }
}

/// The last key of an algorithm.
struct Last {
    number: i64,
    signs_until: i64,
}

impl FromRow for Last {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { number: row.get(0)?, signs_until: row.get(1)? })
    }
}

async fn last(auth: &Auth, algorithm: Algorithm) -> Result<Option<Last>> {
    Ok(auth
        .db()
        .read(
            "SELECT number, signs_until FROM signing_keys WHERE algorithm = ?1 ORDER BY number DESC LIMIT 1",
        )
        .bind(algorithm.name())
        .fetch_optional()
        .await?)
}

/// Makes the next keys, if keys are in use and their end is near. Deletes nothing.
pub(crate) async fn renew(auth: &Auth) -> Result<u64> {
    if auth.provider().sealer.is_some() && last(auth, Algorithm::ALL[0]).await?.is_some() {
        make_due(auth).await?;
    }
    Ok(0)
}

/// Makes the keys that will be needed soon. If two nodes do so at once, the keys of one of them are stored.
pub(crate) async fn make_due(auth: &Auth) -> Result<()> {
    let now = auth.now();
    for algorithm in Algorithm::ALL {
        let (number, signs_from) = match last(auth, algorithm).await? {
            // Another node may have a clock that is behind this one.
            None => (1, now - DAY),
            Some(last) if last.signs_until <= now + AHEAD => (last.number + 1, last.signs_until.max(now)),
            Some(_) => continue,
        };
        make(auth, algorithm, number, signs_from).await?;
    }
    Ok(())
}

/// Makes a key, unless there is one with this number.
async fn make(auth: &Auth, algorithm: Algorithm, number: i64, signs_from: i64) -> Result<()> {
    let sealer = sealer(auth)?;
    let made = tokio::task::spawn_blocking(move || {
        let private = SigningKey::generate(algorithm)?;
        let key = SigningKey::read(algorithm, &private)?;
        Ok::<_, crate::base::jose::Unusable>((key.id, private))
    });
    let (kid, private) = made.await.ok().and_then(Result::ok).ok_or(Error::Unavailable)?;
    let signs_until = signs_from + SIGNS;
    let mut tx = auth.db().begin().await?;
    tx.note_change(OWNER);
    tx.write(
        "INSERT INTO signing_keys (kid, algorithm, number, sealed, sealed_with, created_at, signs_from, signs_until,
             gone_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (algorithm, number) DO NOTHING",
    )
    .bind(&*kid)
    .bind(algorithm.name())
    .bind(number)
    .bind(sealer.seal(&about(&kid), &private))
    .bind(sealer.key_id())
    .bind(auth.now())
    .bind(signs_from)
    .bind(signs_until)
    .bind(signs_until + STAYS)
    .execute()
    .await?;
    Ok(tx.commit().await?)
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
