//! The connections to the server: single statements share a few pipelined ones, transactions borrow from a pool.
//!
//! A lost connection is replaced. A connection that leads to a read-only server is given up, so that a program that
//! lost its primary finds the next one by itself.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio::{
    task::AbortHandle,
    time::{Instant, timeout_at},
};
use tokio_postgres::{Client, Row, error::SqlState};

use crate::base::{
    db::{
        error::{Error, PATIENCE, Result},
        postgres::settings::{ACQUIRE, Settings},
        value::Value,
    },
    open_error::OpenError,
};

/// The number of connections that reads share. Writes have others: a statement behind a write that waits for a lock
/// waits too.
const READING: usize = 4;
/// The number of connections that single writes share. On one connection each write is flushed to the disk before the
/// next one begins. Writes of several connections are flushed together.
const WRITING: usize = 4;
/// The number of connections that writes without a flush share.
const UNFLUSHED: usize = 3;
/// The number of transactions that run at once.
const POOLED: usize = 18;

/// The connections of one process.
pub(super) struct Connections {
    reading: Slots,
    writing: Slots,
    unflushed: Slots,
    pool: Pool,
}

/// The kind of a statement. It decides which connection runs it, and if it may be sent again when that breaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
    /// A write that may be lost if the server crashes in the next moments.
    WriteUnflushed,
}

/// Places for shared connections. Statements use them in turn.
struct Slots {
    settings: Settings,
    all: Vec<Slot>,
    next: AtomicUsize,
}

/// A place for a shared connection, and a lock so that only one task opens it.
#[derive(Default)]
struct Slot {
    connection: Mutex<Option<Arc<Shared>>>,
    opening: tokio::sync::Mutex<()>,
}

struct Shared {
    client: Client,
    connection: AbortHandle,
    statements: Mutex<HashMap<&'static str, tokio_postgres::Statement>>,
}

/// The answer to a statement.
pub(in crate::base::db) struct Answer {
    pub(in crate::base::db) rows: Vec<Row>,
    pub(in crate::base::db) changed: u64,
}

impl Connections {
    /// Connects to nothing yet.
    pub(super) fn new(settings: &Settings) -> Result<Self, OpenError> {
        let manager = Manager::from_connect(
            settings.config().clone(),
            settings.clone(),
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = Pool::builder(manager)
            .max_size(POOLED)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: Some(ACQUIRE), create: Some(ACQUIRE), recycle: Some(ACQUIRE) })
            .build()
            .map_err(|error| OpenError::new(error.to_string()))?;
        let slots = |count| Slots::new(settings.clone(), count);
        let (reading, writing) = (slots(READING), slots(WRITING));
        let unflushed = Slots::new(settings.unflushed(), UNFLUSHED);
        Ok(Self { reading, writing, unflushed, pool })
    }

    /// Runs a single statement on a shared connection.
    pub(super) async fn run(&self, kind: Kind, sql: &'static str, values: &[Value]) -> Result<Answer> {
        let slots = match kind {
            Kind::Read => &self.reading,
            Kind::Write => &self.writing,
            Kind::WriteUnflushed => &self.unflushed,
        };
        let slot = slots.next();
        let deadline = Instant::now() + PATIENCE;
        let shared = slot.get(&slots.settings, deadline).await?;
        match within(deadline, shared.run(sql, values)).await {
            Err(Failure::Database(error)) if unusable(&shared.client, &error) => {
                slot.give_up(&shared);
                if kind != Kind::Read {
                    // The server may have run it before the connection broke, so it is not sent again.
                    return Err(error.into());
                }
                let shared = slot.get(&slots.settings, deadline).await?;
                Ok(within(deadline, shared.run(sql, values)).await?)
            }
            Err(Failure::Late) => {
                // Statements that were sent after this one would wait in vain too.
                slot.give_up(&shared);
                shared.connection.abort();
                self.distrust();
                Err(Error::timed_out())
            }
            result => Ok(result?),
        }
    }

    pub(super) async fn query(&self, kind: Kind, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        Ok(self.run(kind, sql, values).await?.rows)
    }

    pub(super) async fn execute(&self, kind: Kind, sql: &'static str, values: &[Value]) -> Result<u64> {
        Ok(self.run(kind, sql, values).await?.changed)
    }

    /// Sends the statement with each of `rows` before it waits for the first answer.
    pub(super) async fn execute_each(&self, sql: &'static str, rows: &[Vec<Value>]) -> Result<()> {
        let runs = rows.iter().map(|values| self.execute(Kind::Write, sql, values));
        futures_util::future::try_join_all(runs).await.map(drop)
    }

    /// Takes a connection for a transaction from the pool.
    pub(super) async fn take(&self, deadline: Instant) -> Result<Object> {
        Ok(timeout_at(deadline, self.pool.get()).await.map_err(|_| Error::timed_out())??)
    }

    /// Gives up all idle and shared connections. If one is dead, others may be dead too, and a client would have to
    /// wait for the time-out of each.
    pub(super) fn distrust(&self) {
        self.pool.retain(|_, _| false);
        for slot in [&self.reading, &self.writing, &self.unflushed].into_iter().flat_map(|slots| &slots.all) {
            if let Some(shared) = slot.current() {
                slot.give_up(&shared);
            }
        }
    }

    /// Closes the pool. Transactions that have begun go on.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}

impl Slots {
    fn new(settings: Settings, count: usize) -> Self {
        Self { settings, all: (0..count).map(|_| Slot::default()).collect(), next: AtomicUsize::new(0) }
    }

    fn next(&self) -> &Slot {
        &self.all[self.next.fetch_add(1, Ordering::Relaxed) % self.all.len()]
    }
}

impl Slot {
    fn current(&self) -> Option<Arc<Shared>> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.as_ref().filter(|shared| !shared.client.is_closed()).map(Arc::clone)
    }

    async fn get(&self, settings: &Settings, deadline: Instant) -> Result<Arc<Shared>> {
        if let Some(shared) = self.current() {
            return Ok(shared);
        }
        timeout_at(deadline.min(Instant::now() + ACQUIRE), async {
            let _opening = self.opening.lock().await;
            if let Some(shared) = self.current() {
                return Ok(shared);
            }
            let (client, connection) = settings.open().await?;
            let connection = connection.abort_handle();
            let shared = Arc::new(Shared { client, connection, statements: Mutex::default() });
            *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&shared));
            Ok(shared)
        })
        .await
        .unwrap_or_else(|_| Err(Error::timed_out()))
    }

    /// Lets the next statement open another connection, unless another one is there already.
    fn give_up(&self, used: &Arc<Shared>) {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.take_if(|current| Arc::ptr_eq(current, used));
    }
}

impl Shared {
    async fn run(&self, sql: &'static str, values: &[Value]) -> Result<Answer, tokio_postgres::Error> {
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        let statement = match known {
            Some(statement) => statement,
            None => {
                let statement = self.client.prepare(&numbered(sql)).await?;
                self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql, statement.clone());
                statement
            }
        };
        run(&self.client, &statement, values).await
    }
}

/// The reason that there is no answer.
pub(super) enum Failure {
    Late,
    Database(tokio_postgres::Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Late => Self::timed_out(),
            Failure::Database(error) => error.into(),
        }
    }
}

pub(super) async fn within<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Failure> {
    match timeout_at(deadline, work).await {
        Ok(result) => result.map_err(Failure::Database),
        Err(_) => Err(Failure::Late),
    }
}

pub(super) async fn run(
    client: &Client,
    statement: &tokio_postgres::Statement,
    values: &[Value],
) -> Result<Answer, tokio_postgres::Error> {
    let mut stream = std::pin::pin!(client.query_raw(statement, values).await?);
    let mut rows = Vec::new();
    while let Some(row) =
        std::future::poll_fn(|context| futures_util::Stream::poll_next(stream.as_mut(), context)).await
    {
        rows.push(row?);
    }
    Ok(Answer { rows, changed: stream.rows_affected().unwrap_or(0) })
}

/// Returns `true` if this connection cannot be used any more: it is closed, its server shuts down or has become
/// read-only, or the server no longer accepts the statements that were prepared on it.
pub(super) fn unusable(client: &Client, error: &tokio_postgres::Error) -> bool {
    let state = error.code();
    client.is_closed()
        || state.is_some_and(|state| {
            [
                SqlState::READ_ONLY_SQL_TRANSACTION,
                SqlState::ADMIN_SHUTDOWN,
                SqlState::CRASH_SHUTDOWN,
                SqlState::CANNOT_CONNECT_NOW,
                SqlState::FEATURE_NOT_SUPPORTED,
                SqlState::INVALID_SQL_STATEMENT_NAME,
            ]
            .contains(state)
                || state.code().starts_with("08")
        })
}

/// Translates placeholders: `?1` becomes `$1`. A statement has no other question marks. `/* skip locked */`, a comment
/// to SQLite with its one writer, keeps a statement from waiting for rows that others change, and so from a deadlock.
pub(in crate::base::db) fn numbered(sql: &str) -> String {
    sql.replace('?', "$").replace("/* skip locked */", "FOR UPDATE SKIP LOCKED")
}
