//! Makes the keys that are due.

use crate::{
    accounts::signing_key::{
        sealed::{about, sealer},
        table::{self, Made, Times},
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        jose::{Algorithm, SigningKey, Unusable},
    },
    model::event::By,
};

pub(super) const DAY: i64 = 24 * 3600;

/// The seconds for which a key signs.
const SIGNS: i64 = 90 * DAY;

/// The seconds before the end of a key at which the next one is made.
const AHEAD: i64 = 2 * DAY;

/// The seconds for which a key stays published after its last signature. No ID token lives that long.
pub(super) const STAYS: i64 = 2 * DAY;

impl Times {
    /// The times of a key that signs from then on.
    pub(super) fn from(signs_from: i64) -> Self {
        let signs_until = signs_from + SIGNS;
        Self { signs_from, signs_until, gone_at: signs_until + STAYS }
    }

    /// The times of a key that signs at once. Another node may have a clock that is behind this one.
    pub(super) fn at_once(now: i64) -> Self {
        Self::from(now - DAY)
    }
}

/// Makes the next keys, if keys are in use and their end is near. Deletes nothing.
pub(crate) async fn renew(auth: &Auth) -> Result<u64> {
    if auth.provider().sealer.is_some() && table::last(auth, Algorithm::ALL[0]).await?.is_some() {
        make_due(auth).await?;
    }
    Ok(0)
}

/// Makes the keys that will be needed soon. If two nodes do so at once, the keys of one of them are stored.
pub(super) async fn make_due(auth: &Auth) -> Result<()> {
    let now = auth.now();
    for algorithm in Algorithm::ALL {
        let (number, times) = match table::last(auth, algorithm).await? {
            None => (1, Times::at_once(now)),
            Some(last) if last.times.signs_until <= now + AHEAD => {
                (last.number + 1, Times::from(last.times.signs_until.max(now)))
            }
            Some(_) => continue,
        };
        let made = generate(auth, algorithm).await?;
        let mut tx = auth.db().begin().await?;
        table::insert(auth, &mut tx, &made, number, times, By::System).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes a private key, and seals it. An RSA key takes some tenths of a second, so no transaction is open meanwhile.
pub(super) async fn generate(auth: &Auth, algorithm: Algorithm) -> Result<Made> {
    let sealer = sealer(auth)?;
    let made = tokio::task::spawn_blocking(move || {
        let private = SigningKey::generate(algorithm)?;
        let key = SigningKey::read(algorithm, &private)?;
        Ok::<_, Unusable>((key.id, private))
    });
    let (kid, private) = made.await.ok().and_then(std::result::Result::ok).ok_or(Error::Unavailable)?;
    let sealed = sealer.seal(&about(&kid), &private);
    Ok(Made { kid, algorithm, sealed, sealed_with: sealer.key_id().to_owned() })
}
