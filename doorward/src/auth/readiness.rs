//! Whether this process can take requests. The log says once when that changes, and not for each check.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The outcome of the last check.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    refused: bool,
    /// The second of the last check that wrote something.
    tried_at: Option<i64>,
}

impl Readiness {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` if this check may write. Only one in a second may: anybody can ask for a check.
    pub(crate) fn may_try(&self, now: i64) -> bool {
        self.lock().tried_at.replace(now) != Some(now)
    }

    /// Returns `true` if the last check failed.
    pub(crate) fn is_refused(&self) -> bool {
        self.lock().refused
    }

    /// Notes the outcome of a check.
    pub(crate) fn note(&self, outcome: Result<(), &str>) {
        let before = std::mem::replace(&mut self.lock().refused, outcome.is_err());
        match outcome {
            Err(cause) if !before => tracing::error!(cause, "not ready: the database cannot be used"),
            Ok(()) if before => tracing::info!("ready again"),
            _ => {}
        }
    }
}
