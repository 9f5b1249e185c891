//! What tests may do with a handle: move its clock, and do step by step what goes on in the background.
//!
//! Only with the feature `test-util`. It is for tests of this project, and may change in any version.

use std::time::Duration;

use crate::{
    accounts::{chores, limit::guesses, mail::sender},
    auth::Auth,
    base::error::Result,
};

impl Auth {
    /// Stops the seconds of this handle and its clones. Only [`Auth::advance`] and [`Auth::go_back`] move them from then
    /// on. The milliseconds go on, by which ids are ordered.
    pub fn stop_clock(&self) {
        self.clock().stop();
    }

    /// Moves the clock of this handle and its clones.
    pub fn advance(&self, by: Duration) {
        self.clock().advance(by.as_secs() as i64);
    }

    /// Moves the clock back.
    pub fn go_back(&self, by: Duration) {
        self.clock().advance(-(by.as_secs() as i64));
    }

    /// Lets no background task begin. Call it before [`Auth::router`].
    pub fn hold_background(&self) {
        self.tasks().begin();
    }

    /// Sends the mails that are due, and waits until they are sent.
    pub async fn send_mails(&self) {
        sender::round(self).await;
    }

    /// Clears away what has expired, if it is time. Returns how many rows that deleted.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn clean_up(&self) -> Result<Option<u64>> {
        chores::once(self).await
    }

    /// Deletes at most so many counts of attempts that have expired. Returns how many.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn delete_old_attempts(&self, at_most: u32) -> Result<u64> {
        guesses::delete_expired(self, at_most.into()).await
    }
}
