//! A connection as its peer sees it. Time moves only while all tasks wait.

use std::{
    future::pending,
    sync::{Mutex, atomic::Ordering},
};

use axum::{
    Router,
    body::to_bytes,
    middleware::{self, Next},
    routing::{get, post},
};
use tokio::{
    io::{DuplexStream, duplex},
    sync::Notify,
    task::JoinHandle,
    time::Instant,
};
use tower::ServiceBuilder;

use super::*;

/// The origin whose pages may read answers.
const LISTED: &str = "https://app.example.org";

async fn allow_listed(request: Request<Body>, next: Next) -> Response<Body> {
    let is_listed = request.headers().get("origin").is_some_and(|origin| origin == LISTED);
    let mut answer = next.run(request).await;
    if is_listed {
        answer.headers_mut().insert("access-control-allow-origin", HeaderValue::from_static(LISTED));
    }
    answer
}

/// The peer of a connection.
struct Peer {
    stream: DuplexStream,
    server: Arc<Server<Router>>,
    exchange: Arc<Exchange>,
    stop: Option<oneshot::Sender<MakeRoom>>,
    served: JoinHandle<()>,
    /// Requests that reached a handler.
    seen: Arc<Mutex<Vec<String>>>,
    /// Lets `/slow` answer.
    go: Arc<Notify>,
}

async fn peer() -> Peer {
    peer_with_buffer(1 << 20).await
}

async fn peer_with_buffer(buffer: usize) -> Peer {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let go = Arc::new(Notify::new());
    let (saw, going) = (seen.clone(), go.clone());
    let router = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/ignore", post(|| async { "ignored" }))
        .route("/large", get(|| async { "a".repeat(1 << 20) }))
        .route("/never", get(pending::<()>))
        .route("/capitals", get(capitals))
        .route(
            "/slow",
            get(async move || {
                going.notified().await;
                "slow"
            }),
        )
        .route(
            "/echo",
            post(async |request: Request<Body>| {
                to_bytes(request.into_body(), 1 << 16).await.map_err(|_| axum::http::StatusCode::BAD_REQUEST)
            }),
        )
        .layer(ServiceBuilder::new().map_request(move |request: Request<Body>| {
            saw.lock().unwrap().push(request.uri().path().to_owned());
            request
        }))
        .layer(ServiceBuilder::new().map_response(|mut response: Response<Body>| {
            response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
            response
        }));
    let router = router.layer(middleware::from_fn(allow_listed));
    let refusals = Refusals::like(&router).await.for_pages(&router, &[LISTED.into()]).await;
    seen.lock().unwrap().clear();
    let server = Arc::new(Server::of(router, refusals, false));
    let (stream, theirs) = duplex(buffer);
    let (stop, stopped) = oneshot::channel();
    let address = SocketAddr::from(([192, 0, 2, 1], 1024));
    let exchange = Arc::new(Exchange::new(server.stopping.clone()));
    let served = tokio::spawn(serve(server.clone(), theirs, address, exchange.clone(), stopped));
    Peer { stream, server, exchange, stop: Some(stop), served, seen, go }
}

impl Peer {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Reads one answer with a `Content-Length`.
    async fn answer(&mut self) -> String {
        let mut answer = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() == length.expect("an answer has a length").parse::<usize>().unwrap() {
                    return text.into_owned();
                }
            }
            let byte = self.stream.read_u8().await.expect("the connection ended before the answer did");
            answer.push(byte);
        }
    }

    /// Reads until the connection ends.
    async fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).await.unwrap();
        rest
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Asks the connection to make room, and waits until it has noticed.
    async fn make_room(&mut self) {
        self.stop.take().unwrap().send(MakeRoom).unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    fn stop(&mut self) {
        self.server.stopping.store(true, Ordering::Relaxed);
        self.stop = None;
    }
}

fn assert_refusal(answer: &str, status: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    for line in
        ["connection: close", "content-type: application/problem+json", "x-content-type-options: nosniff"]
    {
        assert!(answer.lines().any(|have| have == line), "{line} is missing in {answer}");
    }
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.lines().any(|line| line.starts_with("x-request-id: ") && line.len() == 30), "{head}");
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["status"].as_u64().unwrap().to_string(), status[..3]);
}

const HELLO: &str = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn requests_are_answered_one_after_the_other() {
    let mut peer = peer().await;
    for _ in 0..3 {
        peer.send(HELLO).await;
        let answer = peer.answer().await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
        assert!(!answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn pipelined_requests_are_all_answered() {
    let mut peer = peer().await;
    let echo = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab";
    let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    peer.send([HELLO, echo, chunked, HELLO].concat()).await;
    for end in ["hello", "ab", "ab", "hello"] {
        let answer = peer.answer().await;
        assert!(answer.ends_with(end), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_head_is_refused_ten_seconds_after_its_first_byte() {
    let mut peer = peer().await;
    tokio::time::sleep(Duration::from_secs(70)).await;
    let start = Instant::now();
    // A byte now and then does not extend the time.
    for byte in &HELLO.as_bytes()[..9] {
        peer.send([*byte]).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let answer = peer.rest().await;
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_refusal(&answer, "408 Request Timeout");
}

#[tokio::test(start_paused = true)]
async fn each_head_has_its_own_ten_seconds() {
    let mut peer = peer().await;
    let (first, last) = HELLO.split_at(8);
    peer.send(first).await;
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_secs(9)).await;
        // The next one begins with the end of this one.
        peer.send([last, first].concat()).await;
        assert!(peer.answer().await.ends_with("hello"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_75_seconds() {
    let mut peer = peer().await;
    let start = Instant::now();
    assert_eq!(peer.rest().await, "");
    assert_eq!(start.elapsed().as_secs(), 75);
}

#[tokio::test(start_paused = true)]
async fn the_idle_time_out_starts_again_with_each_request() {
    let mut peer = peer().await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(74)).await;
        peer.send(HELLO).await;
        peer.answer().await;
    }
    let start = Instant::now();
    assert_eq!(peer.rest().await, "");
    assert_eq!(start.elapsed().as_secs(), 75);
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_take_longer_than_the_idle_time_out() {
    let mut peer = peer().await;
    peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(300)).await;
    peer.go.notify_one();
    assert!(peer.answer().await.ends_with("slow"));
    peer.send(HELLO).await;
    assert!(peer.answer().await.ends_with("hello"));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_reads_nothing_is_cut_off_after_30_seconds() {
    let mut peer = peer_with_buffer(1024).await;
    peer.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let start = Instant::now();
    // While the peer reads now and then, the answer goes on.
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(29)).await;
        peer.stream.read_u8().await.unwrap();
    }
    (&mut peer.served).await.unwrap();
    // The connection also lingers for a moment.
    assert_eq!(start.elapsed().as_secs(), 3 * 29 + 30 + LINGER.as_secs());
}

#[tokio::test(start_paused = true)]
async fn an_unread_body_does_not_hold_the_connection() {
    let mut peer = peer().await;
    peer.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc").await;
    let start = Instant::now();
    assert!(peer.rest().await.ends_with("ignored"));
    assert!(start.elapsed() < Duration::from_secs(1));
    (&mut peer.served).await.unwrap();
    assert!(start.elapsed() <= LINGER + Duration::from_millis(1));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_still_sending_can_read_its_answer() {
    let mut peer = peer_with_buffer(1024).await;
    peer.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n").await;
    peer.send("a".repeat(1_000_000)).await;
    assert!(peer.rest().await.ends_with("ignored"));
}

#[tokio::test(start_paused = true)]
async fn an_ambiguous_request_is_refused_and_ends_the_connection() {
    for request in [
        "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        "GET /hello HTTP/1.1\nHost: a\n\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
    ] {
        for sent in [request.to_owned(), format!("{request}{HELLO}")] {
            let mut peer = peer().await;
            peer.send(&sent).await;
            assert_refusal(&peer.rest().await, "400 Bad Request");
            assert_eq!(peer.seen(), [""; 0], "{sent:?}");
        }
        // After a good request, at once and byte by byte.
        let mut peer = peer().await;
        peer.send(format!("{HELLO}{request}{HELLO}")).await;
        assert!(peer.answer().await.ends_with("hello"));
        assert_refusal(&peer.rest().await, "400 Bad Request");
        assert_eq!(peer.seen(), ["/hello"], "{request:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_waits_for_the_answer_before_it() {
    let mut peer = peer().await;
    peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\n\n").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    peer.go.notify_one();
    assert!(peer.answer().await.ends_with("slow"));
    assert_refusal(&peer.rest().await, "400 Bad Request");
}

#[tokio::test(start_paused = true)]
async fn heads_that_only_hyper_rejects_are_refused_alike() {
    for request in [
        &b"GET /hello HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"[..],
        b"GET /hello HTTP/1.1\r\nHost: a\r\nX\x01Y: a\r\n\r\n",
        b"GET /he\x7fl\"lo HTTP/1.1\r\nHost: a\r\n\r\n",
        b"G(T /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut peer = peer().await;
        peer.send(request).await;
        assert_refusal(&peer.rest().await, "400 Bad Request");
        assert_eq!(peer.seen(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_chunk_with_an_extension_ends_the_request_and_the_connection() {
    let mut peer = peer().await;
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    peer.send(format!("{head}2\r\nab\r\n2;x=y\r\ncd\r\n0\r\n\r\n{HELLO}")).await;
    let answer = peer.rest().await;
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert_eq!(peer.seen(), ["/echo"]);
}

#[tokio::test(start_paused = true)]
async fn heads_and_urls_that_are_too_large_are_refused() {
    let mut peer1 = peer().await;
    peer1.send(format!("GET /hello HTTP/1.1\r\nHost: a\r\nX: {}", "a".repeat(16 * 1024))).await;
    assert_refusal(&peer1.rest().await, "431 Request Header Fields Too Large");
    let mut peer2 = peer().await;
    peer2.send(format!("GET /hello HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(100))).await;
    assert_refusal(&peer2.rest().await, "431 Request Header Fields Too Large");
    let mut peer3 = peer().await;
    peer3.send(format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(8 * 1024))).await;
    assert_refusal(&peer3.rest().await, "414 URI Too Long");
    let mut peer4 = peer().await;
    peer4.send(format!("GET /hello HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(99))).await;
    assert!(peer4.answer().await.ends_with("hello"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_closes_its_half_is_answered() {
    let mut peer = peer().await;
    peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    peer.stream.shutdown().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    peer.go.notify_one();
    assert!(peer.rest().await.ends_with("slow"));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_an_error_for_its_reader() {
    let mut peer = peer().await;
    peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc").await;
    peer.stream.shutdown().await.unwrap();
    assert!(peer.rest().await.starts_with("HTTP/1.1 400 Bad Request\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_stopping_server_closes_idle_connections_after_a_last_call() {
    let mut peer = peer().await;
    peer.send(HELLO).await;
    peer.answer().await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let start = Instant::now();
    peer.stop();
    assert_eq!(peer.rest().await, "");
    assert_eq!(start.elapsed().as_millis() / 10, LAST_CALL_TENTHS);
}

/// The last call in hundredths of a second, since timers are exact to a millisecond.
const LAST_CALL_TENTHS: u128 = crate::web::serve::wire::LAST_CALL.as_millis() / 10;

#[tokio::test(start_paused = true)]
async fn a_stopping_server_answers_requests_in_progress_and_in_the_last_call() {
    let mut idle = peer().await;
    idle.stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    idle.send(HELLO).await;
    let answer = idle.rest().await;
    assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with("hello"), "{answer}");

    let mut busy = peer().await;
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    busy.stop();
    tokio::time::sleep(Duration::from_secs(5)).await;
    busy.go.notify_one();
    let answer = busy.rest().await;
    assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with("slow"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_goes_away_ends_the_connection() {
    let Peer { stream, served, stop, .. } = peer().await;
    drop(stream);
    let start = Instant::now();
    served.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 0);
    drop(stop);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_makes_room_at_once_and_without_a_word() {
    for request in ["", HELLO] {
        let mut peer = peer().await;
        peer.send(request).await;
        if !request.is_empty() {
            peer.answer().await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        peer.make_room().await;
        assert!(peer.served.is_finished());
        assert_eq!(peer.rest().await, "");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_arrives_slowly_is_refused_to_make_room() {
    let body = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc";
    let chunks = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";
    for begun in ["G", &HELLO[..20], body, chunks] {
        for before in ["", HELLO] {
            let mut peer = peer().await;
            peer.send([before, begun].concat()).await;
            if !before.is_empty() {
                peer.answer().await;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(peer.exchange.waits_since().is_some(), "{begun:?}");
            peer.make_room().await;
            assert!(peer.served.is_finished());
            let answer = peer.rest().await;
            assert_refusal(&answer, "503 Service Unavailable");
            assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_at_work_makes_room_after_its_answer() {
    let mut peer = peer().await;
    peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(peer.exchange.waits_since(), None);
    peer.make_room().await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(!peer.served.is_finished());
    peer.go.notify_one();
    let answer = peer.rest().await;
    assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with("slow"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_takes_its_answer_slowly_makes_room() {
    let mut peer = peer_with_buffer(1024).await;
    peer.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(peer.exchange.waits_since().is_some());
    peer.make_room().await;
    assert!(peer.served.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_byte_now_and_then_does_not_make_a_wait_younger() {
    let mut peer = peer().await;
    let start = Instant::now();
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
    let mut since = Vec::new();
    for byte in head[..5].bytes() {
        peer.send([byte]).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        since.push(peer.exchange.waits_since().unwrap() - start);
    }
    peer.send(&head[5..]).await;
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        since.push(peer.exchange.waits_since().unwrap() - start);
        peer.send("a").await;
    }
    let seconds: Vec<_> = since.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [0, 0, 0, 0, 0, 5, 5, 5, 5, 5]);
    peer.send("a".repeat(95)).await;
    assert!(peer.answer().await.ends_with(&"a".repeat(100)));
    // From now on the connection is idle.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((peer.exchange.waits_since().unwrap() - start).as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_asked_for_room_before_it_was_read_makes_room_when_it_waits() {
    let mut peer = peer().await;
    // The connection sees both at the same time.
    peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc").await;
    peer.make_room().await;
    assert!(peer.served.is_finished());
    assert_refusal(&peer.rest().await, "503 Service Unavailable");
}

#[tokio::test(start_paused = true)]
async fn a_page_of_a_listed_origin_reads_refusals() {
    let large = format!("Baggage: {}\r\n", "a".repeat(17 * 1024));
    let many = "X: y\r\n".repeat(100);
    let origin = format!("Origin: {LISTED}\r\n");
    let spelt = format!("oRIGIN:{LISTED} \r\n");
    let start = "GET /hello HTTP/1.1\r\nHost: a\r\n";
    let header = format!("\r\naccess-control-allow-origin: {LISTED}\r\n");
    for (head, status) in [
        (format!("{start}{origin}{large}\r\n"), "431"),
        // Chromium sends the headers of a script before `Origin`.
        (format!("{start}{large}{origin}\r\n"), "431"),
        (format!("{start}{large}{spelt}Accept: */*\r\n\r\n"), "431"),
        (format!("{start}{many}{origin}\r\n"), "431"),
        (format!("{start}Bad Header: x\r\n{origin}\r\n"), "400"),
        (format!("{start}X: a\u{1}b\r\n{origin}\r\n"), "400"),
        (format!("GET /hello HTTP/1.1\r\n{origin}\r\n"), "400"),
        (format!("GET /{} HTTP/1.1\r\nHost: a\r\n{origin}\r\n", "a".repeat(9 * 1024)), "414"),
    ] {
        for size in [1 << 20, 1000] {
            let mut peer = peer().await;
            for bytes in head.as_bytes().chunks(size) {
                peer.send(bytes).await;
                tokio::task::yield_now().await;
            }
            let answer = peer.rest().await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
            assert_eq!(answer.matches(&header).count(), 1, "{head:.60}: {answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_another_origin_reads_no_refusal() {
    let large = format!("Baggage: {}\r\n", "a".repeat(17 * 1024));
    let start = "GET /hello HTTP/1.1\r\nHost: a\r\n";
    for lines in [
        large.clone(),
        format!("Origin: https://evil.example\r\n{large}"),
        format!("{large}Origin: null\r\n"),
        format!("{large}Origin: {LISTED}.evil.example\r\n"),
        format!("Origin: {LISTED}\r\nOrigin: {LISTED}\r\n{large}"),
        format!("{large}\r\nOrigin: {LISTED}\r\n"),
    ] {
        let mut peer = peer().await;
        peer.send(format!("{start}{lines}\r\n")).await;
        let answer = peer.rest().await;
        assert!(answer.starts_with("HTTP/1.1 431 ") && !answer.contains("access-control"), "{answer}");
    }
    // The rest of a head is not waited for without end.
    let mut peer = peer().await;
    peer.send(format!("{start}{large}")).await;
    let begun = Instant::now();
    assert_refusal(&peer.rest().await, "431 Request Header Fields Too Large");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_page_reads_that_its_head_took_too_long() {
    let mut peer = peer().await;
    peer.send(format!("GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: {LISTED}\r\nX: ")).await;
    let answer = peer.rest().await;
    assert_refusal(&answer, "408 Request Timeout");
    assert!(answer.contains(&format!("access-control-allow-origin: {LISTED}\r\n")), "{answer}");
}

/// Answers with 101, and then sends back in capitals what comes.
async fn capitals(mut request: Request<Body>) -> Response<Body> {
    let taken = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut stream = TokioIo::new(taken.await.unwrap());
        let mut bytes = [0; 64];
        while let Ok(count @ 1..) = stream.read(&mut bytes).await {
            stream.write_all(&bytes[..count].to_ascii_uppercase()).await.unwrap();
        }
    });
    let switching =
        Response::builder().status(101).header("connection", "upgrade").header("upgrade", "capitals");
    switching.body(Body::empty()).unwrap()
}

const UPGRADE: &str = "GET /capitals HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: capitals\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn a_program_that_takes_a_connection_over_gets_its_bytes_unchecked_and_without_time_outs() {
    let mut peer = peer().await;
    peer.send(UPGRADE).await;
    let mut head = vec![0; "HTTP/1.1 101 ".len()];
    peer.stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head, b"HTTP/1.1 101 ");
    while !head.ends_with(b"\r\n\r\n") {
        head.push(peer.stream.read_u8().await.unwrap());
    }
    assert!(!String::from_utf8_lossy(&head).contains("connection: close"));
    // No request at all, longer than any head, and after any time-out.
    tokio::time::sleep(Duration::from_secs(1000)).await;
    for _ in 0..1000 {
        peer.send("not\0http").await;
        let mut echo = [0; 8];
        peer.stream.read_exact(&mut echo).await.unwrap();
        assert_eq!(&echo, b"NOT\0HTTP");
    }
    assert!(!peer.served.is_finished() && peer.exchange.waits_since().is_none());
    // A stop does not wait for the program.
    peer.stop();
    (&mut peer.served).await.unwrap();
    peer.send("still").await;
    let mut echo = [0; 5];
    peer.stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"STILL");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_taken_over_counts_until_it_ends() {
    let mut peer = peer().await;
    peer.send(UPGRADE).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!peer.served.is_finished());
    let Peer { stream, served, .. } = peer;
    drop(stream);
    timeout(Duration::from_secs(1), served).await.expect("the connection has ended").unwrap();
}
