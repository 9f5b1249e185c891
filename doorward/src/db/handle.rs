//! One handle to the one database this program uses. Only this folder knows that there are two kinds.
//!
//! SQL is written once, with `?1` placeholders and in the words that SQLite and PostgreSQL share: a statement
//! says nothing about where it runs.
//!
//! ```text
//! let user: Option<User> = db.read("SELECT id, email FROM users WHERE email_key = ?1").bind(key).fetch_optional().await?;
//! let mut tx = db.begin().await?;
//! tx.write("UPDATE …").bind(…).execute().await?;
//! tx.commit().await?;
//! ```
//!
//! A statement that deletes rows which others may be changing chooses them in a subquery that ends in `/* skip locked */`.
//!
//! A write is acknowledged when it is durable: it survives a power cut from then on. What is allowed to be lost says so:
//! [`Db::write_unflushed`], [`Tx::write_apart`].
//!
//! What was read may be kept in memory, and be used for as long as [`Db::is_unchanged`] says so. For that, whoever
//! changes it says whose it is, by [`Tx::changes`].

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::db::{
    changes::Mark,
    error::{Error, Result},
    postgres::{self, Postgres},
    sqlite::{self, Sqlite},
    value::{FromRow, Row, Value},
};

/// The database. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// A transaction. Rolls back when dropped; [`Tx::commit`] keeps it.
pub(crate) struct Tx {
    on: On,
    after_commit: Mutex<Vec<Box<dyn FnOnce() + Send>>>,
}

/// Where a transaction runs.
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

    /// A statement that changes rows, in a transaction of its own, and is allowed to be lost in a crash or with a disk that
    /// fails at that moment. It does not wait for its own flush: PostgreSQL lets go at once of a row that many change, and
    /// SQLite commits it with its group. Only writes are sure to see it at once; a read may be too early.
    pub(crate) fn write_unflushed(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match self {
                Self::Sqlite(sqlite) => Target::UnflushedWriter(sqlite),
                Self::Postgres(postgres) => Target::Shared(postgres, postgres::Kind::WriteUnflushed),
            },
        )
    }

    /// A statement that is run once for each of several rows of values. On SQLite all of them are one transaction; on
    /// PostgreSQL they are sent together, each on its own.
    pub(crate) fn write_each(&self, sql: &'static str) -> Each<'_> {
        Each { sql, db: self }
    }

    /// Begins a transaction. On SQLite every other writer waits for its end: never hold one while doing
    /// anything else, and never call [`Db::write`] inside it.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let on = match self {
            Self::Sqlite(sqlite) => On::Sqlite(sqlite.begin().await?),
            Self::Postgres(postgres) => On::Postgres(Box::new(postgres.begin().await?)),
        };
        Ok(Tx { on, after_commit: Mutex::default() })
    }

    /// To be taken before a read whose result is to be kept, see [`Db::is_unchanged`].
    pub(crate) fn mark(&self) -> Mark {
        match self {
            Self::Sqlite(sqlite) => sqlite.mark(),
            Self::Postgres(postgres) => postgres.mark(),
        }
    }

    /// Whether what was read of `owner` after `mark` is still so: no change of it, see [`Tx::changes`], has been
    /// acknowledged to anybody. `false` also if that cannot be told, and then it is to be read again.
    pub(crate) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.is_unchanged(owner, mark),
            Self::Postgres(postgres) => postgres.is_unchanged(owner, mark),
        }
    }

    /// Waits for the writes that are under way.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.flush().await,
            Self::Postgres(postgres) => postgres.close().await,
        }
    }
}

impl Tx {
    /// A statement that changes rows within this transaction. Several that do not build on each other may be awaited
    /// together: PostgreSQL then gets them together, and answers all of them in the time of one.
    pub(crate) fn write(&self, sql: &'static str) -> Statement<'_> {
        Statement::new(
            sql,
            match &self.on {
                On::Sqlite(tx) => Target::SqliteTx(tx),
                On::Postgres(tx) => Target::PostgresTx(tx),
            },
        )
    }

    /// Changes rows together with this transaction, or right after it if that keeps others from waiting for the lock of a
    /// row that many change. It may be left out if something fails at that moment.
    pub(crate) async fn write_apart(&mut self, sql: &'static str, values: Vec<Value>) -> Result<()> {
        match &mut self.on {
            On::Sqlite(tx) => tx.run(|on| sqlite::execute(on, sql, &values)).await.map(drop),
            On::Postgres(tx) => {
                tx.afterwards(sql, values);
                Ok(())
            }
        }
    }

    /// Says that this transaction changes what somebody may remember of `owner`: it ends or changes rows that are read
    /// and kept, and does not only add some. [`Tx::commit`] then returns when nobody goes by the memory any more.
    pub(crate) fn changes(&mut self, owner: impl Into<i64>) {
        match &mut self.on {
            On::Sqlite(tx) => tx.changes(owner.into()),
            On::Postgres(tx) => tx.changes(owner.into()),
        }
    }

    /// A statement that changes rows of `users` or `sessions` that other nodes may remember. It also notes their `owner`,
    /// see [`Tx::changes`].
    #[expect(dead_code, reason = "the statements go over to it one by one")]
    pub(crate) fn change(&mut self, owner: impl Into<i64>, sql: &'static str) -> Statement<'_> {
        self.changes(owner);
        self.write(sql)
    }

    /// Lets [`Tx::commit`] wait for changes that others have committed and not yet been acknowledged, because what this
    /// transaction was to end was found to have ended.
    pub(crate) fn awaits_changes(&mut self) {
        match &mut self.on {
            // They are committed in turn.
            On::Sqlite(_) => {}
            On::Postgres(tx) => tx.awaits_changes(),
        }
    }

    /// Does something once the changes are known to be durable, and never if they are undone. It must not wait for
    /// anything.
    pub(crate) fn after_commit(&self, act: impl FnOnce() + Send + 'static) {
        self.after_commit.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(act));
    }

    /// Makes the changes durable. On an error they may or may not have been made.
    ///
    /// What has begun here goes on if nobody waits for it any more: a client that goes away must not keep others from
    /// hearing of a change that was made.
    pub(crate) async fn commit(self) -> Result<()> {
        let Self { on, after_commit } = self;
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
        committed.await.unwrap_or_else(|error| Err(Error::Unavailable(error.to_string())))
    }
}

/// A statement, its values, and where it will run.
#[must_use = "a statement does nothing until it is fetched or executed"]
pub(crate) struct Statement<'a> {
    sql: &'static str,
    values: Vec<Value>,
    target: Target<'a>,
}

enum Target<'a> {
    Reader(&'a Sqlite),
    Writer(&'a Sqlite),
    UnflushedWriter(&'a Sqlite),
    SqliteTx(&'a sqlite::Tx),
    Shared(&'a Postgres, postgres::Kind),
    PostgresTx(&'a postgres::Tx),
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

    /// Runs it where it belongs. Each database reads its own answer.
    async fn run<T: Send + 'static>(
        self,
        on_sqlite: impl FnOnce(&Connection, &str, &[Value]) -> Result<T> + Send + 'static,
        from_postgres: impl FnOnce(&postgres::Answer) -> Result<T>,
    ) -> Result<T> {
        let Self { sql, values, target } = self;
        match target {
            Target::Reader(sqlite) => sqlite.read(|on| on_sqlite(on, sql, &values)),
            Target::Writer(sqlite) => sqlite.write(move |on| on_sqlite(on, sql, &values)).await,
            Target::UnflushedWriter(sqlite) => {
                sqlite.write_unflushed(move |on| on_sqlite(on, sql, &values)).await
            }
            Target::SqliteTx(tx) => tx.run(|on| on_sqlite(on, sql, &values)).await,
            Target::Shared(postgres, kind) => from_postgres(&postgres.run(kind, sql, &values).await?),
            Target::PostgresTx(tx) => from_postgres(&tx.run(sql, &values).await?),
        }
    }
}

/// A statement that is run for each of several rows of values.
#[must_use = "a statement does nothing until it is executed"]
pub(crate) struct Each<'a> {
    sql: &'static str,
    db: &'a Db,
}

impl Each<'_> {
    /// Runs it for each of `rows`.
    pub(crate) async fn execute(self, rows: Vec<Vec<Value>>) -> Result<()> {
        let Self { sql, db } = self;
        match db {
            Db::Sqlite(sqlite) => {
                sqlite
                    .write(move |on| {
                        rows.iter().try_for_each(|values| sqlite::execute(on, sql, values).map(drop))
                    })
                    .await
            }
            Db::Postgres(postgres) => postgres.execute_each(sql, &rows).await,
        }
    }
}

fn from_postgres<T: FromRow>(row: &tokio_postgres::Row) -> Result<T> {
    T::from_row(Row::Postgres(row))
}
