//! A transaction on a connection of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use deadpool_postgres::Object;
use futures_util::future::join;
use tokio::time::{Instant, timeout, timeout_at};

use crate::base::db::{
    error::{Error, Result},
    postgres::{
        connections::{Answer, Connections, Failure, Kind, numbered, run, unusable, within},
        lease::Node,
        messages::Change,
        nodes::Nodes,
    },
    value::Value,
};

/// The statements that follow a transaction have at least this long, even if the transaction ended late.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// A transaction. Rolled back when dropped before [`Tx::commit`].
pub(crate) struct Tx {
    connections: Arc<Connections>,
    nodes: Arc<Nodes>,
    /// Taken out when the transaction ends.
    client: Option<Object>,
    /// A statement failed. PostgreSQL would then answer COMMIT with a silent rollback, so COMMIT is not sent.
    failed: AtomicBool,
    /// Its connection cannot be used any more.
    unusable: AtomicBool,
    /// All its statements share the time of one request.
    deadline: Instant,
    /// The owners of the rows that it changes and that nodes may remember.
    changed: Vec<i64>,
    /// Another transaction had already made its change.
    awaits_changes: bool,
    /// Statements to run right after it, with their values.
    afterwards: Vec<(&'static str, Vec<Value>)>,
}

impl Tx {
    pub(super) async fn begin(
        connections: Arc<Connections>,
        nodes: Arc<Nodes>,
        client: Object,
        deadline: Instant,
    ) -> Result<Self, Failure> {
        let client = Some(client);
        let (failed, unusable) = (AtomicBool::new(false), AtomicBool::new(false));
        let (changed, awaits_changes, afterwards) = (Vec::new(), false, Vec::new());
        let tx = Self {
            connections,
            nodes,
            client,
            failed,
            unusable,
            deadline,
            changed,
            awaits_changes,
            afterwards,
        };
        tx.batch("BEGIN").await?;
        Ok(tx)
    }

    pub(in crate::base::db) fn note_change(&mut self, owner: i64) {
        if !self.changed.contains(&owner) {
            self.changed.push(owner);
        }
    }

    pub(in crate::base::db) fn await_others(&mut self) {
        self.awaits_changes = true;
    }

    pub(in crate::base::db) fn afterwards(&mut self, sql: &'static str, values: Vec<Value>) {
        self.afterwards.push((sql, values));
    }

    pub(in crate::base::db) async fn commit(mut self) -> Result<Committed> {
        if self.failed.load(Relaxed) {
            return Err(Error::Bug("a transaction was committed after one of its statements failed".into()));
        }
        let changes: Vec<_> = self.changed.iter().map(|owner| Change::new(*owner)).collect();
        for change in &changes {
            self.run(Change::ADD, &change.values()).await?;
        }
        self.batch("COMMIT").await?;
        let mut present = None;
        if !changes.is_empty() {
            // The same connection is used: another may lead to a server that is behind.
            let read = self.run(Node::ALL, &[]).await;
            present = read.and_then(|answer| answer.rows.iter().map(Node::from_row).collect()).ok();
        }
        self.release();
        let (connections, nodes) = (self.connections.clone(), self.nodes.clone());
        let afterwards = std::mem::take(&mut self.afterwards);
        let deadline = self.deadline.max(Instant::now() + AFTERWARDS);
        let awaits_changes = self.awaits_changes;
        Ok(Committed { connections, nodes, changes, present, awaits_changes, afterwards, deadline })
    }

    pub(in crate::base::db) async fn run(&self, sql: &'static str, values: &[Value]) -> Result<Answer> {
        let client = self.client();
        let result = within(self.deadline, async {
            let statement = client.prepare_cached(&numbered(sql)).await?;
            run(client, &statement, values).await
        })
        .await;
        Ok(self.note_failure(result)?)
    }

    async fn batch(&self, sql: &str) -> Result<(), Failure> {
        let result = within(self.deadline, self.client().batch_execute(sql)).await;
        self.note_failure(result)
    }

    /// Gives the connection back to the pool, or closes it.
    fn release(&mut self) {
        if let Some(client) = self.client.take()
            && *self.unusable.get_mut()
        {
            drop(Object::take(client));
        }
    }

    fn client(&self) -> &Object {
        self.client.as_ref().expect("a transaction has its connection until it ends")
    }

    fn note_failure<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(failure) = &result {
            self.failed.store(true, Relaxed);
            if let Failure::Database(error) = failure
                && unusable(self.client(), error)
            {
                self.unusable.store(true, Relaxed);
            }
        }
        result
    }
}

/// Changes that were committed, and that other nodes may not know yet.
pub(crate) struct Committed {
    connections: Arc<Connections>,
    nodes: Arc<Nodes>,
    changes: Vec<Change>,
    /// The nodes in the table after the commit, if they could be read.
    present: Option<Vec<Node>>,
    awaits_changes: bool,
    afterwards: Vec<(&'static str, Vec<Value>)>,
    deadline: Instant,
}

impl Committed {
    /// Waits until every node knows of the changes, and the statements that follow have run.
    pub(in crate::base::db) async fn settle(mut self) -> Result<()> {
        let (connections, deadline) = (self.connections.clone(), self.deadline);
        let afterwards = std::mem::take(&mut self.afterwards);
        let (settled, ()) = join(self.settle_nodes(), follow(&connections, afterwards, deadline)).await;
        settled
    }

    async fn settle_nodes(self) -> Result<()> {
        if !self.changes.is_empty() {
            self.nodes.settle(&self.changes, self.present).await;
        }
        if self.awaits_changes {
            self.nodes.settle_others().await?;
        }
        Ok(())
    }
}

/// Runs the statements that follow a transaction.
async fn follow(connections: &Connections, afterwards: Vec<(&'static str, Vec<Value>)>, deadline: Instant) {
    for (sql, values) in afterwards {
        let done = timeout_at(deadline, connections.execute(Kind::WriteUnflushed, sql, &values)).await;
        if done.is_err() {
            connections.distrust();
        }
        if let Err(error) = done.unwrap_or_else(|_| Err(Error::timed_out())) {
            tracing::warn!(cause = %error, "a statement that follows a transaction failed");
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        let runtime = tokio::runtime::Handle::try_current();
        let (Ok(runtime), false) = (runtime, *self.unusable.get_mut()) else {
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
