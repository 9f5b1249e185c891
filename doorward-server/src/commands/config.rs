//! `doorward config`: shows the settings in force.

use std::io::{Write as _, stdout};

use anyhow::Result;

use crate::config::ServerConfig;

/// Prints the settings. Refuses the same settings as the start of the server.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    config.for_serving(config.listen)?;
    Ok(stdout().write_all(config.shown().as_bytes())?)
}
