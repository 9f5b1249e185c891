//! A transaction. The [`writer`](super::writer) lends its connection to it.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::coop::consume_budget};

use crate::base::db::{
    error::{Error, Result},
    sqlite::{
        answer::{Answer, over, wait},
        connection::Connection,
    },
};

/// How long the writer waits for the next statement of a transaction before it rolls it back.
const IDLE: Duration = Duration::from_secs(1);

/// The connection of the writer. Its lock is held for one statement at a time.
pub(super) struct Lent(Mutex<Loan>);

pub(super) struct Loan {
    pub(super) connection: Connection,
    /// The number of the transaction that may use it. Each has another number.
    to: u64,
    /// When it was last used.
    used_at: Instant,
}

/// A caller that waits for the connection, and until when.
pub(super) struct Turn {
    pub(super) tx: oneshot::Sender<Result<Tx>>,
    pub(super) deadline: tokio::time::Instant,
}

/// A transaction within the transaction of its group. Rolled back when dropped before [`Tx::commit`].
pub(crate) struct Tx {
    lent: Arc<Lent>,
    number: u64,
    /// All its statements share the time of one request.
    deadline: tokio::time::Instant,
    changed: Vec<i64>,
    end: Sender<Ended>,
}

/// A transaction that is done and waits for the commit.
pub(super) struct Ended {
    pub(super) answer: Answer,
    /// The owners of the rows that it changed and that others may remember.
    pub(super) changed: Vec<i64>,
}

impl Lent {
    pub(super) fn new(connection: Connection) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Loan { connection, to: 0, used_at: Instant::now() })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Loan> {
        // A statement that panicked is undone with its transaction.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lends the connection to one transaction until it is done. Returns `None` if the transaction was rolled back,
    /// because it was dropped, failed, or kept the writer waiting too long.
    pub(super) fn lend(self: &Arc<Self>, turn: Turn) -> Option<Ended> {
        let (end, ending) = mpsc::channel();
        let mut loan = self.lock();
        if let Err(error) = loan.connection.execute_batch("SAVEPOINT tx") {
            // Nobody receives this if the request was dropped meanwhile.
            let _ = turn.tx.send(Err(error.into()));
            return None;
        }
        loan.to += 1;
        loan.used_at = Instant::now();
        let number = loan.to;
        drop(loan);
        let tx = Tx { lent: Arc::clone(self), number, deadline: turn.deadline, changed: Vec::new(), end };
        // If the request was dropped, this drops the transaction, and so ends it.
        let _ = turn.tx.send(Ok(tx));
        let ended = loop {
            let left = IDLE.saturating_sub(self.lock().used_at.elapsed());
            match ending.recv_timeout(left) {
                Ok(ended) => break Some(ended),
                Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
                Err(_) => break None,
            }
        };
        let mut loan = self.lock();
        // The transaction may still exist. This takes the connection from it.
        loan.to += 1;
        if ended.is_some() && loan.connection.execute_batch("RELEASE tx").is_ok() {
            return ended;
        }
        // This fails only if there is nothing to undo.
        let _ = loan.connection.execute_batch("ROLLBACK TO tx; RELEASE tx");
        None
    }
}

impl Tx {
    /// Runs `statement` on this thread.
    pub(in crate::base::db) async fn run<T>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        // Many statements in a row let other tasks run in between.
        consume_budget().await;
        if tokio::time::Instant::now() >= self.deadline {
            return Err(Error::timed_out());
        }
        let mut loan = self.lent.lock();
        // A full disk ends the transaction of the whole group.
        if loan.to != self.number || loan.connection.is_autocommit() {
            return Err(over());
        }
        let result = statement(&loan.connection);
        loan.used_at = Instant::now();
        result
    }

    pub(in crate::base::db) fn note_change(&mut self, owner: i64) {
        self.changed.push(owner);
    }

    /// Begins to commit at once. The future only waits for the answer.
    pub(in crate::base::db) fn commit(self) -> impl Future<Output = Result<()>> + Send + 'static {
        let (reply, answer) = oneshot::channel();
        // Nobody receives the answer if the request was dropped meanwhile.
        let answer_it: Answer = Box::new(move |committed| drop(reply.send(committed)));
        let sent = self.end.send(Ended { answer: answer_it, changed: self.changed });
        let deadline = self.deadline;
        async move {
            sent.map_err(|_| over())?;
            wait(answer, deadline).await
        }
    }
}
