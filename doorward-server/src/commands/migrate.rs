//! `doorward migrate`: brings the schema up to date.

use std::io::{Write as _, stdout};

use anyhow::Result;
use doorward::Auth;

use super::runtime::block_on;
use crate::config::ServerConfig;

/// Applies the migrations, and prints their names.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    let migrated = async { Auth::migrate(&config.database).await.map_err(|error| config.explained(error)) };
    let applied = block_on(migrated)?;
    if applied.is_empty() {
        writeln!(stdout(), "the schema is up to date")?;
    }
    for name in applied {
        writeln!(stdout(), "applied {name}")?;
    }
    Ok(())
}
