//! Reads the keys, and remembers them.

use std::sync::Arc;

use crate::{
    accounts::signing_key::{make::make_due, sealed},
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::{Error, Result},
        jose::{Algorithm, SigningKey},
    },
    model::signing_keys::{DatedKey, OWNER, SigningKeys},
};

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
            None => Arc::new(open(auth, &row)?),
        };
        let Stored { number, signs_from, signs_until, gone_at, .. } = row;
        keys.push(DatedKey { key, number, signs_from, signs_until, gone_at });
    }
    let keys = Arc::new(SigningKeys { mark, looked_up_at: now, keys });
    auth.provider().keys.store(Some(keys.clone()));
    Ok(keys)
}

fn open(auth: &Auth, row: &Stored) -> Result<SigningKey> {
    let broken = |cause: &dyn std::fmt::Debug| {
        tracing::error!(kid = row.kid, ?cause, "a signing key cannot be opened");
        Error::Internal
    };
    let algorithm = Algorithm::named(&row.algorithm).ok_or_else(|| broken(&"an unknown algorithm"))?;
    let private = sealed::open(auth, &row.kid, &row.sealed)?;
    let key = SigningKey::read(algorithm, &private).map_err(|cause| broken(&cause))?;
    if key.id == row.kid { Ok(key) } else { Err(broken(&"another key")) }
}
