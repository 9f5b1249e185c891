//! A private PostgreSQL server that a test can stall, kill and start again.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::app::{is_root, postgres_server};

/// The server. Stopped when dropped.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts an empty server, if the tests run on PostgreSQL.
    pub(crate) fn start() -> Option<Self> {
        postgres_server()?;
        // PostgreSQL refuses to run as root, so another user owns the folder.
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let cluster = Self { folder, programs: programs(), port: free_port() };
        run(cluster.program("initdb").args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]).args([
            "--locale=C",
            "--no-sync",
            "-D",
            cluster.data(),
        ]));
        run(&mut cluster.pg_ctl("start"));
        Some(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// Kills the server and starts it again. Returns when it takes connections.
    pub(crate) async fn crash_and_restart(&self) {
        let mut restart = self.pg_ctl("restart");
        tokio::task::spawn_blocking(move || run(&mut restart)).await.unwrap();
    }

    fn pg_ctl(&self, what: &str) -> Command {
        // The library asks for durable commits itself. The server needs no flush to the disk here.
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60 -c fsync=off \
             -c synchronous_commit=off",
            self.port
        );
        let log = self.folder.path().join("log");
        let mut pg_ctl = self.program("pg_ctl");
        pg_ctl.args([what, "-s", "-w", "-t", "60", "-m", "immediate", "-D", self.data(), "-o", &settings]);
        pg_ctl.arg("-l").arg(log);
        pg_ctl
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }

    fn data(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = quietly(&mut self.pg_ctl("stop")).status();
    }
}

/// Processes that are stopped until this is dropped.
pub(crate) struct Stalled(Vec<i64>);

impl Stalled {
    pub(crate) fn stop(processes: Vec<i64>) -> Self {
        let stalled = Self(processes);
        stalled.signal("-STOP");
        stalled
    }

    fn signal(&self, name: &str) {
        for process in &self.0 {
            let _ = quietly(Command::new("kill").arg(name).arg(process.to_string())).status();
        }
    }
}

impl Drop for Stalled {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

fn quietly(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn run(command: &mut Command) {
    let status = quietly(command).status();
    assert!(status.as_ref().is_ok_and(|status| status.success()), "{command:?}: {status:?}");
}

/// The folder with the programs of the newest PostgreSQL on this machine.
fn programs() -> PathBuf {
    let versions =
        fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed in the folder of Debian");
    let version = |path: &Path| path.file_name().unwrap().to_str().unwrap().parse::<u32>().unwrap_or(0);
    let newest = versions.map(|entry| entry.unwrap().path()).max_by_key(|path| version(path));
    newest.expect("a version of PostgreSQL is installed").join("bin")
}

/// A port below the range of outgoing connections: while the server is down, no other program may get it.
fn free_port() -> u16 {
    let first = 12_000 + (std::process::id() % 8_000) as u16;
    (first..first + 500)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("one of 500 ports is free")
}
