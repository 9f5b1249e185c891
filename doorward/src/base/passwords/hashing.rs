//! Hashing of passwords on threads of its own: bounded in number, in memory and in what may wait.
//!
//! Each thread keeps one block of memory for all its work, and on Linux yields to the threads that answer
//! requests. Nothing is hashed on an async worker, and nobody holds a connection to the database meanwhile.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use doorward_password::{Identified, PasswordContext, Worker};
use tokio::sync::oneshot;

use crate::{
    base::{
        error::{Error, Result},
        open_error::OpenError,
        passwords::{pace::Pace, password::Password},
    },
    config::PasswordConfig,
};

/// The threads that hash. They end when this is dropped.
pub(crate) struct Hashing {
    context: PasswordContext,
    threads: usize,
    queue: Arc<Queue>,
    pace: Pace,
    /// What our own hashes say about themselves.
    present: String,
}

/// What came of comparing a password with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Compared {
    pub(crate) verdict: Verdict,
    /// How long somebody who is refused has to wait still, so that it takes as long for everyone.
    pub(crate) rest: Duration,
}

/// Whether a password is the one that a stored hash was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and the stored hash is due to be replaced by a fresh one of the same password.
    RightAndOutdated,
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
        let context = context(config)?;
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
        let present = format!("argon2id m={},t={},p=1", config.memory_kib, config.iterations);
        Ok(Self { context, threads, queue, pace: Pace::default(), present })
    }

    /// What a stored hash says about itself, without any computation; or why it cannot be verified.
    pub(crate) fn identify(&self, stored: &str) -> Result<Identified, doorward_password::Error> {
        self.context.identify(stored)
    }

    /// The scheme and the cost of a stored hash that takes another time to compare than our own do.
    pub(crate) fn other_kind(&self, stored: &str) -> Option<String> {
        let kind = self.identify(stored).ok()?.to_string();
        (kind != self.present).then_some(kind)
    }

    /// How many passwords one caller can have hashed at once without being refused, if nobody else comes.
    pub(crate) fn at_once(&self) -> usize {
        self.threads.min(self.queue.limit)
    }

    /// The hash to store for `password`.
    pub(crate) async fn hash(&self, password: Password) -> Result<String> {
        self.run("hash", move |worker| worker.hash(password.expose())).await?.map_err(|error| {
            tracing::error!(cause = %error, "a password could not be hashed");
            Error::Internal
        })
    }

    /// Whether `password` is the one that `stored` was made from. Costs the same when there is nothing stored, or
    /// nothing that can be read.
    pub(crate) async fn verify(&self, password: Password, stored: Option<String>) -> Result<Compared> {
        let kind = stored.as_ref().and_then(|stored| self.other_kind(stored));
        let compared = self.run("verify", move |worker| {
            let begun = Instant::now();
            let verdict = stored.map(|stored| worker.verify(password.expose(), &stored));
            if matches!(verdict, None | Some(Err(_))) {
                // Nothing was computed, and the time must not tell.
                worker.verify_dummy(password.expose());
            }
            (verdict, begun.elapsed())
        });
        let (verdict, took) = compared.await?;
        let verdict = match verdict {
            Some(Ok(verdict)) if !verdict.matches => Verdict::Wrong,
            Some(Ok(verdict)) if verdict.upgrade.is_some() => Verdict::RightAndOutdated,
            Some(Ok(_)) => Verdict::Right,
            Some(Err(error)) => {
                tracing::error!(cause = %error, "a stored password hash could not be verified");
                Verdict::Wrong
            }
            None => Verdict::Wrong,
        };
        if verdict == Verdict::Wrong {
            self.pace.note(kind, took);
        }
        Ok(Compared { verdict, rest: self.pace.rest(took) })
    }

    /// A weak hash with argon2id over it, `None` for one that needs none. It takes as long as hashing a password.
    pub(crate) async fn wrap(&self, stored: String) -> Result<Option<String>> {
        self.run("wrap", move |worker| worker.wrap(&stored)).await?.map_err(|error| {
            tracing::error!(cause = %error, "a stored password hash could not be wrapped");
            Error::Internal
        })
    }

    /// Does something that takes long on one of the threads, when it is its turn. `work` names it in the log.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: &'static str,
        job: impl FnOnce(&mut Worker) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let asked = Instant::now();
        let queue = self.queue.push(Box::new(move |worker| {
            // Whoever went away meanwhile costs nothing.
            if !reply.is_closed() {
                let begun = Instant::now();
                let done = job(worker);
                drop(reply.send((done, begun - asked, begun.elapsed())));
            }
        }))?;
        let (done, waited, took) = answer.await.map_err(|_| Error::Internal)?;
        let (waited_us, took_us) = (waited.as_micros() as u64, took.as_micros() as u64);
        tracing::debug!(work, queue, waited_us, took_us, "a hashing thread is done");
        Ok(done)
    }
}

fn context(config: &PasswordConfig) -> Result<PasswordContext, OpenError> {
    let mut builder = PasswordContext::builder().argon2id(config.memory_kib, config.iterations, 1);
    if let (Some(id), Some(key)) = (&config.pepper_id, &config.pepper) {
        builder = builder.pepper(id, key.expose().as_bytes());
    }
    for (id, key) in &config.retired_peppers {
        builder = builder.retired_pepper(id, key.expose().as_bytes());
    }
    if let Some(pepper) = &config.devise_pepper {
        builder = builder.devise_pepper(pepper.expose());
    }
    let firebase = &config.firebase;
    if let Some(key) = &firebase.signer_key {
        builder =
            builder.firebase(key.expose(), &firebase.salt_separator, firebase.rounds, firebase.memory_cost);
    }
    builder.build().map_err(|error| OpenError::new(format!("bad configuration: password: {error}")))
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

    /// Appends a job and gives how many wait now, or refuses it at once.
    fn push(&self, job: Job) -> Result<usize> {
        let mut state = self.lock();
        if state.jobs.len() >= self.limit {
            tracing::warn!(queue = state.jobs.len(), "the hashing queue is full");
            return Err(Error::Unavailable);
        }
        state.jobs.push_back(job);
        let queue = state.jobs.len();
        drop(state);
        self.work.notify_one();
        Ok(queue)
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

#[cfg(test)]
mod tests;
