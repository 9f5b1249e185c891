//! `doorward user delete`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::{
    confirm::confirm,
    find::{find, still_there},
};
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Deletes a user after a confirmation.
pub(crate) fn run(config: &ServerConfig, typed: &str, yes: bool) -> Result<()> {
    let user = with_accounts(config, async |auth| {
        let user = find(auth, typed).await?;
        confirm(&format!("Delete {} and all their data?", user.email), yes)?;
        still_there(auth.delete_user(user.id).await.map_err(explained)?, typed)?;
        Ok(user)
    })?;
    Ok(writeln!(stdout(), "deleted {}", user.email)?)
}
