//! Runs code of the host, with a time limit. A panic of that code stays inside.

use std::time::Duration;

use tokio::{task::JoinSet, time::timeout};
use tracing::Instrument as _;

/// Why code of the host gave no result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Late,
    Panicked,
}

/// Runs `work` for at most `patience`. It is cancelled after that, and if the caller goes away.
///
/// It runs in a task of its own. So the caller can give up even if the work blocks the thread that it runs on.
pub(crate) async fn run<T: Send + 'static>(
    patience: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Fault> {
    let mut task = JoinSet::new();
    task.spawn(work.in_current_span());
    match timeout(patience, task.join_next()).await {
        Ok(Some(Ok(result))) => Ok(result),
        Ok(_) => Err(Fault::Panicked),
        Err(_) => Err(Fault::Late),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn work_that_hangs_or_panics_ends_with_a_fault() {
        assert_eq!(run(PATIENCE, async { 1 }).await, Ok(1));
        assert_eq!(run(PATIENCE, std::future::pending::<()>()).await, Err(Fault::Late));
        assert_eq!(run(PATIENCE, async { panic!("on purpose") }).await, Err::<(), _>(Fault::Panicked));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_that_blocks_its_thread_does_not_hold_the_caller() {
        let (let_go, wait) = std::sync::mpsc::channel::<()>();
        let blocking = async move { wait.recv() };
        assert_eq!(run(Duration::from_millis(50), blocking).await, Err(Fault::Late));
        drop(let_go);
    }
}
