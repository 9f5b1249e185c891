//! The clock and the background work of a handle, which a test moves step by step.

use std::time::Duration;

use crate::{
    accounts::{chores, mail::sender},
    auth::Auth,
    base::error::Result,
};

/// For tests, with the feature `test-util`.
impl Auth {
    /// Stops the seconds of this handle and its clones. From then on only [`Auth::advance`] and [`Auth::go_back`] move
    /// them. The milliseconds, which order the ids, go on.
    pub fn stop_clock(&self) {
        self.clock().stop();
    }

    /// Moves the clock of this handle and its clones forward, by whole seconds. So sessions, links and codes expire, and
    /// delays pass. The clock of tokio, and so every time-out, is not moved.
    pub fn advance(&self, by: Duration) {
        self.clock().advance(by.as_secs() as i64);
    }

    /// Moves the clock of this handle and its clones back, by whole seconds.
    pub fn go_back(&self, by: Duration) {
        self.clock().advance(-(by.as_secs() as i64));
    }

    /// Prevents the start of the background tasks. Call it before [`Auth::router`]. The handle of
    /// [`Auth::for_tests`] has none.
    pub fn hold_background(&self) {
        self.tasks().begin();
    }

    /// Sends the mails that are due, and waits until they are sent. A mail that was not delivered is due again after a
    /// pause: [move the clock](Auth::advance) first.
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
}
