//! `doorward user add`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::password;
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// Adds a user with a password that is asked for, or with a hash that another system made. Without a password, if the
/// settings allow none.
pub(crate) fn run(config: &ServerConfig, email: &str, hash: Option<&str>) -> Result<()> {
    let user = match hash {
        Some(hash) => {
            let hash = if hash == "-" { password::first_line("the hash")? } else { hash.to_owned() };
            with_accounts(config, async |auth| {
                auth.add_user_with_hash(email, &hash).await.map_err(explained)
            })?
        }
        None if !config.for_commands().password_login => with_accounts(config, async |auth| {
            auth.add_user_without_password(email).await.map_err(explained)
        })?,
        None => {
            let password = password::ask()?;
            with_accounts(config, async |auth| auth.add_user(email, &password).await.map_err(explained))?
        }
    };
    Ok(writeln!(stdout(), "added {} with the id {}", user.email, user.id)?)
}
