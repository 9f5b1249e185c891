//! Seals the secrets of the apps anew after the operator has exchanged `secret_key`.

use crate::{
    accounts::{
        reseal::{self, BATCH},
        second_factor::totp::{about, sealer, unsealed},
    },
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::Result,
        seal::Sealer,
    },
    model::user::UserId,
};

/// A secret that an earlier key of the settings has sealed.
struct Sealed {
    user: i64,
    state: String,
    sealed: String,
    created_at: i64,
}

impl FromRow for Sealed {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { user: row.get(0)?, state: row.get(1)?, sealed: row.get(2)?, created_at: row.get(3)? })
    }
}

/// Returns the keys of the settings that seal nothing any more.
fn retired(sealer: &Sealer) -> impl Iterator<Item = &str> {
    sealer.key_ids().filter(|id| *id != sealer.key_id())
}

/// Counts the secrets that are not sealed with the current key of the settings.
pub(crate) async fn count_sealed_with_others(auth: &Auth) -> Result<u64> {
    let mut all = 0;
    for id in retired(sealer(auth)?) {
        let count: Option<i64> = auth
            .db()
            .read("SELECT count(*) FROM totp WHERE sealed_with = ?1")
            .bind(id)
            .fetch_optional()
            .await?;
        all += count.unwrap_or(0);
    }
    Ok(all.try_into().unwrap_or(0))
}

/// Seals some secrets anew with the current key of the settings. Returns how many, or 0 if nothing is left to do. It
/// may be stopped at any time and begun again.
pub(crate) async fn reseal(auth: &Auth) -> Result<u64> {
    let sealer = sealer(auth)?;
    for id in retired(sealer) {
        let found: Vec<Sealed> = auth
            .db()
            .read("SELECT user_id, state, sealed, created_at FROM totp WHERE sealed_with = ?1 LIMIT ?2")
            .bind(id)
            .bind(BATCH)
            .fetch_all()
            .await?;
        if !found.is_empty() {
            return reseal_these(auth, sealer, &found).await;
        }
    }
    Ok(0)
}

async fn reseal_these(auth: &Auth, sealer: &Sealer, found: &[Sealed]) -> Result<u64> {
    reseal::reseal_these(auth, sealer, found, async |tx, Sealed { user, state, sealed, created_at }| {
        let owner = UserId(*user);
        let secret = unsealed(auth, owner, *created_at, sealed)?;
        tx.write(
            "UPDATE totp SET sealed = ?1, sealed_with = ?2 WHERE user_id = ?3 AND state = ?4 AND sealed = ?5",
        )
        .bind(sealer.seal(&about(owner, *created_at), &secret))
        .bind(sealer.key_id())
        .bind(*user)
        .bind(&**state)
        .bind(&**sealed)
        .execute()
        .await?;
        Ok(())
    })
    .await
}
