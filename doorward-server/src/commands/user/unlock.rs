//! `doorward user unlock`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::find::{find, still_there};
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Forgets the wrong guesses at the account of a user.
pub(crate) fn run(config: &ServerConfig, typed: &str) -> Result<()> {
    let user = with_accounts(config, async |auth| {
        let user = find(auth, typed).await?;
        still_there(auth.unlock_user(user.id).await.map_err(explained)?, typed)?;
        Ok(user)
    })?;
    Ok(writeln!(stdout(), "unlocked {}", user.email)?)
}
