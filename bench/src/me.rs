//! `GET /me` and `POST /introspect` beside a bare axum route: the cost of checking a token.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    contest::{self, Contestant},
    cores::{self, Awake, For},
    load::{self, Requests},
    peers::{self, Peer},
    report::Report,
    seed,
    server::Server,
    setup::Setup,
};

/// The number of servers that share a PostgreSQL database.
const NODES: usize = 3;
const SECRET: &str = "a secret of thirty-two characters";

/// Measures and reports both routes.
pub(crate) async fn measure(setup: &Setup, with_peers: bool, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("doorward.toml"), format!("introspection_secrets = [\"{SECRET}\"]\n"))?;
    cores::stay(For::Servers)?;
    let bare = Server::start(&std::env::current_exe()?, &["bare".into()], folder.path()).await?;
    let ours = start(setup, folder.path()).await?;
    let peers = if with_peers { peers::start(folder.path()).await? } else { Vec::new() };
    cores::stay(For::Client)?;
    for Ours { nodes, requests, .. } in &ours {
        for node in nodes {
            load::send_each(node.port, *requests).await?;
        }
    }
    let awake = Awake::keep();
    measure_me(setup, &bare, &ours, &peers, report).await?;
    measure_introspect(setup, &bare, &ours, report).await?;
    drop(awake);
    cores::stay(For::Everybody)
}

/// Doorward on one of the databases.
struct Ours {
    /// The name of the database.
    name: &'static str,
    nodes: Vec<Server>,
    tokens: Vec<String>,
    /// `GET /me` with each of the tokens.
    requests: Requests,
}

async fn start(setup: &Setup, folder: &Path) -> Result<Vec<Ours>> {
    let mut ours = Vec::new();
    for (name, database) in setup.databases(folder, "doorward_bench")? {
        let tokens = seed::sessions(&database, setup.users, setup.sessions)
            .await
            .with_context(|| format!("cannot fill {name}"))?;
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database].map(str::to_owned);
        let count = if name == "PostgreSQL" { NODES } else { 1 };
        let mut nodes = Vec::new();
        for _ in 0..count {
            nodes.push(Server::start(&setup.doorward, &arguments, folder).await?);
        }
        let requests = load::gets("/me", &tokens);
        ours.push(Ours { name, nodes, tokens, requests });
    }
    Ok(ours)
}

/// Returns the reference. It gets the requests of the first of ours, though it does not read their tokens.
fn reference<'a>(bare: &'a Server, ours: &[Ours]) -> Contestant<'a> {
    Contestant { name: "bare axum".into(), servers: vec![bare], requests: ours[0].requests }
}

async fn measure_me(
    setup: &Setup,
    bare: &Server,
    ours: &[Ours],
    peers: &[Peer],
    report: &mut Report,
) -> Result<()> {
    report.title(&format!(
        "GET /me: {} users with {} sessions, tokens drawn at random, each used once before; servers and client have half \
         of the cores each",
        setup.users, setup.sessions
    ));
    let mut outcomes = Vec::new();
    for &connections in &setup.connections {
        let mut contestants = vec![reference(bare, ours)];
        for Ours { name, nodes, requests, .. } in ours {
            let (name, requests) = (format!("Doorward, {name}"), *requests);
            contestants.push(Contestant { name: name.clone(), servers: vec![&nodes[0]], requests });
            if nodes.len() > 1 {
                let (name, servers) = (format!("{name}, {} nodes", nodes.len()), nodes.iter().collect());
                contestants.push(Contestant { name, servers, requests });
            }
        }
        contestants.extend(peers.iter().map(|peer| Contestant {
            name: peer.name.clone(),
            servers: vec![&peer.server],
            requests: peer.requests,
        }));
        let outcome = contest::run(setup, &contestants, connections).await?;
        report.outcome(&outcome);
        outcomes.push(outcome);
    }
    report.plot("me.svg", "GET /me, requests a second as a share of bare axum", &outcomes);
    Ok(())
}

async fn measure_introspect(setup: &Setup, bare: &Server, ours: &[Ours], report: &mut Report) -> Result<()> {
    report.title("POST /introspect, beside GET of the bare route");
    let mut contestants = vec![reference(bare, ours)];
    for Ours { name, nodes, tokens, .. } in ours {
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
    Ok(())
}
