//! A running `doorward` with a database of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// Stops when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// `localhost` and its port.
    address: String,
    _directory: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with settings, given as environment variables without their prefix.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        Self::with_file("", settings)
    }

    /// Starts a server with this `doorward.toml` and further settings.
    pub(crate) fn with_file(file: &str, settings: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("doorward.toml"), file).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_doorward"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:doorward.db"])
            .envs(settings.iter().map(|(name, value)| (format!("DOORWARD_{name}"), *value)))
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once(" listens on http://").unwrap_or_else(|| {
            panic!("the server printed {line:?} first, not its address");
        });
        // Read its later output, or it could block.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        Self { child, address: address.to_owned(), _directory: directory }
    }

    /// Returns the host and the port that it listens on.
    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Posts JSON like an app that is no browser.
    pub(crate) fn post_json(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post(path, "application/json", &body.to_string())
    }

    pub(crate) fn post(&self, path: &str, content_type: &str, body: &str) -> (u16, Value) {
        self.send("POST", path, content_type, body)
    }

    /// Returns the path and query of the newest link in the mailbox for developers that leads to this page.
    pub(crate) fn mailed_link(&self, page: &str) -> String {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            let (status, mailbox) = self.send("GET", "/dev/mailbox", "application/json", "");
            assert_eq!(status, 200, "{mailbox}");
            let links = mailbox["mails"].as_array().unwrap().iter().filter_map(|mail| mail["link"].as_str());
            let mut paths = links.filter_map(|link| link.find(page).map(|at| link[at..].to_owned()));
            if let Some(path) = paths.next() {
                return path;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("no mail with a link to {page}");
    }

    fn send(&self, method: &str, path: &str, content_type: &str, body: &str) -> (u16, Value) {
        self.send_with("", method, path, content_type, body)
    }

    /// Sends a request with further lines of its head, each with its end.
    fn send_with(
        &self,
        head: &str,
        method: &str,
        path: &str,
        content_type: &str,
        body: &str,
    ) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (address, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAccept: application/json\r\n\
             {head}Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// Registers a user, and panics if that is refused.
    pub(crate) fn register(&self, email: &str, password: &str) {
        let (status, body) =
            self.post_json("/register", &serde_json::json!({ "email": email, "password": password }));
        assert_eq!(status, 201, "{body}");
    }

    /// Returns the status of `POST /token`: 200 if the credentials are correct.
    pub(crate) fn token(&self, email: &str, password: &str) -> u16 {
        self.post_credentials(email, password).0
    }

    fn post_credentials(&self, email: &str, password: &str) -> (u16, Value) {
        let form = format!("username={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
        self.post("/token", "application/x-www-form-urlencoded", &form)
    }

    /// Gives a user the name that others see.
    pub(crate) fn name(&self, email: &str, password: &str, name: &str) {
        let (_, granted) = self.post_credentials(email, password);
        let head = format!("Authorization: Bearer {}\r\n", granted["access_token"].as_str().unwrap());
        let body = serde_json::json!({ "display_name": name }).to_string();
        let (status, user) = self.send_with(&head, "PATCH", "/me", "application/json", &body);
        assert_eq!(status, 200, "{user}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
