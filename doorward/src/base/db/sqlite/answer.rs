//! The answer of the writer to a caller.

use tokio::{sync::oneshot, time::timeout_at};

use crate::base::db::error::{Error, Result};

/// Called once the commit has succeeded or failed.
pub(super) type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// Waits for an answer of the writer.
pub(super) async fn wait<T>(
    answer: oneshot::Receiver<Result<T>>,
    deadline: tokio::time::Instant,
) -> Result<T> {
    match timeout_at(deadline, answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(over()),
        Err(_) => Err(Error::timed_out()),
    }
}

/// The transaction has ended, and nobody can tell any more if it was committed.
pub(super) fn over() -> Error {
    Error::Unavailable("the transaction was given up".into())
}
