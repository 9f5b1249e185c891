//! Applies the migrations on a server.

use tokio_postgres::{Client, Error as DriverError, Transaction, error::SqlState};

use crate::base::{
    db::{
        error::{Error, Result},
        migrate::{APPLIED, Applied, LEDGER, Migrated, Migration, RECORD, checksum, due},
        postgres::{connections::numbered, error::describe},
    },
    open_error::{OpenError, OpenErrorKind},
};

#[cfg(feature = "test-util")]
use crate::base::db::postgres::settings::Settings;

const TIMES: &str = "SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = 0";

/// Waits for other processes that migrate the same schema. The lock is held until the transaction ends. The key of the
/// schema `public` is "doorward" in hexadecimal, as it was before there were others.
const LOCK: &str = "SELECT pg_advisory_xact_lock(CASE WHEN name = 'public' THEN x'646f6f7277617264'::BIGINT
        ELSE hashtextextended('doorward ' || name, 0) END)
    FROM COALESCE($1::TEXT, current_schema()::TEXT) AS name";

/// Brings the tables up to date, in `schema` or where the server looks first. The connection has been set up for it.
pub(super) async fn migrate(
    client: &mut Client,
    schema: Option<&str>,
    now: i64,
) -> Result<Migrated, OpenError> {
    let transaction = client.transaction().await.map_err(Error::from)?;
    transaction.batch_execute(TIMES).await.map_err(Error::from)?;
    transaction.execute(LOCK, &[&schema]).await.map_err(Error::from)?;
    if let Some(schema) = schema {
        make(&transaction, schema).await?;
    }
    transaction.batch_execute(LEDGER).await.map_err(Error::from)?;
    let rows = transaction.query(APPLIED, &[]).await.map_err(Error::from)?;
    let applied = rows
        .iter()
        .map(|row| Ok(Applied { number: row.try_get(0)?, name: row.try_get(1)?, checksum: row.try_get(2)? }))
        .collect::<Result<Vec<_>, DriverError>>()
        .map_err(Error::from)?;
    let due = due(&applied)?;
    for migration in due {
        transaction.batch_execute(migration.text).await.map_err(|error| failed(migration, &error))?;
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

/// Creates the schema if it is missing, and checks that this user may use it.
async fn make(transaction: &Transaction<'_>, schema: &str) -> Result<(), OpenError> {
    let there = transaction.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema]).await;
    if there.map_err(Error::from)?.is_none() {
        // `IF NOT EXISTS` would ask for the right to create schemas even if there is nothing to create.
        transaction.batch_execute(&format!("CREATE SCHEMA \"{schema}\"")).await.map_err(|error| {
            OpenError::new(format!(
                "cannot create the schema \"{schema}\": {}; the owner of the database can: \
                 CREATE SCHEMA {schema} AUTHORIZATION USER",
                describe(&error)
            ))
            .of_kind(OpenErrorKind::Refused)
        })?;
    }
    let usable = "SELECT has_schema_privilege($1, 'USAGE')";
    let usable: bool = transaction.query_one(usable, &[&schema]).await.map_err(Error::from)?.get(0);
    if !usable {
        return Err(OpenError::new(format!(
            "this user may not use the schema \"{schema}\"; its owner can allow it: \
             GRANT USAGE, CREATE ON SCHEMA {schema} TO USER"
        ))
        .of_kind(OpenErrorKind::Refused));
    }
    Ok(())
}

/// Deletes a schema of a test with all that is in it. Gives up if a transaction keeps one of its tables for long.
#[cfg(feature = "test-util")]
pub(in crate::base::db) async fn delete_schema(settings: &Settings, schema: &str) -> Result<(), OpenError> {
    let client = settings.connect().await?;
    let delete = format!("SET lock_timeout = '2s'; DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
    client.batch_execute(&delete).await.map_err(Error::from)?;
    Ok(())
}

fn failed(migration: &Migration, error: &DriverError) -> OpenError {
    let taken = [SqlState::DUPLICATE_TABLE, SqlState::DUPLICATE_OBJECT];
    if error.code().is_some_and(|code| taken.contains(code)) {
        return migration.in_the_way(&describe(error), "schema = \"auth\", or another schema,");
    }
    migration.failed(&describe(error))
}
