//! The functions of a host that are called for each event. Each has a queue and a thread of its own.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use crate::model::event::Event;

/// How many events may wait for a listener.
pub(crate) const WAITING: usize = 1024;

/// All listeners. Their threads end when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    queues: Mutex<Vec<SyncSender<Event>>>,
    /// The number of events that were dropped because the queue of a listener was full.
    lost: AtomicU64,
}

impl Listeners {
    /// Adds a listener, which is called on a thread of its own.
    ///
    /// # Panics
    /// If the system starts no thread.
    pub(crate) fn add(&self, mut listener: impl FnMut(&Event) + Send + 'static) {
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
        self.queues().push(queue);
    }

    /// Returns `true` if there is at least one listener.
    pub(crate) fn exist(&self) -> bool {
        !self.queues().is_empty()
    }

    /// Queues an event for all listeners, and waits for none of them. A listener whose queue is full misses it.
    pub(crate) fn tell(&self, event: &Event) {
        for queue in self.queues().iter() {
            if let Err(TrySendError::Full(_)) = queue.try_send(event.clone()) {
                let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
                // At 1, 2, 4, … lost events, so that the log is not flooded.
                if lost.is_power_of_two() {
                    tracing::warn!(lost, "a listener of events is too slow and misses some");
                }
            }
        }
    }

    fn queues(&self) -> MutexGuard<'_, Vec<SyncSender<Event>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::mpsc};

    use super::*;
    use crate::{
        base::time::Timestamp,
        model::event_kind::{Actor, EventKind},
    };

    #[test]
    fn a_slow_listener_misses_events_and_delays_no_request() {
        let listeners = Listeners::default();
        let (let_go, wait) = mpsc::channel::<()>();
        let (hear, heard) = mpsc::channel();
        listeners.add(move |event| {
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
