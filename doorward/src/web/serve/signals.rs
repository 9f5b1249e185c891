//! The signals that ask a program to stop.

use std::io;

/// SIGTERM, which service managers send; SIGINT, which Ctrl-C sends; and SIGHUP, which a closed terminal sends.
///
/// [`Auth::serve`](crate::Auth::serve) waits for them by itself. This is for a program that has more to do when it stops:
/// see [`Serve::until`](crate::serve::Serve::until).
#[cfg(unix)]
#[derive(Debug)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    /// `None` if the program was started so that it ignores SIGHUP, as `nohup` does.
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    /// Waits for signals from now on. They do not end the program by themselves any more.
    ///
    /// # Errors
    /// If the system refuses to pass them on.
    pub fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: if ignores_hang_up() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    /// Waits for a signal to stop.
    pub async fn stop(&mut self) {
        let hang_up = async {
            match &mut self.hang_up {
                Some(hang_up) => hang_up.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = hang_up => {}
        }
    }

    /// Waits for a signal to end at once. SIGHUP does not count: a terminal and its shell both send it, so a second one
    /// means nothing.
    pub async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Returns `true` if this program ignores SIGHUP. Linux lists the ignored signals as bits: the first bit is signal 1,
/// SIGHUP.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "only the system knows which signals are ignored")]
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).is_some_and(|bits| bits & 1 == 1)
}

/// Ctrl-C, on systems without those signals.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Waits for Ctrl-C from now on.
    ///
    /// # Errors
    /// Never.
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for a signal to stop.
    pub async fn stop(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }

    /// Waits for a signal to end at once.
    pub async fn end(&mut self) {
        self.stop().await;
    }
}
