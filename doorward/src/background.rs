//! What goes on without a request. It begins with the router, on the runtime that opened the accounts, and ends with
//! the last handle or when the accounts are closed.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use crate::{auth::Auth, outbox};

/// How long what has begun may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// The tasks in the background.
pub(crate) struct Background {
    runtime: Handle,
    begun: AtomicBool,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// Begins it all, once. Nothing of it keeps the accounts open.
pub(crate) fn begin(auth: &Auth) {
    let background = &auth.background;
    if background.hold() {
        return;
    }
    if auth.mail.works() {
        background.spawn(outbox::run(auth.downgrade(), auth.outbox.wakes(), background.stopped()));
    }
}

impl Background {
    /// For tasks on the runtime of the caller.
    pub(crate) fn new() -> Self {
        Self {
            runtime: Handle::current(),
            begun: AtomicBool::new(false),
            stop: watch::Sender::new(false),
            tasks: Mutex::default(),
        }
    }

    /// Lets nothing begin any more. `true` if it has begun already.
    pub(crate) fn hold(&self) -> bool {
        self.begun.swap(true, Ordering::Relaxed)
    }

    /// Ends when the tasks are to end: after [`Background::end`], or when nobody holds the accounts any more.
    fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // An error means that the accounts are gone.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let task = self.runtime.spawn(task);
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// Ends the tasks, and waits for them for a while.
    pub(crate) async fn end(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            let _ = timeout(FAREWELL, task).await;
        }
    }
}
