//! Waiting for what comes, and not for too long.

use std::time::{Duration, Instant};

/// Waits until `holds` does, and fails after a time that only something broken needs.
#[track_caller]
pub(crate) fn until<F: Future<Output = bool>>(
    what: &str,
    mut holds: impl FnMut() -> F,
) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let end = Instant::now() + Duration::from_secs(15);
        while !holds().await {
            assert!(Instant::now() < end, "{place}: never {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// What `work` gives, and asserts that it took no longer than a request may.
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
