//! A home: a folder and a database for one test, to run commands and servers in.

use std::{
    io::{BufRead as _, BufReader, Read, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;

use crate::http::{Answer, Client};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// The longest that a tested action may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The folder in which an operator works.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) database: String,
}

impl Home {
    /// Makes a home on the database that is tested.
    pub(crate) fn new() -> Self {
        match std::env::var("TEST_POSTGRES") {
            Ok(server) => Self::with_database(|_| fresh_database(&server)),
            Err(_) => Self::on_sqlite(),
        }
    }

    /// Makes a home on SQLite, even if another database is tested.
    pub(crate) fn on_sqlite() -> Self {
        Self::with_database(|folder| format!("sqlite:{}", folder.join("doorward.db").display()))
    }

    fn with_database(database: impl FnOnce(&Path) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database(folder.path());
        let home = Self { folder, database };
        home.write("doorward.toml", "");
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Prepares the program with these arguments, in an empty environment, without naming a database.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Prepares the program on this database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.env("DOORWARD_DATABASE", &self.database);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }

    /// Runs a command with an input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran(child.wait_with_output().unwrap())
    }

    /// Starts the server on a port of its own.
    pub(crate) fn start(&self) -> Server {
        self.start_with(&[])
    }

    pub(crate) fn start_with(&self, arguments: &[&str]) -> Server {
        Server::start(self.command(&[&["--listen", "127.0.0.1:0"], arguments].concat()))
    }
}

fn fresh_database(server: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("doorward_cli_{}_{count}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("{server}/postgres");
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    });
    format!("{server}/{name}?sslmode=disable")
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    /// Returns the output of a command that succeeded.
    #[track_caller]
    pub(crate) fn done(&self) -> String {
        assert_eq!((self.code(), self.stderr().as_str()), (Some(0), ""));
        self.stdout()
    }

    /// Returns the one line of error of a command that failed.
    #[track_caller]
    pub(crate) fn failed(&self) -> String {
        let error = self.stderr();
        assert_eq!((self.code(), self.stdout().as_str()), (Some(1), ""), "{error}");
        let line = error.strip_prefix("doorward: ").and_then(|line| line.strip_suffix('\n'));
        let line = line.unwrap_or_else(|| panic!("not one line of ours: {error}"));
        assert!(!line.contains('\n'), "{error}");
        line.to_owned()
    }
}

/// A server that runs.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// The first lines of its output.
    pub(crate) greeting: String,
    log: mpsc::Receiver<String>,
    logged: String,
}

impl Server {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = lines(child.stderr.take().unwrap());
        let mut output = child.stdout.take().unwrap();
        // The greeting arrives in one piece.
        let mut greeting = vec![0; 4096];
        let length = output.read(&mut greeting).unwrap();
        let greeting = String::from_utf8(greeting[..length].to_vec()).unwrap();
        let places = greeting.lines().next().and_then(|line| line.split_once(" listens on "));
        let Some((_, places)) = places else {
            let _ = child.wait();
            panic!("the server did not start: {greeting}{}", log.iter().collect::<Vec<_>>().join("\n"));
        };
        let places = places.replace("localhost", "127.0.0.1");
        // A server may have no address, but only a socket file.
        let address = places.split_once("http://").map_or("0.0.0.0:0", |(_, address)| address);
        let address = address.split_whitespace().next().unwrap().parse().unwrap();
        Self { child, address, greeting, log, logged: String::new() }
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    /// Sends one request on a connection of its own.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        self.connect().request(method, path, headers, body)
    }

    pub(crate) fn register(&self, email: &str) -> Answer {
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        self.request("POST", "/register", &["Content-Type: application/json"], &body)
    }

    /// Logs in with a password.
    pub(crate) fn token(&self, email: &str, password: &str) -> Answer {
        let body = format!("username={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
        self.request("POST", "/token", &["Content-Type: application/x-www-form-urlencoded"], &body)
    }

    pub(crate) fn me(&self, token: &str) -> Answer {
        self.request("GET", "/me", &[&format!("Authorization: Bearer {token}")], "")
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Returns the memory that the server uses, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Waits for a line in the log that contains this.
    pub(crate) fn wait_for_log(&mut self, part: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let line = self.log.recv_timeout(deadline - Instant::now());
            let line = line.unwrap_or_else(|_| panic!("no {part:?} in the log:\n{}", self.logged));
            self.logged += &format!("{line}\n");
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Waits until the server has ended. Returns its exit status and its log.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let log = std::mem::replace(&mut self.log, mpsc::channel().1);
        let mut logged = std::mem::take(&mut self.logged);
        for line in log {
            logged += &format!("{line}\n");
        }
        (self.child.wait().unwrap(), logged)
    }

    /// Stops the server as a service manager does. Returns its log.
    pub(crate) fn stop(self) -> String {
        self.signal("-TERM");
        let (status, logged) = self.ended();
        assert!(status.success(), "{status}: {logged}");
        logged
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(from: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (line, lines) = mpsc::channel();
    thread::spawn(move || {
        for read in BufReader::new(from).lines().map_while(Result::ok) {
            if line.send(read).is_err() {
                break;
            }
        }
    });
    lines
}
