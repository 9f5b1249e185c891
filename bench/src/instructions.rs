//! Counts the instructions of the server for one `GET /me`: a figure that does not depend on the load of the machine.
//!
//! The server runs under callgrind, once with few and once with many requests. The difference is the cost of the
//! requests. Instructions of the kernel are not counted.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{load, seed, server::Server};

const FEW: usize = 500;
const MANY: usize = 8500;
/// The share by which the count may grow before the check fails.
const TOLERANCE: f64 = 0.05;
/// The file with the expected count.
const EXPECTED: &str = "bench/instructions.txt";

/// Counts, and compares with the expected count.
pub(crate) async fn check(doorward: &Path, accept: bool) -> Result<()> {
    let doorward =
        fs::canonicalize(doorward).with_context(|| format!("no binary at {}", doorward.display()))?;
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("counted.db").display());
    let tokens = seed::sessions(&database, 10, 100).await?;
    let itself = std::env::current_exe()?;
    let bare = count(folder.path(), &itself, &["bare"], load::gets("/me", &["none".into()])).await?;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--database", &database];
    let ours = count(folder.path(), &doorward, &serve, load::gets("/me", &tokens)).await?;
    println!("GET /me: {ours:.0} instructions, {:.2} times those of bare axum ({bare:.0})", ours / bare);
    if accept {
        return Ok(fs::write(EXPECTED, format!("{ours:.0}\n"))?);
    }
    let expected: f64 = fs::read_to_string(EXPECTED)?.trim().parse()?;
    ensure!(
        ours <= expected * (1.0 + TOLERANCE),
        "that is {:.1} % more than the {expected:.0} of {EXPECTED}",
        (ours / expected - 1.0) * 100.0
    );
    println!("expected: {expected:.0}, and up to {:.0} % more", TOLERANCE * 100.0);
    Ok(())
}

async fn count(folder: &Path, binary: &Path, arguments: &[&str], requests: load::Requests) -> Result<f64> {
    // The first start makes keys, which takes any number of instructions.
    run(folder, binary, arguments, requests, FEW).await?;
    let few = run(folder, binary, arguments, requests, FEW).await?;
    let many = run(folder, binary, arguments, requests, MANY).await?;
    Ok((many - few) / (MANY - FEW) as f64)
}

/// Returns the instructions of a whole run that answers `count` requests.
async fn run(
    folder: &Path,
    binary: &Path,
    arguments: &[&str],
    requests: load::Requests,
    count: usize,
) -> Result<f64> {
    let log = folder.join("callgrind.log");
    let mut command = vec![
        "--tool=callgrind".to_owned(),
        "--callgrind-out-file=/dev/null".to_owned(),
        format!("--log-file={}", log.display()),
        binary.display().to_string(),
    ];
    command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
    let valgrind = Path::new("/usr/bin/valgrind");
    let server = Server::start(valgrind, &command, folder).await.context("is valgrind installed?")?;
    load::send(server.port, requests, count).await?;
    server.stop().await?;
    let log = fs::read_to_string(log)?;
    let collected =
        log.lines().find_map(|line| line.split_once("Collected : ")).context("callgrind counted nothing")?;
    Ok(collected.1.trim().parse()?)
}
