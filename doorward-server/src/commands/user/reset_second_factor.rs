//! `doorward user reset-second-factor`

use std::io::{Write as _, stdout};

use anyhow::{Result, bail};

use super::find::find;
use crate::{
    commands::accounts::{explained, with_accounts_despite_missing_keys},
    config::ServerConfig,
};

/// Removes the authenticator app, the passkeys and the recovery codes of a user. After a restore without the key file,
/// this needs no key.
pub(crate) fn run(config: &ServerConfig, typed: &str) -> Result<()> {
    let user = with_accounts_despite_missing_keys(config, async |auth| {
        let user = find(auth, typed).await?;
        if !auth.reset_second_factor(user.id).await.map_err(explained)? {
            bail!("{} has no second factor", user.email);
        }
        Ok(user)
    })?;
    Ok(writeln!(stdout(), "removed the second factor of {}", user.email)?)
}
