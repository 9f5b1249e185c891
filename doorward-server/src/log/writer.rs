//! Gathers log lines in a buffer, and writes them from a separate thread.
//!
//! A request only copies its line into the buffer. It waits neither for a blocked output nor for a system call. The
//! thread wakes at most a hundred times a second and writes all lines of that time at once. When the buffer is full,
//! lines are dropped and counted.

use std::{
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// The most bytes of lines that wait to be written.
const CAPACITY: usize = 4 * 1024 * 1024;
/// The time for which lines are gathered before they are written.
const GATHER: Duration = Duration::from_millis(10);
/// The time that the end of the program waits for the last lines to be written.
const LAST: Duration = Duration::from_millis(500);

/// Takes lines from everywhere. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct LogWriter(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Signals new lines, or the end.
    news: Condvar,
    /// Signals that all lines are written.
    done: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
    writing: bool,
    ended: bool,
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the last lines when it is dropped.
#[derive(Debug)]
pub(crate) struct LogThread {
    writer: LogWriter,
    thread: Option<JoinHandle<()>>,
}

impl LogWriter {
    /// Starts the thread that writes to `output`.
    pub(crate) fn start(output: impl Write + Send + 'static) -> io::Result<(Self, LogThread)> {
        let writer = Self(Arc::default());
        let shared = writer.0.clone();
        let thread =
            thread::Builder::new().name("doorward-log".into()).spawn(move || write_out(&shared, output))?;
        Ok((writer.clone(), LogThread { writer, thread: Some(thread) }))
    }
}

fn write_out(shared: &Shared, mut output: impl Write) {
    let mut lines = Vec::new();
    let mut waiting = shared.waiting();
    loop {
        while waiting.lines.is_empty() && waiting.dropped == 0 && !waiting.ended {
            waiting = shared.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.lines.is_empty() && waiting.dropped == 0 {
            return;
        }
        if !waiting.ended {
            // Only the end cuts this short.
            let gathered = shared.news.wait_timeout_while(waiting, GATHER, |waiting| !waiting.ended);
            waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
        }
        lines.clear();
        std::mem::swap(&mut lines, &mut waiting.lines);
        let dropped = std::mem::take(&mut waiting.dropped);
        waiting.writing = true;
        drop(waiting);
        // An error of the log itself cannot be logged.
        let _ = output.write_all(&lines);
        if dropped > 0 {
            let _ = writeln!(
                output,
                "{{\"level\":\"WARN\",\"message\":\"log lines dropped\",\"lines\":{dropped}}}"
            );
        }
        let _ = output.flush();
        waiting = shared.waiting();
        waiting.writing = false;
        shared.done.notify_all();
    }
}

impl Write for &LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.waiting();
        if waiting.lines.len() + line.len() > CAPACITY {
            waiting.dropped += 1;
            return Ok(line.len());
        }
        let wake = waiting.lines.is_empty() && !waiting.writing;
        waiting.lines.extend_from_slice(line);
        drop(waiting);
        if wake {
            self.0.news.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

impl Drop for LogThread {
    fn drop(&mut self) {
        let mut waiting = self.writer.0.waiting();
        waiting.ended = true;
        self.writer.0.news.notify_all();
        // A blocked output must not keep the program from ending.
        let busy = |waiting: &mut Waiting| waiting.writing || !waiting.lines.is_empty();
        let done = self.writer.0.done.wait_timeout_while(waiting, LAST, busy);
        let written = !done.unwrap_or_else(PoisonError::into_inner).1.timed_out();
        if written && let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// An output that takes bytes only after a signal.
    struct Blocked {
        go: mpsc::Receiver<()>,
        taken: mpsc::Sender<Vec<u8>>,
    }

    impl Write for Blocked {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.go.recv();
            let _ = self.taken.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_last_lines_are_written_at_the_end() {
        let (taken, lines) = mpsc::channel();
        let (go, going) = mpsc::channel();
        drop(go);
        let (writer, thread) = LogWriter::start(Blocked { go: going, taken }).unwrap();
        (&writer).write_all(b"one\n").unwrap();
        (&writer).write_all(b"two\n").unwrap();
        drop(thread);
        assert_eq!(lines.iter().collect::<Vec<_>>().concat(), b"one\ntwo\n");
    }

    #[test]
    fn a_blocked_output_drops_lines_and_blocks_no_writer() {
        let (taken, lines) = mpsc::channel();
        let (go, going) = mpsc::channel();
        let (writer, thread) = LogWriter::start(Blocked { go: going, taken }).unwrap();
        let line = [b'a'; 1024];
        // More than fits in the buffer being written and the one waiting.
        for _ in 0..3 * CAPACITY / line.len() {
            (&writer).write_all(&line).unwrap();
        }
        drop(go);
        drop(thread);
        let written = lines.iter().collect::<Vec<_>>().concat();
        assert!(written.len() <= 2 * CAPACITY + 1024, "{}", written.len());
        assert!(String::from_utf8(written).unwrap().contains("log lines dropped"));
    }
}
