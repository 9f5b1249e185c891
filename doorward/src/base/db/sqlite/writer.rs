//! The one thread that writes, and its group commit.
//!
//! The thread takes all jobs that are waiting, runs them in one transaction and commits once. So all callers of the
//! group share one flush to the disk. No caller gets its answer before that commit; if the commit fails, each of them
//! gets an error. There is one exception: a caller that needs no flush gets its answer as soon as its statement has
//! run, unless the last commit failed.
//!
//! A single statement is atomic by itself. A [`Tx`] gets a savepoint, so that it can be rolled back alone. The thread
//! lends it the connection, and its statements run on the thread of the request: to hand over each of them would take
//! longer than to run it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::base::db::{
    error::{Error, PATIENCE, Result},
    sqlite::{
        answer::{Answer, over, wait},
        connection::{Connection, open_writer},
        file::Identity,
        migrate,
        names::Names,
        shared::{Shared, gone},
        tx::{Lent, Turn, Tx},
        watch::Noting,
    },
};

/// The most jobs that share a commit.
const GROUP: usize = 1024;
/// How long a group takes in more jobs.
const GROUP_TIME: Duration = Duration::from_millis(20);
/// How long one try waits for the lock that another process holds.
const RETRY: Duration = Duration::from_millis(20);
/// How long a caller waits for its answer. Its turn comes within [`PATIENCE`] or never, and a commit takes only a
/// little longer.
const ANSWER: Duration = PATIENCE.saturating_add(Duration::from_millis(300));
/// How often the thread checks the file when there is nothing to write.
const LOOK: Duration = Duration::from_millis(500);

/// Work for the writer.
enum Work {
    /// A statement. It gets the connection, or the reason why its turn never came.
    Run(Statement),
    /// A transaction. It gets the connection, or the reason why its turn never came.
    Lend(Turn),
}

type Statement = Box<dyn FnOnce(Result<&Connection>) -> Option<Answer> + Send>;

struct Job {
    work: Work,
    deadline: Instant,
}

/// Sends jobs to the thread. The thread ends when this is dropped.
pub(super) struct Handle {
    jobs: Sender<Job>,
    /// The last commit succeeded.
    works: Arc<AtomicBool>,
}

/// Opens the file for the writer, and returns its identity.
pub(super) fn open(path: &Path, names: &Names) -> Result<(Connection, Identity)> {
    let identify = || Identity::read(path).map_err(|error| Error::Unavailable(error.to_string()));
    let before = identify()?;
    let connection = open_writer(path)?;
    connection.busy_timeout(RETRY)?;
    // Opening the database has created its log, which is part of the identity.
    let identity = identify()?;
    if identity.is_same_database(&before) {
        Ok((Connection::new(connection, names.clone()), identity))
    } else {
        Err(gone())
    }
}

pub(super) fn start(connection: Connection, shared: Arc<Shared>, identity: Identity) -> Handle {
    let (sender, jobs) = mpsc::channel();
    let noting = Noting::start(shared.watch.clone(), &shared.path, &connection);
    let works = Arc::new(AtomicBool::new(false));
    let writer =
        Writer { lent: Lent::new(connection), noting, shared, identity, jobs, works: Arc::clone(&works) };
    thread::Builder::new()
        .name("doorward-writer".into())
        .spawn(move || writer.run())
        .expect("the system starts one thread");
    Handle { jobs: sender, works }
}

impl Handle {
    /// Runs `statement` and waits until it is durable.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.answered(statement, None).await
    }

    /// Runs `statement` and does not wait for the commit, unless the last commit failed. On a full disk a statement
    /// still succeeds, and the caller would rely on a write that is lost. If a caller waits for this and then writes
    /// more, that becomes durable with the same commit or with a later one.
    pub(super) async fn write_unflushed<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.answered(statement, Some(Arc::clone(&self.works))).await
    }

    /// Runs `statement` and waits for the commit, but not if the last commit worked and `works` was given.
    async fn answered<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
        works: Option<Arc<AtomicBool>>,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.run(move |on| {
            let done = on.and_then(statement);
            // Nobody receives this if the request was dropped meanwhile.
            if works.is_some_and(|works| works.load(Ordering::Relaxed)) {
                let _ = reply.send(done);
                return None;
            }
            Some(Box::new(move |committed| drop(reply.send(committed.and(done)))))
        })?;
        wait(answer, deadline()).await
    }

    /// Returns `true` if the last commit succeeded.
    pub(super) fn works(&self) -> bool {
        self.works.load(Ordering::Relaxed)
    }

    /// Commits a write that changes nothing, so that the watch sees a commit. Does not wait for it.
    pub(super) fn touch(&self) {
        let touch = |on: &Connection| -> Result<()> {
            let version: i64 = on.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            Ok(on.pragma_update(None, "user_version", version)?)
        };
        // If this fails, the next write does the same.
        let _ = self.run(move |on| {
            let _ = on.and_then(touch);
            None
        });
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        let (tx, lent) = oneshot::channel();
        let deadline = deadline();
        self.send(Work::Lend(Turn { tx, deadline }))?;
        wait(lent, deadline).await
    }

    fn run(
        &self,
        statement: impl FnOnce(Result<&Connection>) -> Option<Answer> + Send + 'static,
    ) -> Result<()> {
        self.send(Work::Run(Box::new(statement)))
    }

    fn send(&self, work: Work) -> Result<()> {
        self.jobs.send(Job { work, deadline: Instant::now() + PATIENCE }).map_err(|_| over())
    }
}

/// Returns the time until which a caller that starts now waits.
fn deadline() -> tokio::time::Instant {
    tokio::time::Instant::now() + ANSWER
}

struct Writer {
    lent: Arc<Lent>,
    noting: Noting,
    shared: Arc<Shared>,
    identity: Identity,
    jobs: Receiver<Job>,
    works: Arc<AtomicBool>,
}

impl Writer {
    fn run(mut self) {
        loop {
            match self.jobs.recv_timeout(LOOK) {
                Ok(job) => {
                    let mut queue = vec![job];
                    while !queue.is_empty() {
                        queue = self.commit(queue);
                    }
                }
                Err(RecvTimeoutError::Timeout) => drop(self.check_file()),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Runs the jobs of `queue` and those that arrive meanwhile, and commits once. Returns the jobs that had no place.
    fn commit(&mut self, mut queue: Vec<Job>) -> Vec<Job> {
        if let Err(error) = self.check_file().and_then(|()| self.begin(&mut queue)) {
            queue.drain(..).for_each(|job| refuse(job, &error));
            return queue;
        }
        let begun = Instant::now();
        let mut answers = Vec::with_capacity(queue.len());
        let mut changed = Vec::new();
        let mut waiting = queue.into_iter();
        let mut done = 0;
        while let Some(job) = waiting.next().or_else(|| self.jobs.try_recv().ok()) {
            match job.work {
                Work::Run(statement) => answers.extend(statement(Ok(&self.lent.lock().connection))),
                Work::Lend(turn) => {
                    if let Some(ended) = self.lent.lend(turn) {
                        answers.push(ended.answer);
                        changed.extend(ended.changed);
                    }
                }
            }
            done += 1;
            if self.lent.lock().connection.is_autocommit() || done == GROUP || begun.elapsed() > GROUP_TIME {
                break;
            }
        }
        let connection = &self.lent.lock().connection;
        let committed = if connection.is_autocommit() {
            // SQLite has rolled everything back by itself, as it does on a full disk.
            Err(Error::Unavailable("SQLite rolled the transaction back".into()))
        } else {
            // If the file was moved away meanwhile, the commit went with it.
            connection.execute_batch("COMMIT").map_err(Error::from).and_then(|()| self.is_in_place())
        };
        if committed.is_err() && !connection.is_autocommit() {
            // This fails only if there is nothing to undo.
            let _ = connection.execute_batch("ROLLBACK");
        }
        self.works.store(committed.is_ok(), Ordering::Relaxed);
        self.noting.ended(connection, committed.is_ok(), &changed);
        for answer in answers {
            answer(committed.clone());
        }
        waiting.collect()
    }

    /// Takes the write lock of the database. While another process holds it, refuses the jobs whose time is over.
    fn begin(&mut self, queue: &mut Vec<Job>) -> Result<()> {
        loop {
            let begun = self.lent.lock().connection.execute_batch("BEGIN IMMEDIATE");
            match begun {
                Ok(()) => {
                    self.noting.begun();
                    return Ok(());
                }
                Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                    let error = Error::from(error);
                    queue.extend(self.jobs.try_iter());
                    let now = Instant::now();
                    for late in queue.extract_if(.., |job| job.deadline <= now) {
                        refuse(late, &error);
                    }
                    if queue.is_empty() {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Fails if the file is no longer at its path: a write to it would be lost. If another database has taken its
    /// place, changes to that one, provided that it has the same schema and its own log.
    fn check_file(&mut self) -> Result<()> {
        if self.is_in_place().is_err() {
            self.shared.gone.store(true, Ordering::Release);
            self.change_over()?;
        }
        self.shared.gone.store(false, Ordering::Release);
        Ok(())
    }

    fn is_in_place(&self) -> Result<()> {
        match Identity::read(&self.shared.path) {
            Ok(identity) if identity == self.identity => Ok(()),
            _ => Err(gone()),
        }
    }

    fn change_over(&mut self) -> Result<()> {
        let found = Identity::read(&self.shared.path).map_err(|_| gone())?;
        if found.is_same_database(&self.identity) || found.shares_log(&self.identity) {
            // Used together, they would damage the database.
            return Err(Error::Unavailable(
                "the database file and its log belong to different databases".into(),
            ));
        }
        let (connection, identity) = open(&self.shared.path, &self.shared.names)?;
        migrate::check(&connection, &self.shared.names)?;
        self.noting = Noting::start(self.shared.watch.clone(), &self.shared.path, &connection);
        self.lent.lock().connection = connection;
        self.identity = identity;
        self.shared.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }
}

fn refuse(job: Job, error: &Error) {
    match job.work {
        Work::Run(statement) => {
            if let Some(answer) = statement(Err(error.clone())) {
                answer(Ok(()));
            }
        }
        // Nobody receives this if the request was dropped meanwhile.
        Work::Lend(turn) => drop(turn.tx.send(Err(error.clone()))),
    }
}
