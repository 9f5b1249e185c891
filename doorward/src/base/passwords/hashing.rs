//! Hashes passwords on its own threads. Their number, their memory and the length of the queue are bounded.
//!
//! Each thread reuses one block of memory. On Linux it has a lower priority than the threads that answer requests.
//! Nothing is hashed on an async worker, and no caller holds a connection to the database meanwhile.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use doorward_password::{Identified, PasswordContext, Worker};
use tokio::sync::oneshot;

use crate::base::{
    config::PasswordConfig,
    error::{Error, Result},
    open_error::OpenError,
    passwords::{pace::Pace, password::Password},
};

/// The threads that hash. They end when this is dropped.
pub(crate) struct Hashing {
    context: PasswordContext,
    threads: usize,
    queue: Arc<Queue>,
    pace: Pace,
    /// The scheme and the cost of our new hashes, as text.
    present: String,
}

/// The result of comparing a password with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Compared {
    pub(crate) verdict: Verdict,
    /// How much longer a refused caller has to wait, so that every refusal takes equally long.
    pub(crate) rest: Duration,
}

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and the stored hash should be replaced by a new one.
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

    /// Reads the scheme and the cost of a stored hash, without computing it. The error says why it cannot be
    /// verified.
    pub(crate) fn identify(&self, stored: &str) -> Result<Identified, doorward_password::Error> {
        self.context.identify(stored)
    }

    /// Returns the scheme and the cost of a stored hash, unless they are those of our new hashes.
    pub(crate) fn other_kind(&self, stored: &str) -> Option<String> {
        let kind = self.identify(stored).ok()?.to_string();
        (kind != self.present).then_some(kind)
    }

    /// Returns how many jobs one caller can have at once without being refused, if there are no other callers.
    pub(crate) fn at_once(&self) -> usize {
        self.threads.min(self.queue.limit)
    }

    /// Hashes `password` for storing.
    pub(crate) async fn hash(&self, password: Password) -> Result<String> {
        self.run("hash", move |worker| worker.hash(password.expose())).await?.map_err(|error| {
            tracing::error!(cause = %error, "a password could not be hashed");
            Error::Internal
        })
    }

    /// Compares `password` with the hash `stored`. Costs the same if there is no hash, or an unreadable one.
    pub(crate) async fn verify(&self, password: Password, stored: Option<String>) -> Result<Compared> {
        let kind = stored.as_ref().and_then(|stored| self.other_kind(stored));
        let compared = self.run("verify", move |worker| {
            let begun = Instant::now();
            let verdict = stored.map(|stored| worker.verify(password.expose(), &stored));
            if matches!(verdict, None | Some(Err(_))) {
                // Nothing was computed yet, and the time must not reveal that.
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

    /// Wraps a weak hash in argon2id; `None` if it is not weak. Takes as long as hashing a password.
    pub(crate) async fn wrap(&self, stored: String) -> Result<Option<String>> {
        self.run("wrap", move |worker| worker.wrap(&stored)).await?.map_err(|error| {
            tracing::error!(cause = %error, "a stored password hash could not be wrapped");
            Error::Internal
        })
    }

    /// Runs a slow job on one of the threads, when its turn comes. `work` names it in the log.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: &'static str,
        job: impl FnOnce(&mut Worker) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let asked = Instant::now();
        let queue = self.queue.push(Box::new(move |worker| {
            // A job whose caller is gone is skipped.
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

    /// Appends a job and returns the length of the queue. Refuses it at once if the queue is full.
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
            // A panic ends one request with 500, but not the thread.
            if catch_unwind(AssertUnwindSafe(|| job(&mut worker))).is_err() {
                tracing::error!("hashing a password panicked");
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn yield_to_others() {
    /// Gives a thread about a quarter of the weight of one with default priority.
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
