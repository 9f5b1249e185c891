//! The load: connections that each send a request, wait for the answer and send the next.
//!
//! The client shares the machine with the server, so it does as little as it can. Requests are written before the clock
//! starts, and only the status and the length of an answer are read.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use memchr::memmem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The figures of a round.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) requests: usize,
    /// Requests per second.
    pub(crate) rate: f64,
    /// Latencies in microseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Seconds of the server's processor time for each request.
    pub(crate) cpu: f64,
}

/// Requests, ready to be sent. They live as long as the program.
#[derive(Clone, Copy)]
pub(crate) struct Requests {
    all: &'static [String],
    /// The number of requests sent so far, if each may be sent only once.
    sent: Option<&'static AtomicUsize>,
}

impl Requests {
    fn new(all: Vec<String>) -> Self {
        Self { all: all.leak(), sent: None }
    }

    pub(crate) fn first(self) -> &'static str {
        &self.all[0]
    }

    pub(crate) fn nth(self, number: usize) -> &'static str {
        &self.all[number % self.all.len()]
    }

    fn next(self, random: u64) -> Result<&'static str> {
        let Some(sent) = self.sent else { return Ok(self.nth(random as usize)) };
        self.all
            .get(sent.fetch_add(1, Ordering::Relaxed))
            .map(String::as_str)
            .context("all requests are sent")
    }
}

/// Makes `GET path` with each of the tokens.
pub(crate) fn gets(path: &str, tokens: &[String]) -> Requests {
    let get = |token: &String| {
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\r\n")
    };
    Requests::new(tokens.iter().map(get).collect())
}

/// Makes `GET path` with one header.
pub(crate) fn get_with(path: &str, header: &str) -> Requests {
    Requests::new(vec![format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{header}\r\n\r\n")])
}

/// Makes `POST path` with each of the forms.
pub(crate) fn posts(path: &str, forms: &[String]) -> Requests {
    Requests::new(forms.iter().map(|form| post(path, "", form)).collect())
}

/// Makes `POST path` with each of the forms, to be sent once.
pub(crate) fn posts_once(path: &str, forms: impl Iterator<Item = String>) -> Requests {
    once(forms.map(|form| post(path, "", &form)).collect())
}

/// Makes `POST path` with each of the forms, each from a client address of its own behind a proxy.
#[cfg(feature = "writes")]
pub(crate) fn posts_through_proxy(path: &str, forms: &[String]) -> Requests {
    let forwarded = |(number, form): (usize, &String)| {
        let [.., high, low] = number.to_be_bytes();
        post(path, &format!("x-forwarded-for: 10.0.{high}.{low}\r\n"), form)
    };
    Requests::new(forms.iter().enumerate().map(forwarded).collect())
}

fn post(path: &str, headers: &str, form: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         {headers}content-length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// Makes `POST path` with each JSON, to be sent once.
pub(crate) fn newcomers(path: &str, bodies: impl Iterator<Item = String>) -> Requests {
    let post = |body: String| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    once(bodies.map(post).collect())
}

/// Makes requests that are each sent once.
fn once(all: Vec<String>) -> Requests {
    Requests { sent: Some(Box::leak(Box::default())), ..Requests::new(all) }
}

/// Sends `requests`, drawn at random, over `connections` for `duration`. Each must be answered with 200 or 201.
/// Servers on several ports get the same number of connections each.
pub(crate) async fn run(
    ports: &[u16],
    requests: Requests,
    connections: usize,
    duration: Duration,
) -> Result<Round> {
    let begun = Instant::now();
    let tasks = (0..connections)
        .map(|seed| (ports[seed % ports.len()], seed as u64 + 1))
        .map(|(port, seed)| tokio::spawn(connection(port, requests, seed, begun + duration)));
    let results = try_join_all(tasks).await?;
    figures(results, begun.elapsed())
}

/// Sends `rate` requests a second over `connections` for `duration`. A connection that is late sends the next request at
/// once.
pub(crate) async fn paced(
    port: u16,
    requests: Requests,
    connections: usize,
    rate: usize,
    duration: Duration,
) -> Result<Round> {
    let begun = Instant::now();
    let pause = Duration::from_secs_f64(connections as f64 / rate as f64);
    let tasks = (0..connections).map(|number| {
        let first = begun + pause.mul_f64(number as f64 / connections as f64);
        tokio::spawn(paced_connection(port, requests, first, pause, begun + duration))
    });
    let results = try_join_all(tasks).await?;
    figures(results, begun.elapsed())
}

async fn paced_connection(
    port: u16,
    requests: Requests,
    first: Instant,
    pause: Duration,
    end: Instant,
) -> Result<Vec<u32>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut latencies, mut buffer, mut due) = (Vec::new(), vec![0; 8192], first);
    while due < end {
        tokio::time::sleep_until(due.into()).await;
        let begun = Instant::now();
        stream.write_all(requests.next(0)?.as_bytes()).await?;
        read_answer(&mut stream, &mut buffer).await?;
        latencies.push(begun.elapsed().as_micros() as u32);
        due += pause;
    }
    Ok(latencies)
}

fn figures(results: Vec<Result<Vec<u32>>>, elapsed: Duration) -> Result<Round> {
    let mut latencies = Vec::new();
    for result in results {
        latencies.extend(result?);
    }
    ensure!(!latencies.is_empty(), "no request was answered");
    latencies.sort_unstable();
    let at = |share: f64| f64::from(latencies[((latencies.len() - 1) as f64 * share) as usize]);
    Ok(Round {
        requests: latencies.len(),
        rate: latencies.len() as f64 / elapsed.as_secs_f64(),
        p50: at(0.5),
        p99: at(0.99),
        cpu: 0.0,
    })
}

async fn connection(port: u16, requests: Requests, seed: u64, end: Instant) -> Result<Vec<u32>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut latencies, mut buffer, mut random) =
        (Vec::new(), vec![0; 8192], seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    loop {
        let begun = Instant::now();
        if begun >= end {
            return Ok(latencies);
        }
        // xorshift64: the order of the tokens only has to be spread out.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        stream.write_all(requests.next(random)?.as_bytes()).await?;
        read_answer(&mut stream, &mut buffer).await?;
        latencies.push(begun.elapsed().as_micros() as u32);
    }
}

/// Sends each of the requests once, so that the server has seen them.
pub(crate) async fn send_each(port: u16, requests: Requests) -> Result<()> {
    const CONNECTIONS: usize = 16;
    let count = requests.all.len();
    let sends = (0..CONNECTIONS.min(count))
        .map(|first| send_some(port, requests, (first..count).step_by(CONNECTIONS)));
    try_join_all(sends).await.map(drop)
}

/// Sends this number of requests, one after another.
pub(crate) async fn send(port: u16, requests: Requests, count: usize) -> Result<()> {
    send_some(port, requests, 0..count).await
}

async fn send_some(port: u16, requests: Requests, numbers: impl Iterator<Item = usize>) -> Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 8192];
    for number in numbers {
        stream.write_all(requests.nth(number).as_bytes()).await?;
        read_answer(&mut stream, &mut buffer).await?;
    }
    Ok(())
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut length = 0;
    loop {
        let read = stream.read(&mut buffer[length..]).await?;
        ensure!(read > 0, "the server closed the connection");
        length += read;
        let Some(end) = memmem::find(&buffer[..length], b"\r\n\r\n") else { continue };
        let head = &buffer[..end];
        ensure!(head.starts_with(b"HTTP/1.1 20"), "not 200 or 201: {}", String::from_utf8_lossy(head));
        let whole = match length_of(head)? {
            Some(body) => length >= end + 4 + body,
            // Peers send chunks. The last one is empty.
            None => buffer[..length].ends_with(b"0\r\n\r\n"),
        };
        if whole {
            return Ok(());
        }
    }
}

/// Reads `Content-Length`. An answer with many headers should not cost more to read than one with few.
fn length_of(head: &[u8]) -> Result<Option<usize>> {
    let found = |name: &[u8]| memmem::find(head, name).map(|at| &head[at + name.len()..]);
    let Some(value) = found(b"content-length: ").or_else(|| found(b"Content-Length: ")) else {
        return Ok(None);
    };
    let digits = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
    Ok(Some(std::str::from_utf8(&value[..digits])?.parse()?))
}

/// Sends one request over its own connection. Returns the whole answer.
pub(crate) async fn answer(port: u16, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(request.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8(answer)?)
}
