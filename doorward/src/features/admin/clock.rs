//! Compares the clock of this machine with that of the database server, for operators.

use std::time::Duration;

use crate::{
    auth::{Auth, clock},
    base::error::Result,
};

impl Auth {
    /// Returns how far the clock of this machine is off that of the database server, in whole seconds: positive if it
    /// is ahead. `None` for a file of SQLite, which has no clock of its own.
    ///
    /// All nodes share one database. So nodes whose clocks agree with it agree with each other. Codes of authenticator
    /// apps work while the clock is off by less than half a minute.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn clock_ahead_of_database(&self) -> Result<Option<i64>> {
        let asked: Duration = clock::unix_time();
        let Some(theirs) = self.db().time().await? else { return Ok(None) };
        // The server read its clock between the two.
        let middle = (asked + clock::unix_time()) / 2;
        Ok(Some(middle.as_secs().cast_signed() - theirs))
    }
}
