//! `doorward user set-email`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::find::{find, still_there};
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Gives the account of a user to the owner of another address.
pub(crate) fn run(config: &ServerConfig, typed: &str, email: &str) -> Result<()> {
    let user = with_accounts(config, async |auth| {
        let user = find(auth, typed).await?;
        still_there(auth.set_email(user.id, email).await.map_err(explained)?, typed)?;
        Ok(user)
    })?;
    Ok(writeln!(
        stdout(),
        "{} now has the address {email}; all sessions have ended, and the password is removed",
        user.email
    )?)
}
