//! `doorward config`: shows the settings in force, or an example of the file.

use std::io::{Write as _, stdout};

use anyhow::Result;
use clap::Args;

use crate::config::{EXAMPLE, ServerConfig};

#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Print a file with every setting, its default and what it does, instead
    #[arg(long)]
    pub(crate) example: bool,
}

/// Prints an example of the file. The settings in force do not matter.
pub(crate) fn example() -> Result<()> {
    Ok(stdout().write_all(EXAMPLE.as_bytes())?)
}

/// Prints the settings. Fails if the server would not start with them.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    config.check_for_serving()?;
    config.check_breached_file()?;
    Ok(stdout().write_all(config.shown().as_bytes())?)
}
