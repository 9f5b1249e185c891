//! The functions of a host that are called for each event. Each has a queue and a thread of its own.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use crate::model::event::LiveEvent;

/// How many events may wait for a listener.
pub(crate) const WAITING: usize = 1024;

/// All listeners. Their threads end when this is dropped.
#[derive(Default)]
pub(crate) struct Listeners {
    listeners: Mutex<Vec<Listener>>,
    /// The number of events that were dropped because the queue of a listener was full.
    lost: AtomicU64,
}

/// The work of a thread.
type Work = Box<dyn FnOnce() + Send>;

/// A listener, and the thread that calls it.
struct Listener {
    queue: SyncSender<LiveEvent>,
    /// The work of the thread, until it begins.
    work: Arc<Mutex<Option<Work>>>,
    runs: bool,
}

impl Listener {
    fn new(mut listener: impl FnMut(&LiveEvent) + Send + 'static) -> Self {
        let (queue, events) = sync_channel::<LiveEvent>(WAITING);
        let work: Work = Box::new(move || {
            for live in events {
                if catch_unwind(AssertUnwindSafe(|| listener(&live))).is_err() {
                    tracing::error!(kind = live.event.kind.as_str(), "a listener of events panicked");
                }
            }
        });
        Self { queue, work: Arc::new(Mutex::new(Some(work))), runs: false }
    }

    /// Starts the thread, unless it runs. If the system starts no thread now, the events wait, and the next one tries
    /// again.
    fn start(&mut self, spawn: impl FnOnce(Work) -> io::Result<()>) {
        if self.runs {
            return;
        }
        let work = Arc::clone(&self.work);
        let begin = move || {
            let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(work) = work {
                work();
            }
        };
        match spawn(Box::new(begin)) {
            Ok(()) => self.runs = true,
            Err(error) => tracing::error!(cause = %error, "a listener of events has no thread yet"),
        }
    }
}

/// Starts a thread.
fn spawn(work: Work) -> io::Result<()> {
    thread::Builder::new().name("doorward-events".into()).spawn(work).map(drop)
}

impl Listeners {
    /// Adds a listener, which is called on a thread of its own.
    pub(crate) fn add(&self, listener: impl FnMut(&LiveEvent) + Send + 'static) {
        let mut listener = Listener::new(listener);
        listener.start(spawn);
        self.listeners().push(listener);
    }

    /// Returns `true` if there is at least one listener.
    pub(crate) fn exist(&self) -> bool {
        !self.listeners().is_empty()
    }

    /// Queues an event for all listeners, and waits for none of them. A listener whose queue is full misses it.
    pub(crate) fn tell(&self, live: &LiveEvent) {
        for listener in self.listeners().iter_mut() {
            if let Err(TrySendError::Full(_)) = listener.queue.try_send(live.clone()) {
                let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
                // At 1, 2, 4, … lost events, so that the log is not flooded.
                if lost.is_power_of_two() {
                    tracing::warn!(lost, "a listener of events is too slow and misses some");
                }
            }
            listener.start(spawn);
        }
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<Listener>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::mpsc};

    use super::*;
    use crate::{
        base::time::Timestamp,
        model::{
            event::Event,
            event_kind::{Actor, EventKind},
        },
    };

    fn event(id: i64) -> LiveEvent {
        let event = Event {
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
        LiveEvent { event, user: None }
    }

    #[test]
    fn a_listener_without_a_thread_gets_its_events_later() {
        let (hear, heard) = mpsc::channel();
        let mut listener = Listener::new(move |live| hear.send(live.event.id).unwrap());
        listener.start(|_| Err(io::Error::from(io::ErrorKind::WouldBlock)));
        let listeners = Listeners::default();
        listener.queue.try_send(event(1)).unwrap();
        listeners.listeners().push(listener);
        listeners.tell(&event(2));
        assert_eq!((heard.recv(), heard.recv()), (Ok(1), Ok(2)));
    }

    #[test]
    fn a_slow_listener_misses_events_and_delays_no_request() {
        let listeners = Listeners::default();
        let (let_go, wait) = mpsc::channel::<()>();
        let (hear, heard) = mpsc::channel();
        listeners.add(move |live| {
            hear.send(live.event.id).unwrap();
            let _ = wait.recv();
        });
        listeners.tell(&event(0));
        assert_eq!(heard.recv(), Ok(0));
        // The listener is busy with the first event. Its queue takes `WAITING` more, and the rest is lost.
        let waiting = WAITING as i64;
        for id in 1..=waiting + 100 {
            listeners.tell(&event(id));
        }
        assert_eq!(listeners.lost.load(Ordering::Relaxed), 100);
        drop(let_go);
        let told: Vec<_> = (0..waiting).map(|_| heard.recv().unwrap()).collect();
        assert_eq!(told, (1..=waiting).collect::<Vec<_>>());
        listeners.tell(&event(-1));
        assert_eq!(heard.recv(), Ok(-1));
    }
}
