//! The waits for the ends of sessions, such as those of streams that a host keeps open. One task looks after all of
//! them.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, oneshot};

use crate::{
    base::secret::Hash,
    model::session::{Known, Transport},
};

/// Somebody waits for the end of this session.
pub(crate) struct Wait {
    pub(crate) token_hash: Hash,
    pub(crate) transport: Transport,
    /// The session as it was last found.
    pub(crate) known: Arc<Known>,
    /// The task drops it to tell the end. It is closed when nobody waits any more.
    pub(crate) tell: oneshot::Sender<()>,
}

/// All waits of a process.
#[derive(Default)]
pub(crate) struct Waits {
    state: Mutex<State>,
    bell: Notify,
}

#[derive(Default)]
struct State {
    waits: Vec<Wait>,
    /// A task looks after the waits.
    watched: bool,
}

impl Waits {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a wait. Returns `true` if no task looks after the waits: then the caller must start it.
    pub(crate) fn add(&self, wait: Wait) -> bool {
        let mut state = self.lock();
        state.waits.push(wait);
        self.bell.notify_one();
        !mem::replace(&mut state.watched, true)
    }

    /// Waits until a wait was added since the last call.
    pub(crate) async fn added(&self) {
        self.bell.notified().await;
    }

    /// Takes all waits, to look after them.
    pub(crate) fn take(&self) -> Vec<Wait> {
        mem::take(&mut self.lock().waits)
    }

    /// Ends all waits, because nobody looks after them any more.
    pub(crate) fn end_all(&self) {
        *self.lock() = State::default();
    }

    /// Puts waits back. Returns `false` if there are none now. Then the task must end.
    pub(crate) fn put_back(&self, mut waits: Vec<Wait>) -> bool {
        let mut state = self.lock();
        waits.append(&mut state.waits);
        state.waits = waits;
        state.watched = !state.waits.is_empty();
        state.watched
    }
}
