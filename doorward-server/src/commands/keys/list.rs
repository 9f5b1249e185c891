//! `doorward keys list`

use std::io::{Write as _, stdout};

use anyhow::Result;
use doorward::provider::{ListedSigningKey, SigningKeyState};

use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Lists the published keys.
pub(super) fn run(config: &ServerConfig, json: bool) -> Result<()> {
    let keys = with_accounts(config, async |auth| auth.signing_keys().await.map_err(explained))?;
    let mut output = stdout().lock();
    if !json {
        return table(&mut output, &keys);
    }
    for key in &keys {
        writeln!(output, "{}", serde_json::to_string(key)?)?;
    }
    Ok(())
}

/// Writes the keys as a table.
pub(super) fn table(output: &mut impl std::io::Write, keys: &[ListedSigningKey]) -> Result<()> {
    let width = keys.iter().map(|key| key.id.len()).max().unwrap_or(0).max("ID".len());
    writeln!(
        output,
        "{:width$}  {:9}  {:8}  {:20}  {:20}  SEALED WITH",
        "ID", "ALGORITHM", "STATE", "FROM", "UNTIL"
    )?;
    for key in keys {
        let (state, from, until) = match key.state {
            SigningKeyState::Waits => ("waits", key.signs_from, key.signs_until),
            SigningKeyState::Verifies => ("verifies", key.signs_until, key.gone_at),
            _ => ("signs", key.signs_from.max(key.created_at), key.signs_until),
        };
        writeln!(
            output,
            "{:width$}  {:9}  {state:8}  {from:20}  {until:20}  {}",
            key.id, key.algorithm, key.sealed_with
        )?;
    }
    Ok(())
}
