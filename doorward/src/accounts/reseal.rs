//! Seals secrets anew after the operator has exchanged `secret_key`. Each table with sealed secrets says which ones.

use crate::{
    accounts::event,
    auth::Auth,
    base::{db::Tx, error::Result, seal::Sealer},
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
    },
};

/// The most secrets that are sealed anew in one transaction.
pub(crate) const BATCH: i64 = 100;

/// Seals these secrets anew in one transaction, each by `reseal_one`. Returns how many. It may be stopped at any time
/// and begun again.
pub(crate) async fn reseal_these<T>(
    auth: &Auth,
    sealer: &Sealer,
    found: &[T],
    reseal_one: impl AsyncFn(&Tx, &T) -> Result<()>,
) -> Result<u64> {
    if found.is_empty() {
        return Ok(0);
    }
    let tx = auth.db().begin().await?;
    for one in found {
        reseal_one(&tx, one).await?;
    }
    let event = NewEvent::of(EventKind::SecretsResealed, None, By::Operator);
    event::record(auth, &tx, event.with("key", sealer.key_id()).with("secrets", found.len())).await?;
    tx.commit().await?;
    Ok(found.len() as u64)
}
