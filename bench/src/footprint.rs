//! The costs of the server without work: time to start, memory, the size of its binary.

use std::fs;

use anyhow::Result;

use crate::{contest::spread, load, report::Report, seed, server::Server, setup::Setup};

/// Measures and reports them.
pub(crate) async fn measure(setup: &Setup, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    report.title("Footprint");
    let size = fs::metadata(&setup.doorward)?.len();
    report.line(&format!("The binary has {:.1} MB.", size as f64 / 1e6));
    report.line("");
    report.line("| | starts in ms | idle MB | after a load of GET /me MB |");
    report.line("|---|---:|---:|---:|");
    for (name, database) in setup.databases(folder.path(), "doorward_footprint")? {
        let tokens = seed::sessions(&database, setup.users, setup.sessions).await?;
        let (mut started, mut idle, mut loaded) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=setup.rounds {
            let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
            let server = Server::start(&setup.doorward, &arguments, folder.path()).await?;
            if round == 0 {
                continue;
            }
            started.push(server.started_in.as_secs_f64() * 1e3);
            idle.push(server.memory()? as f64 / 1e6);
            if round == setup.rounds {
                load::run(&[server.port], load::gets("/me", &tokens), 64, setup.round()).await?;
                loaded.push(server.memory()? as f64 / 1e6);
            }
        }
        let started = spread(started);
        report.line(&format!(
            "| {name} | {:.0} ({:.0} – {:.0}) | {:.1} | {:.1} |",
            started.median,
            started.least,
            started.most,
            spread(idle).median,
            spread(loaded).median
        ));
    }
    Ok(())
}
