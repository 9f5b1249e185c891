//! A transaction on a connection of its own.

use std::time::Duration;

use deadpool_postgres::Object;
use tokio::time::timeout;
use tokio_postgres::Row;

use super::{Answer, numbered, run, unusable};
use crate::db::{
    PATIENCE,
    error::{Error, Result},
    value::Value,
};

/// A transaction. Rolled back when dropped before [`Tx::commit`].
pub(crate) struct Tx {
    /// Given away when the transaction ends.
    client: Option<Object>,
    /// PostgreSQL answers COMMIT after a failure with a silent rollback, so it is not asked.
    failed: bool,
}

impl Tx {
    pub(super) async fn begin(client: Object) -> Result<Self> {
        let mut tx = Self { client: Some(client), failed: false };
        tx.batch("BEGIN").await?;
        Ok(tx)
    }

    pub(in crate::db) async fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        Ok(self.run(sql, values).await?.rows)
    }

    pub(in crate::db) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        Ok(self.run(sql, values).await?.changed)
    }

    pub(in crate::db) async fn commit(mut self) -> Result<()> {
        if self.failed {
            return Err(Error::Bug("a failed transaction was to be committed".into()));
        }
        self.batch("COMMIT").await?;
        // Back to the pool.
        self.client = None;
        Ok(())
    }

    async fn run(&mut self, sql: &'static str, values: &[Value]) -> Result<Answer> {
        let client = self.client();
        let result = within(async {
            let statement = client.prepare_cached(&numbered(sql)).await?;
            run(client, &statement, values).await
        })
        .await;
        self.noted(result)
    }

    async fn batch(&mut self, sql: &str) -> Result<()> {
        let result = within(self.client().batch_execute(sql)).await;
        self.noted(result)
    }

    fn client(&self) -> &Object {
        self.client.as_ref().expect("a transaction has its connection until it ends")
    }

    fn noted<T>(&mut self, result: Result<T, Failure>) -> Result<T> {
        result.map_err(|failure| {
            self.failed = true;
            match failure {
                Failure::Late => Error::timed_out(),
                Failure::Database(error) => {
                    if unusable(self.client(), &error) {
                        self.client.take().map(Object::take);
                    }
                    error.into()
                }
            }
        })
    }
}

enum Failure {
    Late,
    Database(tokio_postgres::Error),
}

async fn within<T>(work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Failure> {
    match timeout(PATIENCE, work).await {
        Ok(result) => result.map_err(Failure::Database),
        Err(_) => Err(Failure::Late),
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // Closing the connection rolls back too.
            return drop(Object::take(client));
        };
        runtime.spawn(async move {
            let rolled_back = timeout(Duration::from_secs(2), client.batch_execute("ROLLBACK")).await;
            if !matches!(rolled_back, Ok(Ok(()))) {
                drop(Object::take(client));
            }
        });
    }
}
