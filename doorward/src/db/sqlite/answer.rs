//! How a caller gets its answer from the writer.

use tokio::{sync::oneshot, time::timeout_at};

use crate::db::error::{Error, Result};

/// What is to be done once the commit has succeeded or failed.
pub(super) type Answer = Box<dyn FnOnce(Result<()>) + Send>;

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

pub(super) fn over() -> Error {
    Error::Unavailable("the transaction was given up".into())
}
