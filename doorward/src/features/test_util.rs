//! Methods for tests: they move the clock of a handle, and run the background work step by step.
//!
//! They exist only with the feature `test-util`. They are for the tests of this project, and any version may change
//! them.

use std::time::Duration;

use crate::{
    accounts::{chores, limit::guesses, mail::sender},
    auth::Auth,
    base::error::Result,
};

impl Auth {
    /// Stops the seconds of this handle and its clones. From then on only [`Auth::advance`] and [`Auth::go_back`] move
    /// them. The milliseconds, which order the ids, go on.
    pub fn stop_clock(&self) {
        self.clock().stop();
    }

    /// Moves the clock of this handle and its clones forward.
    pub fn advance(&self, by: Duration) {
        self.clock().advance(by.as_secs() as i64);
    }

    /// Moves the clock of this handle and its clones back.
    pub fn go_back(&self, by: Duration) {
        self.clock().advance(-(by.as_secs() as i64));
    }

    /// Prevents the start of the background tasks. Call it before [`Auth::router`].
    pub fn hold_background(&self) {
        self.tasks().begin();
    }

    /// Sends the mails that are due, and waits until they are sent.
    pub async fn send_mails(&self) {
        sender::round(self).await;
    }

    /// Deletes expired rows of all tables, if a round is due. Returns the number of deleted rows, or `None` if no round
    /// is due.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn clean_up(&self) -> Result<Option<u64>> {
        chores::once(self).await
    }

    /// Deletes at most `at_most` expired counters of attempts. Returns how many it deleted.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn delete_old_attempts(&self, at_most: u32) -> Result<u64> {
        guesses::delete_expired(self, at_most.into()).await
    }

    /// Returns a statement as the database gets it.
    pub fn written(&self, sql: &str) -> String {
        self.db().written(sql)
    }
}
