//! What goes on without a request. It begins with the router, on the runtime that opened the accounts, and ends with
//! the last handle or when the accounts are closed.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{runtime::Handle, sync::watch, task::JoinHandle, time::timeout};

use crate::{auth::Auth, cleanup, credential, sender};

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
    // From now on sessions are remembered.
    let _ = auth.db.mark();
    background.spawn(credential::learn_pace(auth.downgrade()));
    background.spawn(cleanup::run(auth.downgrade(), background.stopped()));
    if auth.mail.works() {
        background.spawn(sender::run(auth.downgrade(), auth.outbox.wakes(), background.stopped()));
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::{
        config::{Config, PasswordConfig},
        email::Email,
        language::Language,
        letter::{Details, Letter},
        outbox::{self, Post, To},
        user::UserId,
    };

    #[tokio::test(flavor = "multi_thread")]
    async fn a_mail_on_its_way_does_not_keep_the_accounts_open() {
        // The system accepts connections on its behalf; nobody ever says a word.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let password =
            PasswordConfig { hashing_threads: 1, memory_kib: 64, iterations: 1, ..PasswordConfig::default() };
        let config = Config {
            smtp_url: Some(format!("smtp://{}", silent.local_addr().unwrap()).into()),
            mail_from: Some("no-reply@example.org".into()),
            password,
            ..Config::default()
        };
        let url = format!("sqlite:{}", folder.path().join("background.db").display());
        let auth = Auth::open_with(&url, config).await.unwrap();
        let to = To::Address(UserId(1), Email::parse("ann@example.org").unwrap());
        let letter = Letter::AccountDeleted;
        let post = Post { letter, to, language: Language::English, details: Details::default() };
        let mut tx = auth.db.begin().await.unwrap();
        outbox::post(&auth, &mut tx, &post).await.unwrap();
        tx.commit().await.unwrap();
        drop(auth.router());
        tokio::task::spawn_blocking(move || silent.accept().map(|(stream, _)| (silent, stream)))
            .await
            .unwrap()
            .unwrap();
        let gone = auth.downgrade();
        drop(auth);
        // Whoever looks at the database just now holds it for a moment.
        while gone.upgrade().is_some() {
            tokio::task::yield_now().await;
        }
    }
}
