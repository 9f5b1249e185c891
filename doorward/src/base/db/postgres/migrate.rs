//! Applies the migrations on a server.

use tokio_postgres::{Client, Error as DriverError};

use crate::base::{
    db::{
        error::{Error, Result},
        migrate::{APPLIED, Applied, LEDGER, Migrated, RECORD, checksum, due},
        postgres::{connections::numbered, error::describe},
    },
    open_error::OpenError,
};

/// Brings the schema up to date.
pub(super) async fn migrate(client: &mut Client, now: i64) -> Result<Migrated, OpenError> {
    // The key is "doorward" in hexadecimal. The lock is held until the transaction ends; other processes wait here.
    const LOCK: &str = "SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = 0;
                        SELECT pg_advisory_xact_lock(x'646f6f7277617264'::BIGINT)";
    let transaction = client.transaction().await.map_err(Error::from)?;
    transaction.batch_execute(LOCK).await.map_err(Error::from)?;
    transaction.batch_execute(LEDGER).await.map_err(Error::from)?;
    let rows = transaction.query(APPLIED, &[]).await.map_err(Error::from)?;
    let applied = rows
        .iter()
        .map(|row| Ok(Applied { number: row.try_get(0)?, name: row.try_get(1)?, checksum: row.try_get(2)? }))
        .collect::<Result<Vec<_>, DriverError>>()
        .map_err(Error::from)?;
    let due = due(&applied)?;
    for migration in due {
        transaction
            .batch_execute(migration.text)
            .await
            .map_err(|error| migration.failed(&describe(&error)))?;
        transaction
            .execute(
                &numbered(RECORD),
                &[&migration.number, &migration.name, &checksum(migration.text), &now],
            )
            .await
            .map_err(Error::from)?;
    }
    transaction.commit().await.map_err(Error::from)?;
    Ok(due.iter().map(|migration| migration.name).collect())
}
