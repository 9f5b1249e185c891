//! Hashes passwords on its own threads. Their number, their memory and the length of the queue are bounded.
//!
//! Each thread reuses one block of memory. On Linux it has the lowest priority, so that it slows down no thread that
//! answers requests. On a machine whose cores are all busy, such a thread hardly runs. So there is one more thread,
//! with the default priority. It works only while a job has waited for longer than [`LATE`].
//!
//! Nothing is hashed on an async worker, and no caller holds a connection to the database meanwhile.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use doorward_password::{Identified, PasswordContext, Worker, most_tries};
use tokio::sync::oneshot;

use crate::base::{
    config::PasswordConfig,
    error::{Error, Result},
    open_error::OpenError,
    passwords::{
        context,
        pace::Pace,
        password::Password,
        queue::{Caller, Job, Queue},
    },
};

/// The time after which the thread with the default priority takes a waiting job. The tests beside this file hold up
/// the other threads, and no job of theirs is late.
const LATE: Duration = Duration::from_millis(if cfg!(test) { 3_600_000 } else { 500 });

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
    /// How many more computations a wrong password would have taken.
    spared: usize,
}

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and the stored hash should be replaced by a new one.
    RightAndOutdated,
    /// Right, and the stored hash accepts other texts too. It should be wrapped, so that it accepts the same ones.
    RightAndToWrap,
}

impl Verdict {
    /// Returns `true` if the stored hash should be replaced.
    pub(crate) fn renews(self) -> bool {
        matches!(self, Verdict::RightAndOutdated | Verdict::RightAndToWrap)
    }
}

impl Hashing {
    pub(crate) fn start(config: &PasswordConfig) -> Result<Self, OpenError> {
        let context = context::context(config)?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = if config.hashing_threads == 0 { cores } else { config.hashing_threads };
        let queue = Arc::new(Queue::new(config.hashing_queue));
        for _ in 0..threads {
            let queue = Arc::clone(&queue);
            start_thread(context.worker(), true, move || queue.pop())?;
        }
        let late = Arc::clone(&queue);
        start_thread(context.worker(), false, move || late.pop_late(LATE))?;
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
        self.threads.min(self.queue.room())
    }

    /// Hashes `password` for storing.
    pub(crate) async fn hash(&self, caller: Caller, password: Password) -> Result<String> {
        self.run(caller, "hash", move |worker| worker.hash(password.expose())).await?.map_err(|error| {
            tracing::error!(cause = %error, "a password could not be hashed");
            Error::Internal
        })
    }

    /// Compares `password` with the hash `stored`, in every spelling that another system may have hashed. Costs the same if
    /// there is no hash, or an unreadable one.
    pub(crate) async fn verify(
        &self,
        caller: Caller,
        password: Password,
        stored: Option<String>,
    ) -> Result<Compared> {
        let kind = stored.as_ref().and_then(|stored| self.other_kind(stored));
        let compared = self.run(caller, "verify", move |worker| {
            let spellings = password.spellings();
            let most = most_tries(&spellings);
            let begun = Instant::now();
            let verdict = stored.map(|stored| worker.verify_any(&spellings, &stored));
            if matches!(verdict, None | Some(Err(_))) {
                // Nothing was computed yet, and the time must not reveal that.
                spellings.iter().for_each(|_| worker.verify_dummy(password.expose()));
            }
            (verdict, begun.elapsed(), spellings.len(), most)
        });
        let (verdict, took, spellings, most) = compared.await?;
        let (tries, spared) = match &verdict {
            Some(Ok(verdict)) => (verdict.tries, verdict.spared),
            _ => (spellings, 0),
        };
        let verdict = match verdict {
            Some(Ok(verdict)) if !verdict.matches => Verdict::Wrong,
            Some(Ok(verdict)) if verdict.wrap.is_some() => Verdict::RightAndToWrap,
            Some(Ok(verdict)) if verdict.upgrade.is_some() => Verdict::RightAndOutdated,
            Some(Ok(_)) => Verdict::Right,
            Some(Err(error)) => {
                tracing::error!(cause = %error, "a stored password hash could not be verified");
                Verdict::Wrong
            }
            None => Verdict::Wrong,
        };
        if verdict == Verdict::Wrong {
            self.pace.note(kind, took, tries);
        }
        Ok(Compared { verdict, rest: self.pace.rest(took, most), spared })
    }

    /// Waits, or computes, until a refusal has taken as long as one of a wrong password. The password may have been right.
    pub(crate) async fn even_out(&self, caller: Caller, password: Password, compared: Compared) {
        let Compared { rest, spared, .. } = compared;
        if rest.is_zero() && spared > 0 {
            let spend = move |worker: &mut Worker| {
                (0..spared).for_each(|_| worker.verify_dummy(password.expose()));
            };
            // With a full queue, no refusal has an even time.
            drop(self.run(caller, "verify", spend).await);
        }
        tokio::time::sleep(rest).await;
    }

    /// Returns the hash that should replace `stored`, after a comparison with that verdict. `None` also if the queue is full:
    /// then it waits for another log-in.
    pub(crate) async fn renew(
        &self,
        caller: Caller,
        verdict: Verdict,
        password: Password,
        stored: String,
    ) -> Option<String> {
        match verdict {
            Verdict::Wrong | Verdict::Right => None,
            Verdict::RightAndOutdated => self.hash(caller, password).await.ok(),
            Verdict::RightAndToWrap => {
                let wrapped = self
                    .run(caller, "wrap", move |worker| worker.rewrap(&password.spellings(), &stored))
                    .await;
                wrapped.ok()?.unwrap_or_else(|error| {
                    tracing::error!(cause = %error, "a stored password hash could not be wrapped");
                    None
                })
            }
        }
    }

    /// Wraps a weak hash in argon2id; `None` if it is not weak. Takes as long as hashing a password.
    pub(crate) async fn wrap(&self, stored: String) -> Result<Option<String>> {
        self.run(Caller::BACKGROUND, "wrap", move |worker| worker.wrap(&stored)).await?.map_err(|error| {
            tracing::error!(cause = %error, "a stored password hash could not be wrapped");
            Error::Internal
        })
    }

    /// Runs a slow job on one of the threads, when its turn comes. `work` names it in the log.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if so much waits that the job was dropped.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        caller: Caller,
        work: &'static str,
        job: impl FnOnce(&mut Worker) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let asked = Instant::now();
        let queue = self.queue.push(
            caller,
            Box::new(move |worker| {
                // A job whose caller is gone is skipped.
                if !reply.is_closed() {
                    let begun = Instant::now();
                    let done = worker.map(job);
                    drop(reply.send(done.map(|done| (done, begun - asked, begun.elapsed()))));
                }
            }),
        );
        let done = answer.await.map_err(|_| Error::Internal)?;
        let (done, waited, took) = done.ok_or(Error::Unavailable)?;
        let (waited_us, took_us) = (waited.as_micros() as u64, took.as_micros() as u64);
        tracing::debug!(work, queue, waited_us, took_us, "a hashing thread is done");
        Ok(done)
    }
}

impl Drop for Hashing {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Starts a thread that runs the jobs that `next` returns, until it returns none.
fn start_thread(
    mut worker: Worker,
    yields: bool,
    next: impl Fn() -> Option<Job> + Send + 'static,
) -> Result<(), OpenError> {
    let work = move || {
        if yields {
            yield_to_others();
        }
        while let Some(job) = next() {
            // A panic ends one request with 500, but not the thread.
            if catch_unwind(AssertUnwindSafe(|| job(Some(&mut worker)))).is_err() {
                tracing::error!("hashing a password panicked");
            }
        }
    };
    let started = thread::Builder::new().name("doorward-hash".into()).spawn(work);
    started.map(drop).map_err(|error| OpenError::new(format!("cannot start a hashing thread: {error}")))
}

#[cfg(target_os = "linux")]
fn yield_to_others() {
    /// The lowest priority. Beside a thread with default priority, it gets about a seventieth of a core.
    const NICE: i32 = 19;
    let nice = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE);
    if let Err(error) = nice {
        tracing::debug!(cause = %error, "hashing threads keep the default priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}

#[cfg(test)]
mod tests;
