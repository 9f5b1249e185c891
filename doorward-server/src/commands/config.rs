//! `doorward config`: shows the settings in force.

use std::io::{Write as _, stdout};

use anyhow::Result;

use crate::config::ServerConfig;

/// Prints the settings. Refuses a public `listen` address without a `public_url`. The start of the server checks the other
/// settings.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    config.for_serving(config.listen)?;
    Ok(stdout().write_all(config.shown().as_bytes())?)
}
