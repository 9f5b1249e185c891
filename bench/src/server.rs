//! A server as a separate process: its first answer, its costs, and its end together with the benchmark.

use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
};

/// A running server.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// The time from the start of the process to its first answer.
    pub(crate) started_in: Duration,
    child: Child,
    /// `true` if it starts further processes, which end with it.
    group: bool,
    /// Kept open, so that the server can go on printing.
    _output: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) async fn start(binary: &Path, arguments: &[String], folder: &Path) -> Result<Self> {
        let binary =
            fs::canonicalize(binary).with_context(|| format!("no binary at {}", binary.display()))?;
        let begun = Instant::now();
        let mut child = Command::new(&binary)
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut output = BufReader::new(child.stdout.take().context("a process with an output")?);
        let mut line = String::new();
        output.read_line(&mut line).await?;
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.with_context(|| format!("{} printed no address: {line:?}", binary.display()))?;
        answers(port).await?;
        Ok(Self { port, started_in: begun.elapsed(), child, group: false, _output: output })
    }

    /// Starts a peer. Returns its name and the two lines that it prints after its address.
    pub(crate) async fn peer(serve: &Path, folder: &Path) -> Result<(Self, Vec<String>)> {
        let serve = fs::canonicalize(serve)?;
        let begun = Instant::now();
        let mut child = Command::new(serve)
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .process_group(0)
            .spawn()?;
        let mut output = BufReader::new(child.stdout.take().context("a process with an output")?);
        let mut lines = Vec::new();
        for _ in 0..3 {
            let mut line = String::new();
            output.read_line(&mut line).await?;
            lines.push(line.trim().to_owned());
        }
        let (name, address) = lines[0].split_once(" http://").context("it printed no address")?;
        let port = address.rsplit(':').next().unwrap_or_default().parse()?;
        lines[0] = name.to_owned();
        Ok((Self { port, started_in: begun.elapsed(), child, group: true, _output: output }, lines))
    }

    /// Stops it like a service manager does, and waits until it has ended.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Command::new("kill").arg(self.pid()?.to_string()).status().await?;
        self.child.wait().await?;
        Ok(())
    }

    /// Returns the seconds of processor time that the process has used so far.
    pub(crate) fn cpu(&self) -> Result<f64> {
        let mut processes = vec![self.pid()?];
        let mut sum = 0.0;
        while let Some(process) = processes.pop() {
            sum += cpu(process)?;
            let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
            let children = children.unwrap_or_default();
            processes.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        Ok(sum)
    }

    /// Returns the bytes of memory that the process uses.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// Returns the most bytes of memory that the process has used.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such figure")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    fn pid(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }
}

/// Returns the seconds of processor time of the threads of a process. The scheduler measures them more finely than
/// the ticks of `/proc/PID/stat`.
fn cpu(process: u32) -> Result<f64> {
    let mut nanoseconds = 0.0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        // It may have ended in the meantime.
        let Ok(figures) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let on_cpu =
            figures.split_whitespace().next().context("the kernel does not measure the time of threads")?;
        nanoseconds += on_cpu.parse::<f64>()?;
    }
    Ok(nanoseconds / 1e9)
}

impl Drop for Server {
    fn drop(&mut self) {
        if let (true, Some(leader)) = (self.group, self.child.id()) {
            // They may have ended.
            let _ = std::process::Command::new("kill").args(["--", &format!("-{leader}")]).status();
        }
    }
}

async fn answers(port: u16) -> Result<()> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    connection.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("the server is not healthy: {}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
