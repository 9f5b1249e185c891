//! Other programs that do the same, each in a folder of its own below `bench/peers`.
//!
//! Its executable `serve` gets a folder to work in. It installs its packages from their registry, makes a user, logs
//! in, serves, and then prints three lines: its name and address (`… http://127.0.0.1:PORT`), the path that returns
//! the logged-in user, and the header with the credentials (`authorization: Bearer …`).

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    load::{self, Requests},
    server::Server,
};

/// A running peer.
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) server: Server,
    pub(crate) requests: Requests,
}

/// Starts all of them, one after another.
pub(crate) async fn start(folder: &Path) -> Result<Vec<Peer>> {
    let mut folders: Vec<_> =
        fs::read_dir("bench/peers")?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.sort();
    let mut peers = Vec::new();
    for peer in folders.iter().filter(|peer| peer.join("serve").exists()) {
        let own = folder.join(peer.file_name().context("a folder with a name")?);
        fs::create_dir(&own)?;
        let (server, mut lines) = Server::peer(&peer.join("serve"), &own)
            .await
            .with_context(|| format!("{} did not start", peer.display()))?;
        let header = lines.pop().context("no header")?;
        let path = lines.pop().context("no path")?;
        let name = lines.pop().context("no name")?;
        peers.push(Peer { name, server, requests: load::get_with(&path, &header) });
    }
    Ok(peers)
}
