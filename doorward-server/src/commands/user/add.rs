//! `doorward user add`

use std::io::{Write as _, stdout};

use anyhow::Result;

use super::{password, told};
use crate::{commands::with_accounts, config::ServerConfig};

/// Add a user with a password that is asked for.
pub(crate) fn run(config: &ServerConfig, email: &str) -> Result<()> {
    let password = password::ask()?;
    let user = with_accounts(config, async |auth| auth.add_user(email, &password).await.map_err(told))?;
    Ok(writeln!(stdout(), "added {} with the id {}", user.email, user.id)?)
}
