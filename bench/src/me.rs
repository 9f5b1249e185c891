//! `GET /me` and `POST /introspect` beside a bare axum route: what it costs to check a token.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    contest::{self, Contestant},
    cores::{self, Awake, For},
    load, peers,
    report::Report,
    seed,
    server::Server,
    setup::Setup,
};

/// How many servers share a PostgreSQL database, where that is measured.
const NODES: usize = 3;
const SECRET: &str = "a secret of thirty-two characters";

/// Measures and reports it.
pub(crate) async fn measure(setup: &Setup, with_peers: bool, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("doorward.toml"), format!("introspection_secrets = [\"{SECRET}\"]\n"))?;
    cores::stay(For::Servers)?;
    let bare = Server::start(&std::env::current_exe()?, &["bare".into()], folder.path()).await?;
    let mut servers = Vec::new();
    for (name, database) in setup.databases(folder.path(), "doorward_bench")? {
        let tokens = seed::sessions(&database, setup.users, setup.sessions)
            .await
            .with_context(|| format!("cannot fill {name}"))?;
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
        let count = if name == "PostgreSQL" { NODES } else { 1 };
        let mut nodes = Vec::new();
        for _ in 0..count {
            nodes.push(Server::start(&setup.doorward, &arguments, folder.path()).await?);
        }
        servers.push((name, nodes, tokens));
    }
    let others = if with_peers { peers::start(folder.path()).await? } else { Vec::new() };
    cores::stay(For::Client)?;

    let asked: Vec<_> =
        servers.iter().map(|(name, nodes, tokens)| (name, nodes, load::gets("/me", tokens))).collect();
    // It is sent what the others are sent, though it does not look at it.
    let same = asked[0].2;
    let reference = || Contestant { name: "bare axum".into(), servers: vec![&bare], requests: same };
    for (_, nodes, requests) in &asked {
        for node in *nodes {
            load::send_each(node.port, *requests).await?;
        }
    }
    let awake = Awake::keep();
    report.title(&format!(
        "GET /me: {} users with {} sessions, tokens drawn at random, each used once before; servers and client have half \
         of the cores each",
        setup.users, setup.sessions
    ));
    let mut outcomes = Vec::new();
    for &connections in &setup.connections {
        let mut contestants = vec![reference()];
        for (name, nodes, requests) in &asked {
            let (name, requests) = (format!("Doorward, {name}"), *requests);
            let servers = vec![&nodes[0]];
            contestants.push(Contestant { name: name.clone(), servers, requests });
            if nodes.len() > 1 {
                let (name, servers) = (format!("{name}, {} nodes", nodes.len()), nodes.iter().collect());
                contestants.push(Contestant { name, servers, requests });
            }
        }
        for peer in &others {
            contestants.push(Contestant {
                name: peer.name.clone(),
                servers: vec![&peer.server],
                requests: peer.requests,
            });
        }
        let outcome = contest::run(setup, &contestants, connections).await?;
        report.outcome(&outcome);
        outcomes.push(outcome);
    }
    report.plot("me.svg", "GET /me, requests a second as a share of bare axum", &outcomes);

    report.title("POST /introspect, beside GET of the bare route");
    let mut contestants = vec![reference()];
    for (name, nodes, tokens) in &servers {
        let forms: Vec<_> = tokens
            .iter()
            .map(|token| format!("token={token}&client_secret={}", SECRET.replace(' ', "+")))
            .collect();
        let requests = load::posts("/introspect", &forms);
        contestants.push(Contestant {
            name: format!("Doorward, {name}"),
            servers: vec![&nodes[0]],
            requests,
        });
    }
    let outcome = contest::run(setup, &contestants, 64).await?;
    report.outcome(&outcome);
    drop(awake);
    cores::stay(For::Everybody)
}
