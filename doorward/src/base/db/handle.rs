//! The handle to the database, and the statements that run on it.
//!
//! A statement has the placeholders `?1`, `?2`, … and uses only words that SQLite and PostgreSQL share.
//!
//! ```text
//! let user: Option<User> = db.read("SELECT id, email FROM users WHERE email_key = ?1").bind(key).fetch_optional().await?;
//! let mut tx = db.begin().await?;
//! tx.write("UPDATE …").bind(…).execute().await?;
//! tx.commit().await?;
//! ```
//!
//! A statement may delete rows that others change at the same time. Then it selects them in a subquery that ends in `/*
//! skip locked */`.
//!
//! A write is acknowledged when it is durable, and from then on survives a power cut. Three methods allow a write to be
//! lost: [`Db::write_unflushed`], [`Db::write_shared`] and [`Tx::write_apart`].
//!
//! Rows may be remembered, and used as long as [`Db::is_unchanged`] returns `true`. So each transaction that changes
//! such rows names their owner: [`Tx::change`], [`Tx::note_change`].

use std::sync::{Arc, Mutex, PoisonError};

use crate::base::db::{
    changes::{Changes, Mark},
    column,
    error::{Error, Result},
    postgres::{self, Postgres},
    sqlite::{self, Sqlite},
    trouble::Trouble,
    value::{FromRow, Row, Value},
};

/// The database. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// A transaction. It is rolled back when it is dropped without [`Tx::commit`].
pub(crate) struct Tx {
    on: On,
    after_commit: Mutex<Vec<Box<dyn FnOnce() + Send>>>,
    trouble: Arc<Trouble>,
}

/// The database on which a transaction runs.
enum On {
    Sqlite(sqlite::Tx),
    Postgres(Box<postgres::Tx>),
}

impl Db {
    /// A statement that only reads.
    pub(crate) fn read(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match self {
                Self::Sqlite(sqlite) => Target::Reader(sqlite),
                Self::Postgres(postgres) => Target::Shared(postgres, postgres::Kind::Read),
            },
        )
    }

    /// A statement that changes rows, in a transaction of its own.
    pub(crate) fn write(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match self {
                Self::Sqlite(sqlite) => Target::Writer(sqlite),
                Self::Postgres(postgres) => Target::Shared(postgres, postgres::Kind::Write),
            },
        )
    }

    /// A statement that changes rows, in a transaction of its own. It may be lost in a crash, or if the disk fails at
    /// that moment. It does not wait for its own flush: PostgreSQL releases at once a row that many change, and SQLite
    /// commits it with its group. Only later writes surely see the change at once; a read may be too early.
    pub(crate) fn write_unflushed(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match self {
                Self::Sqlite(sqlite) => Target::UnflushedWriter(sqlite),
                Self::Postgres(postgres) => Target::Shared(postgres, postgres::Kind::WriteUnflushed),
            },
        )
    }

    /// A statement that changes a row that many change, in a transaction of its own. PostgreSQL does not flush it, so
    /// that it releases the row at once; it may then be lost in a crash. On SQLite it is like [`Db::write`].
    pub(crate) fn write_shared(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match self {
                Self::Sqlite(sqlite) => Target::Writer(sqlite),
                Self::Postgres(postgres) => Target::Shared(postgres, postgres::Kind::WriteUnflushed),
            },
        )
    }

    /// A statement that runs once for each of several rows of values. On SQLite all runs are one transaction. On
    /// PostgreSQL they are sent together, each in its own transaction.
    pub(crate) fn write_each(&self, sql: &'static str) -> Each<'_> {
        Each { sql, db: self }
    }

    /// Begins a transaction. On SQLite every other writer waits for its end. So do nothing else meanwhile, and never
    /// call [`Db::write`] inside it.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let on = match self {
            Self::Sqlite(sqlite) => sqlite.begin().await.map(On::Sqlite),
            Self::Postgres(postgres) => postgres.begin().await.map(|tx| On::Postgres(Box::new(tx))),
        };
        let trouble = Arc::clone(self.trouble());
        trouble.note(&on, false);
        Ok(Tx { on: on?, after_commit: Mutex::default(), trouble })
    }

    fn trouble(&self) -> &Arc<Trouble> {
        match self {
            Self::Sqlite(sqlite) => &sqlite.trouble,
            Self::Postgres(postgres) => &postgres.trouble,
        }
    }

    /// Asks the database whether it answers. Returns `false` if a write may fail: the last one did, there was none yet,
    /// or the server of PostgreSQL says that it has become read-only. It writes nothing.
    pub(crate) async fn seems_writable(&self) -> Result<bool> {
        let seems = match self {
            Self::Sqlite(sqlite) => {
                sqlite.read(|on| sqlite::optional::<i64>(on, "SELECT 1", &[]))?;
                sqlite.has_committed()
            }
            Self::Postgres(postgres) => !postgres.is_read_only().await?,
        };
        Ok(seems && !self.trouble().is_there())
    }

    /// Returns the time on the clock of the database server, in unix seconds. `None` for a file: it has no clock of its
    /// own.
    pub(crate) async fn time(&self) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(postgres) => postgres.time().await,
        }
    }

    /// Takes a mark before a read whose result is to be remembered, see [`Db::is_unchanged`].
    pub(crate) fn mark(&self) -> Mark {
        match self {
            Self::Sqlite(sqlite) => sqlite.mark(),
            Self::Postgres(postgres) => postgres.mark(),
        }
    }

    /// Returns `true` if the rows of `owner` that were read after `mark` still hold: no change of them, see
    /// [`Tx::note_change`], has been acknowledged to anybody. Returns `false` if that is not known; then read them
    /// again.
    pub(crate) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.is_unchanged(owner, mark),
            Self::Postgres(postgres) => postgres.is_unchanged(owner, mark),
        }
    }

    /// Returns `true` if every change that was acknowledged to anybody is noted. Then the answer of [`Db::none_noted`]
    /// is certain. For many owners, this and [`Db::none_noted`] are cheaper than [`Db::is_unchanged`] for each.
    pub(crate) fn is_all_known(&self) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.is_all_known(),
            Self::Postgres(postgres) => postgres.is_all_known(),
        }
    }

    /// Returns `true` if no change of the rows of `owner` was noted since `mark`.
    pub(crate) fn none_noted(&self, owner: i64, mark: Mark) -> bool {
        self.changes().none_since(owner, mark)
    }

    /// Waits until a change was noted since the last call. One task at a time may wait. On SQLite a change of another
    /// process is noted only when somebody asks [`Db::is_all_known`] or [`Db::is_unchanged`].
    pub(crate) async fn news(&self) {
        self.changes().news().await;
    }

    fn changes(&self) -> &Changes {
        match self {
            Self::Sqlite(sqlite) => sqlite.changes(),
            Self::Postgres(postgres) => postgres.changes(),
        }
    }

    /// Returns a statement as the database gets it.
    #[cfg(feature = "test-util")]
    pub(crate) fn written(&self, sql: &str) -> String {
        match self {
            Self::Sqlite(sqlite) => sqlite.written(sql),
            Self::Postgres(_) => postgres::numbered(sql),
        }
    }

    /// Waits for the writes that have begun.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.flush().await,
            Self::Postgres(postgres) => postgres.close().await,
        }
    }
}

impl Tx {
    /// A statement that changes rows in this transaction. Statements that do not depend on each other may be awaited
    /// together: PostgreSQL then gets all of them at once, and answers in the time of one.
    pub(crate) fn write(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match &self.on {
                On::Sqlite(tx) => Target::SqliteTx(tx, &self.trouble),
                On::Postgres(tx) => Target::PostgresTx(tx, &self.trouble),
            },
        )
    }

    /// Changes a row that many change. On PostgreSQL this runs right after the transaction, so that others do not wait
    /// for the lock of the row; if something fails at that moment, the change is lost. On SQLite it is part of the
    /// transaction.
    pub(crate) async fn write_apart(&mut self, sql: &'static str, values: Vec<Value>) -> Result<()> {
        match &mut self.on {
            On::Sqlite(tx) => tx.run(|on| sqlite::execute(on, sql, &values)).await.map(drop),
            On::Postgres(tx) => {
                tx.afterwards(sql, values);
                Ok(())
            }
        }
    }

    /// Notes that this transaction changes or deletes rows of `owner` that others may remember. Rows that it only adds
    /// do not count. [`Tx::commit`] then returns when nobody uses the remembered rows any more. Prefer [`Tx::change`];
    /// this one is for owners that are known only from the rows that a statement returns.
    pub(crate) fn note_change(&mut self, owner: impl Into<i64>) {
        match &mut self.on {
            On::Sqlite(tx) => tx.note_change(owner.into()),
            On::Postgres(tx) => tx.note_change(owner.into()),
        }
    }

    /// A statement that changes rows of `users` or `sessions` that other nodes may remember. It also notes their
    /// `owner`, see [`Tx::note_change`].
    pub(crate) fn change(&mut self, owner: impl Into<i64>, sql: &'static str) -> Statement<'_> {
        self.note_change(owner);
        self.write(sql)
    }

    /// Lets [`Tx::commit`] also wait for changes of others that are committed but not yet acknowledged. Call it if this
    /// transaction was to end something that another one has already ended.
    pub(crate) fn await_others(&mut self) {
        match &mut self.on {
            // The writer commits and acknowledges in turn.
            On::Sqlite(_) => {}
            On::Postgres(tx) => tx.await_others(),
        }
    }

    /// Calls `act` once the changes are durable, and never if they are rolled back. `act` must not wait for anything.
    pub(crate) fn after_commit(&self, act: impl FnOnce() + Send + 'static) {
        self.after_commit.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(act));
    }

    /// Makes the changes durable. After an error, they may or may not have been made.
    ///
    /// The commit goes on even if the future is dropped. A client that goes away must not keep other nodes from hearing
    /// of a change.
    pub(crate) async fn commit(self) -> Result<()> {
        let Self { on, after_commit, trouble } = self;
        let after_commit = after_commit.into_inner().unwrap_or_else(PoisonError::into_inner);
        let act = || after_commit.into_iter().for_each(|act| act());
        let committed = match on {
            On::Sqlite(tx) => {
                let committed = tx.commit();
                tokio::spawn(async move {
                    committed.await?;
                    act();
                    Ok(())
                })
            }
            On::Postgres(tx) => tokio::spawn(async move {
                let committed = tx.commit().await?;
                act();
                committed.settle().await
            }),
        };
        let committed = committed.await.unwrap_or_else(|error| Err(Error::Unavailable(error.to_string())));
        trouble.note(&committed, true);
        committed
    }
}

/// A statement, its values, and the place where it will run.
#[must_use = "a statement does nothing until it is fetched or executed"]
pub(crate) struct Statement<'a> {
    sql: &'static str,
    values: Vec<Value>,
    target: Target<'a>,
}

#[derive(Clone, Copy)]
enum Target<'a> {
    Reader(&'a Sqlite),
    Writer(&'a Sqlite),
    UnflushedWriter(&'a Sqlite),
    SqliteTx(&'a sqlite::Tx, &'a Trouble),
    Shared(&'a Postgres, postgres::Kind),
    PostgresTx(&'a postgres::Tx, &'a Trouble),
}

impl Target<'_> {
    /// Notes the outcome of a write.
    fn note<T>(self, outcome: &Result<T>) {
        use postgres::Kind;
        match self {
            Self::Reader(_) | Self::Shared(_, Kind::Read) => {}
            Self::Writer(sqlite) => sqlite.trouble.note(outcome, true),
            Self::UnflushedWriter(sqlite) => sqlite.trouble.note(outcome, false),
            Self::Shared(postgres, kind) => postgres.trouble.note(outcome, kind == Kind::Write),
            Self::SqliteTx(_, trouble) | Self::PostgresTx(_, trouble) => trouble.note(outcome, false),
        }
    }
}

impl<'a> Statement<'a> {
    fn new(sql: &'static str, target: Target<'a>) -> Self {
        Self { sql, values: Vec::with_capacity(4), target }
    }

    /// Binds the next placeholder.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Returns the first row, if there is one.
    pub(crate) async fn fetch_optional<T: FromRow>(self) -> Result<Option<T>> {
        self.run(sqlite::optional, |answer| answer.rows.first().map(from_postgres).transpose()).await
    }

    /// Returns every row.
    pub(crate) async fn fetch_all<T: FromRow>(self) -> Result<Vec<T>> {
        self.run(sqlite::all, |answer| answer.rows.iter().map(from_postgres).collect()).await
    }

    /// Returns the number of rows that were changed.
    pub(crate) async fn execute(self) -> Result<u64> {
        self.run(sqlite::execute, |answer| Ok(answer.changed)).await
    }

    /// Runs the statement at its target. Each database has its own way to read the answer.
    async fn run<T: Send + 'static>(
        self,
        on_sqlite: impl FnOnce(&sqlite::Connection, &str, &[Value]) -> Result<T> + Send + 'static,
        from_postgres: impl FnOnce(&postgres::Answer) -> Result<T>,
    ) -> Result<T> {
        let Self { sql, values, target } = self;
        let outcome = match target {
            Target::Reader(sqlite) => sqlite.read(|on| on_sqlite(on, sql, &values)),
            Target::Writer(sqlite) => sqlite.write(move |on| on_sqlite(on, sql, &values)).await,
            Target::UnflushedWriter(sqlite) => {
                sqlite.write_unflushed(move |on| on_sqlite(on, sql, &values)).await
            }
            Target::SqliteTx(tx, _) => tx.run(|on| on_sqlite(on, sql, &values)).await,
            Target::Shared(postgres, kind) => {
                postgres.run(kind, sql, &values).await.and_then(|answer| from_postgres(&answer))
            }
            Target::PostgresTx(tx, _) => tx.run(sql, &values).await.and_then(|answer| from_postgres(&answer)),
        };
        target.note(&outcome);
        outcome
    }
}

/// A statement that runs once for each of several rows of values.
#[must_use = "a statement does nothing until it is executed"]
pub(crate) struct Each<'a> {
    sql: &'static str,
    db: &'a Db,
}

impl Each<'_> {
    /// Runs the statement for each of `rows`.
    pub(crate) async fn execute(self, rows: Vec<Vec<Value>>) -> Result<()> {
        let Self { sql, db } = self;
        let outcome = match db {
            Db::Sqlite(sqlite) => {
                sqlite
                    .write(move |on| {
                        rows.iter().try_for_each(|values| sqlite::execute(on, sql, values).map(drop))
                    })
                    .await
            }
            Db::Postgres(postgres) => postgres.execute_each(sql, &rows).await,
        };
        db.trouble().note(&outcome, true);
        outcome
    }
}

fn from_postgres<T: FromRow>(row: &column::postgres::Row) -> Result<T> {
    T::from_row(Row::Postgres(row))
}
