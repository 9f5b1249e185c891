//! A PostgreSQL database: its connections and its nodes behind one handle.

use std::sync::Arc;

use tokio::time::Instant;

use crate::base::{
    db::{
        changes::{Changes, Mark},
        error::{PATIENCE, Result},
        migrate::Migrated,
        postgres::{
            connections::{Answer, Connections, Failure, Kind},
            migrate::migrate,
            nodes::Nodes,
            settings::Settings,
            tx::Tx,
        },
        trouble::Trouble,
        value::Value,
    },
    open_error::OpenError,
};

/// A PostgreSQL database. If its URL names several servers, the one that takes writes.
pub(crate) struct Postgres {
    connections: Arc<Connections>,
    nodes: Arc<Nodes>,
    pub(in crate::base::db) trouble: Arc<Trouble>,
}

impl Postgres {
    /// Connects, and brings the tables in `schema` up to date. A missing schema is created.
    pub(in crate::base::db) async fn open(
        settings: Settings,
        schema: Option<&str>,
        now: i64,
    ) -> Result<(Self, Migrated), OpenError> {
        let settings = settings.in_schema(schema);
        let mut client = settings.connect().await?;
        let migrated = migrate(&mut client, schema, now).await?;
        Ok((Self::start(settings)?, migrated))
    }

    fn start(settings: Settings) -> Result<Self, OpenError> {
        let connections = Arc::new(Connections::new(&settings)?);
        let nodes = Arc::new(Nodes::new(settings, Arc::clone(&connections)));
        Ok(Self { connections, nodes, trouble: Arc::default() })
    }

    /// Runs a single statement.
    pub(in crate::base::db) async fn run(
        &self,
        kind: Kind,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Answer> {
        self.connections.run(kind, sql, values).await
    }

    /// Sends the statement with each of `rows` before it waits for the first answer.
    pub(in crate::base::db) async fn execute_each(
        &self,
        sql: &'static str,
        rows: &[Vec<Value>],
    ) -> Result<()> {
        self.connections.execute_each(sql, rows).await
    }

    pub(in crate::base::db) async fn begin(&self) -> Result<Tx> {
        let deadline = Instant::now() + PATIENCE;
        let client = self.connections.take(deadline).await?;
        let begun = Tx::begin(self.connections.clone(), self.nodes.clone(), client, deadline).await;
        if let Err(Failure::Late) = begun {
            // Only a dead connection keeps BEGIN waiting.
            self.connections.distrust();
        }
        Ok(begun?)
    }

    /// Returns `true` if the server says that it takes no writes. Then the connections are given up: the next ones look
    /// for a server that does.
    pub(in crate::base::db) async fn is_read_only(&self) -> Result<bool> {
        let sql = "SELECT 1::BIGINT WHERE current_setting('transaction_read_only') = 'on'";
        let read_only = !self.connections.query(Kind::Read, sql, &[]).await?.is_empty();
        if read_only {
            self.connections.distrust();
        }
        Ok(read_only)
    }

    /// Returns the time of the server in unix seconds.
    pub(in crate::base::db) async fn time(&self) -> Result<Option<i64>> {
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)";
        let rows = self.connections.query(Kind::Read, sql, &[]).await?;
        Ok(rows.first().and_then(|row| row.try_get(0).ok()))
    }

    /// Takes a mark before a read whose result is to be remembered.
    pub(in crate::base::db) fn mark(&self) -> Mark {
        self.nodes.mark()
    }

    /// Returns `true` if the rows of `owner` that were read after `mark` still hold, and `false` if that is not known.
    pub(in crate::base::db) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        self.nodes.is_unchanged(owner, mark)
    }

    /// Returns `true` if every change that was acknowledged to anybody is noted.
    pub(in crate::base::db) fn is_all_known(&self) -> bool {
        self.nodes.is_all_known()
    }

    /// The changes that are noted.
    pub(in crate::base::db) fn changes(&self) -> &Changes {
        self.nodes.changes()
    }

    pub(in crate::base::db) async fn close(&self) {
        self.nodes.leave().await;
        self.connections.close();
    }
}
