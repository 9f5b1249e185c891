//! `doorward openapi`: prints the document that describes the server.

use std::{
    env, fs,
    io::{Write as _, stdout},
    process,
};

use anyhow::{Context as _, Result};
use doorward::Auth;

use super::runtime::block_on;
use crate::config::ServerConfig;

/// Prints the document. It does not depend on the database, so a temporary one is used.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    let folder = env::temp_dir().join(format!("doorward-openapi-{}", process::id()));
    fs::create_dir(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let document = block_on(async {
        let url = format!("sqlite:{}", folder.join("none.db").display());
        let opened = Auth::open_with(&url, config.for_commands()).await;
        let auth = opened.map_err(|error| config.explained(error))?;
        let document = auth.openapi();
        auth.close().await;
        Ok(document)
    });
    let removed = fs::remove_dir_all(&folder);
    writeln!(stdout(), "{}", document?)?;
    Ok(removed?)
}
