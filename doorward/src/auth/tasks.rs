//! The background tasks of a handle: starting them, and stopping them when the accounts are closed.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{runtime::Handle, sync::watch, task::JoinHandle, time::timeout};

/// How long each task may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// The background tasks.
pub(crate) struct Tasks {
    runtime: Handle,
    begun: AtomicBool,
    stop: watch::Sender<bool>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Tasks {
    /// Prepares to run tasks on the tokio runtime of the caller.
    pub(crate) fn new() -> Self {
        Self {
            runtime: Handle::current(),
            begun: AtomicBool::new(false),
            stop: watch::Sender::new(false),
            running: Mutex::default(),
        }
    }

    /// Notes that the tasks have begun. Returns `true` if they had begun before.
    pub(crate) fn begin(&self) -> bool {
        self.begun.swap(true, Ordering::Relaxed)
    }

    /// Completes when the tasks have to end: after [`Tasks::end`], or when the last handle is gone.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // An error means that the accounts are gone.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }

    /// Starts a task.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let task = self.runtime.spawn(task);
        self.running.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// Starts a task that nobody waits for at the end.
    pub(crate) fn spawn_apart(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Stops the tasks, and waits up to [`FAREWELL`] for each.
    pub(crate) async fn end(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            let _ = timeout(FAREWELL, task).await;
        }
    }
}
