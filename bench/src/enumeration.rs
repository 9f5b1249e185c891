//! Measures if the time of an answer tells whether an account exists: answers about known and about unknown addresses.
//!
//! The kinds of users take turns in a random order, so that noise hits all alike. An attacker cannot tell two kinds
//! apart if the chance that one takes longer (the area under the curve, AUC) is 0.45 to 0.55, and their medians
//! differ by at most a millisecond or two percent. One kind is measured twice, to show the noise.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use doorward::{Auth, Config, config::PasswordConfig};
use doorward_password::PasswordContext;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{report::Report, server::Server};

const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "not the password";

/// A kind of user, and the password that is tried.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    /// The domain of their addresses.
    domain: &'static str,
    password: &'static str,
}

const fn kind(name: &'static str, domain: &'static str, password: &'static str) -> Kind {
    Kind { name, domain, password }
}

/// The kind with which all others are compared.
const KNOWN: Kind = kind("wrong password", "known.example", WRONG);
const UNKNOWN: Kind = kind("unknown address", "unknown.example", WRONG);

const OURS: [Kind; 6] = [
    KNOWN,
    kind("wrong password, again", "again.example", WRONG),
    UNKNOWN,
    kind("no password", "without.example", WRONG),
    kind("disabled, wrong", "disabled.example", WRONG),
    kind("disabled, right", "disabled.example", PASSWORD),
];
const WITH_OTHERS: [Kind; 8] = [
    KNOWN,
    kind("wrong password, again", "again.example", WRONG),
    UNKNOWN,
    kind("no password", "without.example", WRONG),
    kind("disabled, right", "disabled.example", PASSWORD),
    kind("bcrypt, cost 12", "bcrypt.example", WRONG),
    kind("PBKDF2, 1 M rounds", "pbkdf2.example", WRONG),
    kind("MD5", "md5.example", WRONG),
];
const BY_MAIL: [Kind; 3] = [KNOWN, kind("known, again", "again.example", WRONG), UNKNOWN];

/// Measures and prints all comparisons.
pub(crate) async fn measure(doorward: &Path, pairs: usize) -> Result<()> {
    let _ = Report::begin();
    let requests = [("POST /token", token as fn(&str, &str) -> String), ("POST /login", login)];
    let run = Run::start(doorward, &OURS, pairs).await?;
    for (name, request) in requests {
        run.compare(name, &OURS, request).await?;
    }
    run.compare("POST /register, private", &BY_MAIL, register).await?;
    run.compare("POST /forgot-password", &BY_MAIL, forgot).await?;
    // Each answer takes as long as the slowest hash.
    let run = Run::start(doorward, &WITH_OTHERS, pairs.div_ceil(5)).await?;
    for (name, request) in requests {
        run.compare(&format!("{name}, beside hashes of other systems"), &WITH_OTHERS, request).await?;
    }
    Ok(())
}

fn post(path: &str, content_type: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn token(email: &str, password: &str) -> String {
    let password = password.replace(' ', "+");
    post("/token", "application/x-www-form-urlencoded", &format!("username={email}&password={password}"))
}

fn login(email: &str, password: &str) -> String {
    json("/login", &serde_json::json!({"email": email, "password": password}))
}

fn register(email: &str, _: &str) -> String {
    json("/register", &serde_json::json!({"email": email, "password": PASSWORD}))
}

fn forgot(email: &str, _: &str) -> String {
    json("/forgot-password", &serde_json::json!({"email": email}))
}

fn json(path: &str, body: &serde_json::Value) -> String {
    post(path, "application/json", &body.to_string())
}

/// Returns the address of one of the users of a domain.
fn address(number: usize, domain: &str) -> String {
    format!("user-{number:05}@{domain}")
}

/// A server and its users.
struct Run {
    server: Server,
    pairs: usize,
    _folder: tempfile::TempDir,
}

impl Run {
    async fn start(doorward: &Path, kinds: &[Kind], pairs: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("enumeration.db");
        let database = format!("sqlite:{}", file.display());
        fill(&database, kinds, pairs).await?;
        let without = "DELETE FROM credentials WHERE user_id IN
            (SELECT id FROM users WHERE email_key LIKE '%@without.example')";
        rusqlite::Connection::open(&file)?.execute(without, [])?;
        std::fs::write(
            folder.path().join("doorward.toml"),
            "registration = \"private\"\nlog = \"off\"\n[limit]\nfailures_per_address = 1000000\n\
             mails_per_recipient = 1000000\nmails_per_address = 1000000\nfree_failures = 50\n",
        )?;
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
        let server = Server::start(doorward, &arguments, folder.path()).await?;
        // The server first reads the stored hashes.
        tokio::time::sleep(Duration::from_secs(4)).await;
        Ok(Self { server, pairs, _folder: folder })
    }

    /// Sends requests about all kinds in turn, and prints the difference of each to the first.
    async fn compare(&self, name: &str, kinds: &[Kind], request: fn(&str, &str) -> String) -> Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.server.port)).await?;
        connection.set_nodelay(true)?;
        let mut times: Vec<Vec<Duration>> = kinds.iter().map(|_| Vec::new()).collect();
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut answers = std::collections::BTreeSet::new();
        for pair in 0..self.pairs {
            let mut order: Vec<_> = (0..kinds.len()).collect();
            for place in (1..order.len()).rev() {
                // xorshift64.
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                order.swap(place, (random % (place as u64 + 1)) as usize);
            }
            for index in order {
                let kind = &kinds[index];
                let request = request(&address(pair, kind.domain), kind.password);
                let begun = Instant::now();
                connection.write_all(request.as_bytes()).await?;
                answers.insert(answer(&mut connection).await?);
                times[index].push(begun.elapsed());
                // Let work in the background end before the next request.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        ensure!(answers.len() == 1, "the answers differ: {answers:?}");
        print(name, kinds, times);
        Ok(())
    }
}

async fn fill(database: &str, kinds: &[Kind], users: usize) -> Result<()> {
    let auth = Auth::open_with(
        database,
        Config {
            password: PasswordConfig { hashing_threads: 1, ..PasswordConfig::default() },
            ..Config::default()
        },
    )
    .await?;
    let argon2 = PasswordContext::builder().build()?.hash(PASSWORD)?;
    let mut filled = std::collections::BTreeSet::from([UNKNOWN.domain]);
    for kind in kinds.iter().filter(|kind| filled.insert(kind.domain)) {
        let hash = match kind.domain {
            "bcrypt.example" => PasswordContext::builder().bcrypt(12).build()?.hash(PASSWORD)?,
            // Any digest will do: nobody knows its password.
            "pbkdf2.example" => format!("pbkdf2_sha256$1000000$salt$A{}=", "A".repeat(42)),
            "md5.example" => "0123456789abcdef0123456789abcdef".into(),
            _ => argon2.clone(),
        };
        for number in 0..users {
            let user = auth.add_user_with_hash(&address(number, kind.domain), &hash).await?;
            if kind.domain == "disabled.example" {
                auth.disable_user(user.id).await?;
            }
        }
    }
    auth.close().await;
    Ok(())
}

/// Reads an answer to its end. Returns its first line.
async fn answer(connection: &mut TcpStream) -> Result<String> {
    let mut read = Vec::new();
    loop {
        ensure!(connection.read_buf(&mut read).await? > 0, "the server closed the connection");
        let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&read[..end])?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if read.len() >= end + 4 + length.context("an answer without a length")?.parse::<usize>()? {
            return Ok(head.lines().next().unwrap_or_default().to_owned());
        }
    }
}

fn print(name: &str, kinds: &[Kind], mut times: Vec<Vec<Duration>>) {
    for times in &mut times {
        times.sort_unstable();
    }
    let median = |times: &[Duration]| times[times.len() / 2].as_secs_f64() * 1000.0;
    let reference = &times[0];
    println!(
        "\n{name}, {} of each kind; {}: median {:.2} ms",
        reference.len(),
        kinds[0].name,
        median(reference)
    );
    println!("{:<24}{:>12}{:>12}{:>8}  tells", "", "median ms", "differs ms", "AUC");
    for (kind, times) in kinds.iter().zip(&times).skip(1) {
        let (area, differs) = (area(reference, times), median(times) - median(reference));
        let tells = !(0.45..=0.55).contains(&area) || differs.abs() > 1.0_f64.max(0.02 * median(reference));
        println!(
            "{:<24}{:>12.2}{differs:>12.2}{area:>8.3}  {}",
            kind.name,
            median(times),
            if tells { "YES" } else { "no" }
        );
    }
}

/// Returns the chance that one of `times` is longer than one of `reference`. Both are sorted.
fn area(reference: &[Duration], times: &[Duration]) -> f64 {
    let longer: f64 = times
        .iter()
        .map(|time| {
            let below = reference.partition_point(|other| other < time);
            let equal = reference.partition_point(|other| other <= time) - below;
            below as f64 + equal as f64 / 2.0
        })
        .sum();
    longer / (times.len() * reference.len()) as f64
}
