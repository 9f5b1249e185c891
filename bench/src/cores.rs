//! Which processor cores the client and the servers run on: cores of their own, so that neither pushes the other's memory
//! out of the caches, and no round is better than the next because of where the kernel happened to put them.

use std::{
    process::{self, Command},
    sync::OnceLock,
    thread,
};

use anyhow::{Result, ensure};

/// Who the cores are for.
#[derive(Clone, Copy)]
pub(crate) enum For {
    Servers,
    Client,
    Everybody,
}

/// Lets this program, and what it starts from now on, run on these cores alone. On a single core nothing changes.
pub(crate) fn stay(on: For) -> Result<()> {
    // As many as there were before this was called first.
    static COUNT: OnceLock<usize> = OnceLock::new();
    let count = *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, usize::from));
    let cores = match on {
        For::Client => 0..count.div_ceil(2),
        For::Servers if count > 1 => count.div_ceil(2)..count,
        For::Servers | For::Everybody => 0..count,
    };
    let list = format!("{}-{}", cores.start, cores.end - 1);
    let done = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", &list, &process::id().to_string()])
        .output()?;
    ensure!(done.status.success(), "taskset: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}
