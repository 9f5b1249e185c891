//! A SQLite database: its readers and its writer behind one handle.
//!
//! A look-up takes a few microseconds. To hand it to another thread would take longer, so it runs on the calling
//! thread. The write-ahead log lets readers go on while the [`writer`] commits.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::base::db::{
    changes::{Changes, Mark},
    error::Result,
    sqlite::{
        connection::Connection,
        file::Identity,
        names::Names,
        shared::{Shared, gone},
        tx::Tx,
        writer,
    },
    trouble::Trouble,
};

/// A SQLite database file.
pub(crate) struct Sqlite {
    readers: Box<[Mutex<Reader>]>,
    shared: Arc<Shared>,
    writer: writer::Handle,
    pub(in crate::base::db) trouble: Arc<Trouble>,
}

struct Reader {
    connection: Connection,
    generation: u64,
}

impl Sqlite {
    /// Starts to serve the file at `path`, which exists and has its schema.
    pub(super) fn start(path: &Path, names: Names) -> Result<Self> {
        let (connection, identity) = writer::open(path, &names)?;
        Self::around(path, names, connection, identity)
    }

    /// Starts to serve the file of a test: no commit waits for the disk.
    #[cfg(feature = "test-util")]
    pub(super) fn start_unflushed(path: &Path, names: Names) -> Result<Self> {
        let (connection, identity) = writer::open(path, &names)?;
        connection.execute_batch("PRAGMA synchronous = OFF")?;
        Self::around(path, names, connection, identity)
    }

    fn around(path: &Path, names: Names, connection: Connection, identity: Identity) -> Result<Self> {
        let shared = Arc::new(Shared::new(path, names));
        let threads = std::thread::available_parallelism().map_or(4, usize::from);
        let readers = (0..threads.clamp(2, 16))
            .map(|_| Ok(Mutex::new(Reader { connection: shared.reader()?, generation: 0 })))
            .collect::<Result<_>>()?;
        let writer = writer::start(connection, Arc::clone(&shared), identity);
        Ok(Self { readers, shared, writer, trouble: Arc::default() })
    }

    /// Runs `statement` on a free connection, on this thread.
    pub(crate) fn read<T>(&self, statement: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if self.shared.gone.load(Ordering::Acquire) {
            return Err(gone());
        }
        let mut reader = self.free_reader();
        let generation = self.shared.generation.load(Ordering::Acquire);
        if reader.generation != generation {
            *reader = Reader { connection: self.shared.reader()?, generation };
        }
        statement(&reader.connection)
    }

    fn free_reader(&self) -> MutexGuard<'_, Reader> {
        let home = home();
        for turn in 0..self.readers.len() {
            match self.readers[(home + turn) % self.readers.len()].try_lock() {
                Ok(reader) => return reader,
                Err(TryLockError::Poisoned(reader)) => return reader.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.readers[home % self.readers.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `statement` on the writer's thread and waits until it is durable.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.write(statement).await
    }

    /// Runs `statement` on the writer's thread and does not wait until it is durable.
    pub(crate) async fn write_unflushed<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.write_unflushed(statement).await
    }

    /// Takes a mark before a read whose result is to be remembered.
    pub(crate) fn mark(&self) -> Mark {
        if self.shared.watch.is_first_wanted() {
            self.writer.touch();
        }
        self.shared.watch.mark()
    }

    /// Returns `true` if the rows of `owner` that were read after `mark` still hold, and `false` if that is not known.
    pub(crate) fn is_unchanged(&self, owner: i64, mark: Mark) -> bool {
        !self.shared.gone.load(Ordering::Acquire) && self.shared.watch.is_unchanged(owner, mark)
    }

    /// Returns `true` if every change that was acknowledged to anybody is noted.
    pub(in crate::base::db) fn is_all_known(&self) -> bool {
        !self.shared.gone.load(Ordering::Acquire) && self.shared.watch.is_all_known()
    }

    /// The changes that are noted.
    pub(in crate::base::db) fn changes(&self) -> &Changes {
        self.shared.watch.changes()
    }

    pub(crate) async fn begin(&self) -> Result<Tx> {
        self.writer.begin().await
    }

    /// Returns `true` if the last commit succeeded.
    pub(in crate::base::db) fn has_committed(&self) -> bool {
        self.writer.works()
    }

    /// Returns a statement with the names that the tables have in this file.
    #[cfg(feature = "test-util")]
    pub(crate) fn written(&self, sql: &str) -> String {
        self.shared.names.written(sql).into_owned()
    }

    /// Waits until all writes that were sent so far are durable.
    pub(crate) async fn flush(&self) {
        let _ = self.writer.write(|_| Ok(())).await;
    }
}

/// Returns the number of this thread, so that each thread comes back to a connection whose cache it has warmed.
fn home() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static HOME: usize = NEXT.fetch_add(1, Ordering::Relaxed));
    HOME.with(|home| *home)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            connection::{execute, open_writer, optional},
            file,
        },
        *,
    };
    use crate::base::db::error::Error;

    fn started(schema: &str) -> (tempfile::TempDir, Sqlite) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        file::create(&path).unwrap();
        open_writer(&path).unwrap().execute_batch(schema).unwrap();
        let sqlite = Sqlite::start(&path, Names::default()).unwrap();
        (folder, sqlite)
    }

    #[tokio::test]
    async fn writes_that_share_a_commit_do_not_share_a_failure() {
        let (_folder, sqlite) = started("CREATE TABLE t (c INTEGER PRIMARY KEY)");
        let insert =
            |value: i64| sqlite.write(move |on| execute(on, "INSERT INTO t VALUES (?1)", &[value.into()]));
        // All are sent before the transaction ends.
        let given_up = sqlite.begin().await.unwrap();
        let (kept, taken) = tokio::join!(
            async {
                given_up.run(|on| execute(on, "INSERT INTO t VALUES (1)", &[])).await.unwrap();
                drop(given_up);
                insert(2).await
            },
            async { (insert(3).await, insert(3).await) },
        );
        assert!(matches!((kept, taken), (Ok(1), (Ok(1), Err(Error::Unique)))));
        let sum: Option<i64> = sqlite.read(|on| optional(on, "SELECT sum(c) FROM t", &[])).unwrap();
        assert_eq!(sum, Some(5));
    }

    #[tokio::test]
    async fn an_idle_transaction_is_rolled_back_and_others_go_on() {
        let (_folder, sqlite) = started("CREATE TABLE t (c INTEGER PRIMARY KEY)");
        let idle = sqlite.begin().await.unwrap();
        idle.run(|on| execute(on, "INSERT INTO t VALUES (1)", &[])).await.unwrap();
        // It waits for the idle transaction.
        sqlite.write(|on| execute(on, "INSERT INTO t VALUES (2)", &[])).await.unwrap();
        assert!(matches!(idle.commit().await, Err(Error::Unavailable(_))));
        let sum: Option<i64> = sqlite.read(|on| optional(on, "SELECT sum(c) FROM t", &[])).unwrap();
        assert_eq!(sum, Some(2));
    }

    #[tokio::test]
    async fn an_unflushed_write_does_not_wait_for_the_commit() {
        let (_folder, sqlite) = started("CREATE TABLE t (c INTEGER PRIMARY KEY)");
        let insert = "INSERT INTO t VALUES (?1)";
        let (answered, answer) = tokio::sync::oneshot::channel();
        // A commit has succeeded.
        sqlite.flush().await;
        // Both wait behind this one and share its commit.
        let first = sqlite.begin().await.unwrap();
        let unflushed = async {
            sqlite.write_unflushed(move |on| execute(on, insert, &[1.into()])).await.unwrap();
            answered.send(()).unwrap();
        };
        let waiting = async {
            let tx = sqlite.begin().await.unwrap();
            answer.await.unwrap();
            tx.run(|on| execute(on, insert, &[2.into()])).await.unwrap();
            tx.commit().await.unwrap();
        };
        tokio::join!(unflushed, waiting, async { drop(first) });
        let sum: Option<i64> = sqlite.read(|on| optional(on, "SELECT sum(c) FROM t", &[])).unwrap();
        assert_eq!(sum, Some(3));
        assert!(sqlite.write_unflushed(move |on| execute(on, insert, &[1.into()])).await.is_err());
    }

    #[tokio::test]
    async fn an_unflushed_write_waits_for_the_commit_while_commits_fail() {
        let schema = "CREATE TABLE t (c INTEGER PRIMARY KEY);
             CREATE TABLE late (c INTEGER REFERENCES t (c) DEFERRABLE INITIALLY DEFERRED)";
        let (_folder, sqlite) = started(schema);
        // The statement succeeds and the commit fails, as on a full disk.
        let lost = || sqlite.write_unflushed(|on| execute(on, "INSERT INTO late VALUES (7)", &[]));
        assert!(lost().await.is_err(), "no commit has succeeded yet");
        sqlite.flush().await;
        lost().await.unwrap();
        // These may share the group of the first.
        while lost().await.is_ok() {}
        for _ in 0..3 {
            assert!(lost().await.is_err());
        }
        sqlite.write_unflushed(|on| execute(on, "INSERT INTO t VALUES (7)", &[])).await.unwrap();
        let kept: Option<i64> = sqlite.read(|on| optional(on, "SELECT c FROM t", &[])).unwrap();
        assert_eq!(kept, Some(7));
        lost().await.unwrap();
    }
}
