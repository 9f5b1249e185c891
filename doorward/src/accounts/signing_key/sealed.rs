//! Opens the private keys, and seals them anew after the operator has exchanged `secret_key`.

use zeroize::Zeroizing;

use crate::{
    accounts::reseal::{self, BATCH},
    auth::Auth,
    base::{
        db::{self, FromRow, Row},
        error::{Error, Result},
        seal::Sealer,
    },
};

pub(super) fn sealer(auth: &Auth) -> Result<&Sealer> {
    auth.provider().sealer.as_ref().ok_or(Error::NotFound)
}

/// What a sealed private key is about.
pub(super) fn about(kid: &str) -> String {
    format!("signing_key {kid}")
}

/// Opens a private key.
pub(super) fn open(auth: &Auth, kid: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>> {
    sealer(auth)?.open(&about(kid), sealed).map_err(|cause| {
        tracing::error!(kid, ?cause, "a signing key cannot be opened");
        Error::Internal
    })
}

/// A key that an earlier key of the settings has sealed.
struct Sealed {
    kid: String,
    sealed: String,
}

impl FromRow for Sealed {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { kid: row.get(0)?, sealed: row.get(1)? })
    }
}

/// Counts the keys that are not sealed with the current key of the settings.
pub(crate) async fn count_sealed_with_others(auth: &Auth) -> Result<u64> {
    let count: Option<i64> = auth
        .db()
        .read("SELECT count(*) FROM signing_keys WHERE gone_at > ?1 AND sealed_with <> ?2")
        .bind(auth.now())
        .bind(sealer(auth)?.key_id())
        .fetch_optional()
        .await?;
    Ok(count.unwrap_or(0).try_into().unwrap_or(0))
}

/// Seals some keys anew with the current key of the settings. Returns how many, or 0 if nothing is left to do. It may
/// be stopped at any time and begun again: a key that is sealed anew is not looked at again.
pub(crate) async fn reseal(auth: &Auth) -> Result<u64> {
    let sealer = sealer(auth)?;
    let current = sealer.key_id();
    let found: Vec<Sealed> = auth
        .db()
        .read(
            "SELECT kid, sealed FROM signing_keys WHERE gone_at > ?1 AND sealed_with <> ?2
             ORDER BY gone_at LIMIT ?3",
        )
        .bind(auth.now())
        .bind(current)
        .bind(BATCH)
        .fetch_all()
        .await?;
    reseal::reseal_these(auth, sealer, &found, async |tx, Sealed { kid, sealed }| {
        let private = open(auth, kid, sealed)?;
        tx.write("UPDATE signing_keys SET sealed = ?1, sealed_with = ?2 WHERE kid = ?3 AND sealed = ?4")
            .bind(sealer.seal(&about(kid), &private))
            .bind(current)
            .bind(&**kid)
            .bind(&**sealed)
            .execute()
            .await?;
        Ok(())
    })
    .await
}
