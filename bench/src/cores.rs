//! Separate processor cores for the client and the servers. Neither pushes the other's memory out of the caches, and no
//! round depends on the cores that the kernel happens to choose.

use std::{
    process::{self, Command},
    sync::OnceLock,
    thread,
};

use anyhow::{Result, ensure};
use tokio::task::AbortHandle;

/// The programs that use the cores.
#[derive(Clone, Copy)]
pub(crate) enum For {
    Servers,
    Client,
    Everybody,
}

/// Returns the number of cores for the client.
pub(crate) fn of_client() -> usize {
    count().div_ceil(2)
}

/// Returns the number of cores at the start of this program.
fn count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// Keeps the client's cores awake until this is dropped. A slower server lets the client fall asleep and then has to
/// wake it, and a faster one does not: that would count against the slower one twice.
pub(crate) struct Awake(Vec<AbortHandle>);

impl Awake {
    pub(crate) fn keep() -> Self {
        let spin = || async {
            loop {
                tokio::task::yield_now().await;
            }
        };
        let spinning = if count() > 1 { of_client() } else { 0 };
        Self((0..spinning).map(|_| tokio::spawn(spin()).abort_handle()).collect())
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

/// Keeps this program, and all that it starts from now on, on these cores. On a single core nothing changes.
pub(crate) fn stay(on: For) -> Result<()> {
    let count = count();
    let cores = match on {
        For::Client => 0..of_client(),
        For::Servers if count > 1 => of_client()..count,
        For::Servers | For::Everybody => 0..count,
    };
    let list = format!("{}-{}", cores.start, cores.end - 1);
    let done = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", &list, &process::id().to_string()])
        .output()?;
    ensure!(done.status.success(), "taskset: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}
