//! `doorward client disable`, `enable` and `delete`

use std::io::{Write as _, stdout};

use anyhow::{Result, anyhow, ensure};

use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

pub(super) fn no_client(id: &str) -> anyhow::Error {
    anyhow!("there is no app {id}")
}

pub(super) fn disable(config: &ServerConfig, id: &str) -> Result<()> {
    let found = with_accounts(config, async |auth| auth.disable_client(id).await.map_err(explained))?;
    ensure!(found, no_client(id));
    Ok(writeln!(stdout(), "disabled {id}; its tokens have ended")?)
}

pub(super) fn enable(config: &ServerConfig, id: &str) -> Result<()> {
    let found = with_accounts(config, async |auth| auth.enable_client(id).await.map_err(explained))?;
    ensure!(found, no_client(id));
    Ok(writeln!(stdout(), "enabled {id}")?)
}

pub(super) fn delete(config: &ServerConfig, id: &str) -> Result<()> {
    let found = with_accounts(config, async |auth| auth.delete_client(id).await.map_err(explained))?;
    ensure!(found, no_client(id));
    Ok(writeln!(stdout(), "deleted {id}")?)
}
