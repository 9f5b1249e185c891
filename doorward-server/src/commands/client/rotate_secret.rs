//! `doorward client rotate-secret`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::change::no_client;
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Makes a new secret, and prints it.
pub(super) fn run(config: &ServerConfig, id: &str, now: bool) -> Result<()> {
    let renewed =
        with_accounts(config, async |auth| auth.renew_client_secret(id, now).await.map_err(explained))?;
    let secret = renewed.ok_or_else(|| no_client(id))?;
    Ok(writeln!(stdout(), "client_secret  {secret}")?)
}
