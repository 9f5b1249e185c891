//! [`Auth::on_event`]: the host application hears of what happens.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use crate::{auth::Auth, event::Event};

/// So many events may wait for a listener.
const WAITING: usize = 1024;

/// Those who hear of events. Their threads end when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    queues: Mutex<Vec<SyncSender<Event>>>,
    /// How many events came too fast for a listener.
    lost: AtomicU64,
}

impl Auth {
    /// Calls `listener` for each event from now on, in the order in which they were committed here.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) {
    /// use doorward::EventKind;
    ///
    /// auth.on_event(|event| {
    ///     if event.kind == EventKind::Registered {
    ///         println!("welcome, {:?}", event.user_id);
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// It is called after the commit, never for what was rolled back, and on a thread of its own: it may block, and no
    /// request waits for it. A panic is logged, and the next event is told as usual.
    ///
    /// **It may miss some**: those of other nodes and of the command line, those that more than 1024 others wait before
    /// (the log warns of it), those that wait when the program ends, and those of a request whose client went away at
    /// the moment of the commit. Nothing is missing in the table that [`Auth::events`] reads: build on that what must
    /// not be missed.
    ///
    /// Each call adds a listener. What it captures lives as long as the `Auth`; one that captures the `Auth` itself keeps
    /// it for ever.
    ///
    /// # Panics
    /// If the system starts no thread.
    pub fn on_event(&self, mut listener: impl FnMut(&Event) + Send + 'static) {
        let (queue, events) = sync_channel(WAITING);
        thread::Builder::new()
            .name("doorward-events".into())
            .spawn(move || {
                for event in events {
                    if catch_unwind(AssertUnwindSafe(|| listener(&event))).is_err() {
                        tracing::error!(kind = event.kind.as_str(), "a listener of events panicked");
                    }
                }
            })
            .expect("the system starts one thread");
        self.listeners.queues().push(queue);
    }
}

impl Listeners {
    fn queues(&self) -> MutexGuard<'_, Vec<SyncSender<Event>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn are_there(&self) -> bool {
        !self.queues().is_empty()
    }

    /// Tells all of them, without waiting for anybody.
    pub(crate) fn tell(&self, event: &Event) {
        for queue in self.queues().iter() {
            if let Err(TrySendError::Full(_)) = queue.try_send(event.clone()) {
                let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
                // At 1, 2, 4, …: the log is not flooded as well.
                if lost.is_power_of_two() {
                    tracing::warn!(lost, "a listener of events is too slow and misses some");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::mpsc};

    use super::*;
    use crate::{Actor, Config, EventKind, PasswordConfig, time::Timestamp};

    #[tokio::test]
    async fn nobody_waits_for_a_listener_that_is_too_slow() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
        let password = PasswordConfig { memory_kib: 64, iterations: 1, ..PasswordConfig::default() };
        let auth = Auth::open_with(&url, Config { password, ..Config::default() }).await.unwrap();
        let (let_go, wait) = mpsc::channel::<()>();
        let (hear, heard) = mpsc::channel();
        auth.on_event(move |event| {
            hear.send(event.id).unwrap();
            let _ = wait.recv();
        });
        let event = |id| Event {
            id,
            at: Timestamp(0),
            kind: EventKind::LoggedOut,
            user_id: None,
            actor: Actor::User,
            ip: None,
            user_agent: None,
            request_id: None,
            detail: BTreeMap::new(),
        };
        auth.listeners.tell(&event(0));
        assert_eq!(heard.recv(), Ok(0));
        // The first is being heard, as many as may wait do, and the rest is lost.
        let waiting = WAITING as i64;
        for id in 1..=waiting + 100 {
            auth.listeners.tell(&event(id));
        }
        assert_eq!(auth.listeners.lost.load(Ordering::Relaxed), 100);
        drop(let_go);
        let told: Vec<_> = (0..waiting).map(|_| heard.recv().unwrap()).collect();
        assert_eq!(told, (1..=waiting).collect::<Vec<_>>());
        auth.listeners.tell(&event(-1));
        assert_eq!(heard.recv(), Ok(-1));
    }
}
