//! `doorward keys reseal`

use std::io::{Write as _, stdout};

use anyhow::Result;

use crate::{
    commands::{
        accounts::{explained, with_accounts},
        progress,
    },
    config::ServerConfig,
};

/// Seals secrets anew, and says how many.
pub(super) fn run(config: &ServerConfig) -> Result<()> {
    let resealed = with_accounts(config, async |auth| {
        let bar = progress::of_work(auth.secrets_to_reseal().await.map_err(explained)?);
        let mut resealed = 0;
        loop {
            let some = auth.reseal_secrets().await.map_err(explained)?;
            resealed += some;
            bar.set_position(resealed);
            if some == 0 {
                bar.finish_and_clear();
                return Ok(resealed);
            }
        }
    })?;
    let mut output = stdout().lock();
    match resealed {
        0 => writeln!(output, "there is nothing to do: no secret needs a retired key")?,
        1 => writeln!(output, "sealed 1 secret anew; no secret needs a retired key any more")?,
        _ => writeln!(output, "sealed {resealed} secrets anew; no secret needs a retired key any more")?,
    }
    Ok(())
}
