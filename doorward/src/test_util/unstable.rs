//! Functions for the tests of Doorward itself. **They are not for hosts: any version may change or remove them.**

use crate::{accounts::limit::guesses, auth::Auth, base::error::Result};

/// Deletes at most `at_most` expired counters of attempts. Returns how many it deleted.
///
/// # Errors
/// [`Error::Unavailable`](crate::Error::Unavailable).
pub async fn delete_old_attempts(auth: &Auth, at_most: u32) -> Result<u64> {
    guesses::delete_expired(auth, at_most.into()).await
}

/// Returns a statement as the database gets it.
#[must_use]
pub fn written(auth: &Auth, sql: &str) -> String {
    auth.db().written(sql)
}
