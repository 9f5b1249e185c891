//! `doorward user set-password`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::{
    find::{find, still_there},
    password,
};
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Sets the password of a user. Asks for it only if the user exists.
pub(crate) fn run(config: &ServerConfig, typed: &str) -> Result<()> {
    let user = with_accounts(config, async |auth| {
        let user = find(auth, typed).await?;
        let password = password::ask()?;
        still_there(auth.set_password(user.id, &password).await.map_err(explained)?, typed)?;
        Ok(user)
    })?;
    Ok(writeln!(stdout(), "set the password of {}; all sessions have ended", user.email)?)
}
