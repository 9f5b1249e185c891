//! `doorward config`: show the settings in force.

use std::io::{Write as _, stdout};

use anyhow::Result;

use crate::config::ServerConfig;

/// Prints them; refused like a start of the server would be.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    config.for_serving(config.listen)?;
    Ok(stdout().write_all(config.shown().as_bytes())?)
}
