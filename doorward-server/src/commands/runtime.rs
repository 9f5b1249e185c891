//! Runs asynchronous work.

use std::io;

use anyhow::Result;
use tokio::runtime::{Builder, Runtime};

/// Runs short work on this thread and waits for it.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    runtime(&mut Builder::new_current_thread())?.block_on(work)
}

pub(super) fn runtime(builder: &mut Builder) -> io::Result<Runtime> {
    builder.enable_all().build()
}
