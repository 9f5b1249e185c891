//! `Auth::serve`: an app of a host has the limits of the server.

use std::{
    fs,
    net::SocketAddr,
    num::NonZeroU32,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo, http::StatusCode, routing::get};
use doorward::{Auth, Config, CurrentUser, config::LimitConfig, serve::Hosts};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    time::timeout,
};

use crate::app::{ANN, App, Log, WRONG, config};

/// The app of the README, with a few routes more.
fn app(auth: &Auth) -> Router {
    Router::new()
        .route("/protected-route", get(|CurrentUser(user): CurrentUser| async move { user.email }))
        .route(
            "/from",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
        )
        .with_state(auth.clone())
        .nest("/auth", auth.router())
}

/// An app that is served until this is dropped.
struct Served {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

impl Served {
    async fn new(auth: &Auth) -> Self {
        let (listener, address) = listen().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = auth.serve(listener, app(auth)).until(async {
            let _ = stopped.await;
        });
        tokio::spawn(serve.into_future());
        Self { address, _stop: stop }
    }

    /// Sends bytes, and reads until the connection ends.
    async fn answer(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes.as_ref()).await.unwrap();
        rest(&mut stream).await
    }

    async fn token(&self, email: &str) -> String {
        let body = format!("username={email}&password={WRONG}");
        let kind = "application/x-www-form-urlencoded";
        let length = body.len();
        self.answer(format!(
            "POST /auth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ))
        .await
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut rest = String::new();
    let read = timeout(Duration::from_secs(60), stream.read_to_string(&mut rest)).await;
    read.expect("the connection ends").unwrap();
    rest
}

fn few_failures() -> Config {
    let limit = LimitConfig { failures_per_address: NonZeroU32::new(3).unwrap(), ..LimitConfig::default() };
    Config { limit, ..config() }
}

#[test]
fn the_readme_and_the_first_page_show_the_same_whole_host() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("../README.md")).unwrap();
    let page = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let page = page.lines().filter_map(|line| line.strip_prefix("//!"));
    let page: String = page.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
    let example =
        |text: &str, fence: &str| text.split_once(fence).unwrap().1.split_once("```").unwrap().0.to_owned();
    let shown = example(&readme, "```rust,no_run\n");
    assert_eq!(shown, example(&page, "```no_run\n"));
    assert!(shown.contains("auth.serve(listener, app)") && !shown.contains("axum::serve"), "{shown}");
}

#[tokio::test]
async fn a_client_of_a_served_app_cannot_guess_at_all_accounts() {
    let accounts = App::with(few_failures()).await;
    let served = Served::new(&accounts.auth).await;
    for number in 0..3 {
        let answer = served.token(&format!("user{number}@example.org")).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    let answer = served.token(ANN).await;
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
}

#[tokio::test]
async fn a_served_app_refuses_what_the_server_refuses() {
    let accounts = App::new().await;
    let served = Served::new(&accounts.auth).await;
    let large = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "a".repeat(17 * 1024));
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(9 * 1024));
    for (bytes, status, code) in [
        // RFC 9112, section 6.3: two lengths may be an attempt to smuggle a request.
        (
            "POST /auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "malformed_request",
        ),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, "malformed_request"),
        (&large, 431, "headers_too_large"),
        (&long, 414, "url_too_long"),
        // A page of this name would lead to this machine.
        ("GET /protected-route HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "misdirected_request"),
    ] {
        let answer = served.answer(bytes).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(code), "{answer}");
        for header in ["x-content-type-options: nosniff", "connection: close", "x-request-id: "] {
            assert!(answer.contains(header), "{header} is missing in {answer}");
        }
    }
    let asked = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let answer = served.answer(asked("/protected-route")).await;
    assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("x-request-id: "), "{answer}");
    assert!(served.answer(asked("/from")).await.ends_with("\r\n\r\n127.0.0.1"));
}

#[tokio::test]
async fn a_served_app_does_not_wait_for_a_slow_head() {
    let accounts = App::new().await;
    let served = Served::new(&accounts.auth).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"GET /protected-route HTTP/1.1\r\nHost: loc").await.unwrap();
    // The bytes must arrive before the clock moves.
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn an_app_serves_the_hosts_that_it_lists() {
    let accounts = App::new().await;
    let (listener, address) = listen().await;
    let hosts = Hosts::of(["app.example.org"].into_iter()).unwrap();
    tokio::spawn(accounts.auth.serve(listener, app(&accounts.auth)).allowed_hosts(hosts).into_future());
    for (host, status) in [("app.example.org", 401), ("localhost", 421), ("evil.example", 421)] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET /protected-route HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");
    }
}

/// Serves `/slow` until `stop`. Returns when a request for it has begun, with its connection.
async fn busy(
    accounts: &App,
    stop: Option<oneshot::Receiver<()>>,
) -> (tokio::task::JoinHandle<std::io::Result<()>>, TcpStream, Arc<Notify>) {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (beginning, going) = (begun.clone(), go.clone());
    let slow = get(async move || {
        beginning.notify_one();
        going.notified().await;
        "slow"
    });
    let (listener, address) = listen().await;
    let serve = accounts.auth.serve(listener, Router::new().route("/slow", slow));
    let serve = match stop {
        Some(stop) => serve.until(async {
            let _ = stop.await;
        }),
        None => serve,
    };
    let served = tokio::spawn(serve.into_future());
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    begun.notified().await;
    (served, stream, go)
}

#[tokio::test]
async fn a_stop_answers_the_request_in_progress_and_ends_readiness() {
    let accounts = App::new().await;
    let (stop, stopped) = oneshot::channel();
    let (served, mut stream, go) = busy(&accounts, Some(stopped)).await;
    stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    go.notify_one();
    let answer = rest(&mut stream).await;
    assert!(answer.contains("connection: close\r\n") && answer.ends_with("slow"), "{answer}");
    timeout(Duration::from_secs(20), served).await.expect("it stops").unwrap().unwrap();
    // A load balancer learns that no more requests should come.
    assert_eq!(accounts.anonymous().get("/auth/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_app_stops_at_sigterm_and_a_second_one_ends_the_wait() {
    use rustix::process::{Signal, getpid, kill_process};

    let accounts = App::new().await;
    let (served, _stream, _go) = busy(&accounts, None).await;
    kill_process(getpid(), Signal::TERM).unwrap();
    // The last call for requests is over.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!served.is_finished());
    kill_process(getpid(), Signal::TERM).unwrap();
    timeout(Duration::from_secs(5), served)
        .await
        .expect("it stops before its nine seconds")
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn the_log_of_an_app_has_each_request_and_each_refusal() {
    let accounts = App::new().await;
    let (listener, address) = listen().await;
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let log = lines.clone();
    let serve = accounts.auth.serve(listener, app(&accounts.auth)).log(move |served| {
        let method = served.method.map_or("-", |method| method.as_str());
        let status = served.status.map_or(0, |status| status.as_u16());
        log.lock().unwrap().push(format!("{method} {} {status}", served.path));
        assert_eq!((served.id.len(), served.peer.unwrap().ip().to_string()), (16, "127.0.0.1".into()));
        panic!("a panic of the log harms nobody");
    });
    tokio::spawn(serve.into_future());
    for head in
        ["GET /auth/me?secret=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "nonsense\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        assert!(!rest(&mut stream).await.is_empty());
    }
    assert_eq!(*lines.lock().unwrap(), ["GET /auth/me 401", "-  400"]);
}

#[tokio::test]
async fn a_guess_from_an_unknown_address_warns_once_with_the_fix() {
    const FIX: &str = "auth.serve(listener, app)";
    let accounts = App::with(few_failures()).await;
    let log = Log::begin();
    assert_eq!(
        accounts.anonymous().from("192.0.2.1").request_token(ANN, WRONG).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(log.lines_with(FIX).is_empty());
    for _ in 0..2 {
        assert_eq!(accounts.anonymous().request_token(ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    let warnings = log.lines_with(FIX);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("into_make_service_with_connect_info"), "{warnings:?}");
}
