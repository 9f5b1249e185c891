//! Measures the sessions per second that are written and flushed to the disk, with a very low cost of hashing.

use std::{
    fs::File,
    io::Write as _,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{accounts, contest::spread, load, report::Report, seed, server::Server, setup::Setup};

const CLIENTS: usize = 128;
const USERS: usize = 1000;

/// Measures and reports them.
pub(crate) async fn measure(setup: &Setup, report: &mut Report) -> Result<()> {
    // On the disk of the workspace: a temporary folder may be in memory.
    let folder = tempfile::tempdir_in(".")?;
    // Each way has its own users: a log-in from another place sends a mail.
    let forms: Vec<_> = (0..2 * USERS).map(seed::form).collect();
    let everywhere = load::posts_through_proxy("/token", &forms[..USERS]);
    let one_place = load::posts("/token", &forms[USERS..]);
    report.title(&format!("Durable session writes, {CLIENTS} clients that log in"));
    report.line("| | log-ins/s | p99 ms | all from one address, log-ins/s | p99 ms |");
    report.line("|---|---:|---:|---:|---:|");
    for (name, database) in setup.databases(folder.path(), "doorward_writes")? {
        seed::add(accounts::open(&database).await?, 2 * USERS).await?;
        let arguments = ["accounts", &database].map(str::to_owned);
        let server = Server::start(&std::env::current_exe()?, &arguments, folder.path()).await?;
        let mut cells = Vec::new();
        for requests in [everywhere, one_place] {
            let mut rounds = Vec::new();
            for round in 0..=setup.rounds {
                let measured = load::run(&[server.port], requests, CLIENTS, setup.round()).await?;
                if round > 0 {
                    rounds.push(measured);
                }
            }
            let rate = spread(rounds.iter().map(|round| round.rate).collect());
            let p99 = spread(rounds.iter().map(|round| round.p99 / 1000.0).collect());
            let (median, least, most) = (rate.median, rate.least, rate.most);
            cells.push(format!("{median:.0} ({least:.0} – {most:.0}) | {:.1}", p99.median));
        }
        report.line(&format!("| {name} | {} |", cells.join(" | ")));
    }
    report.line("");
    report.line(
        "Of one address no more log-ins are under way at once than may be wrong in a minute, which is 30.",
    );
    let flush = spread((0..50).map(|_| flush(folder.path())).collect::<Result<_>>()?);
    report.line("");
    report.line(&format!(
        "A flush of this disk takes {:.2} ms ({:.2} – {:.2}): one write after another could make {:.0} a second.",
        flush.median * 1e3,
        flush.least * 1e3,
        flush.most * 1e3,
        1.0 / flush.median
    ));
    Ok(())
}

/// Returns the seconds that it takes to write a page and flush it.
fn flush(folder: &std::path::Path) -> Result<f64> {
    let mut file = File::options().create(true).append(true).open(folder.join("flushed"))?;
    let begun = Instant::now();
    file.write_all(&[7; 4096])?;
    file.sync_data()?;
    let taken: Duration = begun.elapsed();
    Ok(taken.as_secs_f64())
}
