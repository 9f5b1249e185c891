//! `doorward user lock-out`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::find::{find, still_there};
use crate::{
    commands::accounts::{explained, with_accounts_despite_missing_keys},
    config::ServerConfig,
};

/// Ends all that logs in as a user. This needs no key, as it removes what a key has sealed.
pub(crate) fn run(config: &ServerConfig, typed: &str) -> Result<()> {
    let user = with_accounts_despite_missing_keys(config, async |auth| {
        let user = find(auth, typed).await?;
        still_there(auth.lock_out_user(user.id).await.map_err(explained)?, typed)?;
        Ok(user)
    })?;
    let email = &user.email;
    Ok(writeln!(
        stdout(),
        "locked everybody out of {email}; the owner chooses a password by mail, at /forgot-password"
    )?)
}
