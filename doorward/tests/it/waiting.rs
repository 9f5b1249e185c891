//! Waiting for a condition, and asserting that work is quick.

use std::time::{Duration, Instant};

/// Waits until `holds` returns `true`. Fails after 15 seconds.
#[track_caller]
pub(crate) fn until<F: Future<Output = bool>>(
    what: &str,
    mut holds: impl FnMut() -> F,
) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let end = Instant::now() + Duration::from_secs(15);
        while !holds().await {
            assert!(Instant::now() < end, "{place}: not in time: {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Awaits `work`, and asserts that it took no longer than a request may.
#[track_caller]
pub(crate) fn promptly<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let begun = Instant::now();
        let result = work.await;
        assert!(begun.elapsed() < Duration::from_secs(5), "{place}: took {:?}", begun.elapsed());
        result
    }
}
