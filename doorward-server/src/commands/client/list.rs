//! `doorward client list` and `show`

use std::io::{BufWriter, Write, stdout};

use anyhow::Result;
use doorward::{
    Auth,
    provider::{OAuthClient, Origin},
};

use super::change::no_client;
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Shows one app as JSON.
pub(super) fn show(config: &ServerConfig, id: &str) -> Result<()> {
    let found = with_accounts(config, async |auth| auth.find_client(id).await.map_err(explained))?;
    let client = found.ok_or_else(|| no_client(id))?;
    Ok(writeln!(stdout(), "{}", serde_json::to_string_pretty(&client)?)?)
}

/// Lists all apps in the order of their ids.
pub(super) fn run(config: &ServerConfig, json: bool) -> Result<()> {
    with_accounts(config, async |auth| {
        let clients = all(auth).await?;
        let mut output = BufWriter::new(stdout().lock());
        if json {
            for client in &clients {
                writeln!(output, "{}", serde_json::to_string(client)?)?;
            }
        } else {
            let width =
                clients.iter().map(|client| client.id.chars().count()).max().unwrap_or(0).max("ID".len());
            writeln!(output, "{:width$}  {:8}  {:12}  {:6}  NAME", "ID", "STATE", "KIND", "FROM")?;
            for client in &clients {
                writeln!(output, "{}", line(client, width))?;
            }
        }
        Ok(output.flush()?)
    })
}

async fn all(auth: &Auth) -> Result<Vec<OAuthClient>> {
    let mut clients: Vec<OAuthClient> = Vec::new();
    loop {
        let last = clients.last().map_or("", |client| &client.id).to_owned();
        let more = auth.clients_after(&last).await.map_err(explained)?;
        if more.is_empty() {
            return Ok(clients);
        }
        clients.extend(more);
    }
}

fn line(client: &OAuthClient, width: usize) -> String {
    let state = if client.disabled_at.is_some() { "disabled" } else { "active" };
    let kind = if client.confidential { "confidential" } else { "public" };
    let from = if client.origin == Origin::Config { "config" } else { "admin" };
    format!("{:width$}  {state:8}  {kind:12}  {from:6}  {}", client.id, client.name)
}
