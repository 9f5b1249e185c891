//! Hashing of passwords on threads of its own: bounded in number, in memory and in what may wait.
//!
//! Each thread keeps one block of memory for all its work, and on Linux yields to the threads that answer
//! requests. Nothing is hashed on an async worker, and nobody holds a connection to the database meanwhile.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

use doorward_password::{PasswordContext, Worker};
use tokio::sync::oneshot;

use crate::{
    config::PasswordConfig,
    db::OpenError,
    error::{Error, Result},
    password::Password,
};

/// The threads that hash. They end when this is dropped.
pub(crate) struct Hashing {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    work: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

type Job = Box<dyn FnOnce(&mut Worker) + Send>;

impl Hashing {
    pub(crate) fn start(config: &PasswordConfig) -> Result<Self, OpenError> {
        let context = PasswordContext::builder()
            .argon2id(config.memory_kib, config.iterations, 1)
            .build()
            .map_err(|error| OpenError::new(format!("bad configuration: password: {error}")))?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = if config.hashing_threads == 0 { cores } else { config.hashing_threads };
        let queue =
            Arc::new(Queue { state: Mutex::default(), work: Condvar::new(), limit: config.hashing_queue });
        for _ in 0..threads {
            let (queue, worker) = (Arc::clone(&queue), context.worker());
            thread::Builder::new()
                .name("doorward-hash".into())
                .spawn(move || {
                    yield_to_others();
                    queue.serve(worker);
                })
                .map_err(|error| OpenError::new(format!("cannot start a hashing thread: {error}")))?;
        }
        Ok(Self { queue })
    }

    /// The hash to store for `password`.
    pub(crate) async fn hash(&self, password: Password) -> Result<String> {
        self.run(move |worker| worker.hash(password.expose())).await?.map_err(|error| {
            tracing::error!(cause = %error, "a password could not be hashed");
            Error::Internal
        })
    }

    /// Whether `password` is the one that `stored` was made from. Costs the same when there is nothing stored.
    pub(crate) async fn verify(&self, password: Password, stored: Option<String>) -> Result<bool> {
        let matches = self.run(move |worker| match stored {
            Some(stored) => worker.verify(password.expose(), &stored).map_or_else(
                |error| {
                    tracing::error!(cause = %error, "a stored password hash could not be verified");
                    // It was refused at once, and the time must not tell.
                    worker.verify_dummy(password.expose());
                    false
                },
                |verdict| verdict.matches,
            ),
            None => {
                worker.verify_dummy(password.expose());
                false
            }
        });
        matches.await
    }

    /// Does something that takes long on one of the threads, when it is its turn.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Worker) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Box::new(move |worker| {
            // Whoever went away meanwhile costs nothing.
            if !reply.is_closed() {
                drop(reply.send(job(worker)));
            }
        }))?;
        answer.await.map_err(|_| Error::Internal)
    }
}

impl Drop for Hashing {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.work.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job) -> Result<()> {
        let mut state = self.lock();
        if state.jobs.len() >= self.limit {
            tracing::warn!(waiting = state.jobs.len(), "the hashing queue is full");
            return Err(Error::Unavailable);
        }
        state.jobs.push_back(job);
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    fn pop(&self) -> Option<Job> {
        let mut state = self
            .work
            .wait_while(self.lock(), |state| state.jobs.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.jobs.pop_front()
    }

    fn serve(&self, mut worker: Worker) {
        while let Some(job) = self.pop() {
            // A panic ends one request with 500 and not the thread.
            if catch_unwind(AssertUnwindSafe(|| job(&mut worker))).is_err() {
                tracing::error!("hashing a password panicked");
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn yield_to_others() {
    /// Weighs about a quarter of a thread of default priority.
    const NICE: i32 = 6;
    let nice = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE);
    if let Err(error) = nice {
        tracing::debug!(cause = %error, "hashing threads keep the default priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}
