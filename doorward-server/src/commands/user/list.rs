//! `doorward user list`

use std::io::{BufWriter, Write, stdout};

use anyhow::Result;
use doorward::{Auth, Timestamp, User};

use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// The number of users that are read at once.
const PAGE: u32 = 1000;

/// Lists all users in the order in which they registered.
pub(crate) fn run(config: &ServerConfig, json: bool) -> Result<()> {
    with_accounts(config, async |auth| {
        let mut output = BufWriter::new(stdout().lock());
        list(auth, json, &mut output).await?;
        Ok(output.flush()?)
    })
}

async fn list(auth: &Auth, json: bool, output: &mut impl Write) -> Result<()> {
    let mut after = None;
    let mut width = 0;
    loop {
        let users = auth.users(after, PAGE).await.map_err(explained)?;
        if json {
            for user in &users {
                writeln!(output, "{}", serde_json::to_string(user)?)?;
            }
        } else {
            // The first page decides about the columns. They move only for a longer address.
            let longest = users.iter().map(|user| user.email.chars().count()).max();
            let first = width == 0;
            width = width.max(longest.unwrap_or(0)).max("EMAIL".len());
            if first {
                writeln!(
                    output,
                    "{:<16}  {:width$}  {:8}  {:20}  CREATED",
                    "ID", "EMAIL", "STATE", "VERIFIED"
                )?;
            }
            for user in &users {
                writeln!(output, "{}", line(user, width))?;
            }
        }
        match users.last() {
            Some(last) if users.len() == PAGE as usize => after = Some(last.id),
            _ => return Ok(()),
        }
    }
}

fn line(user: &User, width: usize) -> String {
    let state = if user.disabled_at.is_some() { "disabled" } else { "active" };
    let verified = user.email_verified_at.map_or_else(|| "no".into(), |at: Timestamp| at.to_string());
    let id = user.id.to_string();
    format!("{id:<16}  {:width$}  {state:8}  {verified:20}  {}", user.email, user.created_at)
}
