//! `doorward keys rotate-signing`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::list;
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Makes new keys, and lists what there is then.
pub(super) fn run(config: &ServerConfig, algorithm: Option<&str>, now: bool) -> Result<()> {
    let keys = with_accounts(config, async |auth| {
        auth.rotate_signing_keys(algorithm, now).await.map_err(explained)?;
        auth.signing_keys().await.map_err(explained)
    })?;
    let mut output = stdout().lock();
    list::table(&mut output, &keys)?;
    if now {
        writeln!(output, "the old keys are deleted; apps refuse the ID tokens that these have signed")?;
    }
    Ok(())
}
