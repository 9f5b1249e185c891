//! `doorward user role`

use std::io::{Write as _, stdout};

use anyhow::Result;
use clap::Subcommand;

use super::find::{find, still_there};
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Give a user a role that the setting `roles` declares; it counts from the next request on
    Add {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
        /// The role
        role: String,
    },
    /// Take a role away from a user; no request passes with it any more
    Remove {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
        /// The role
        role: String,
    },
    /// List the roles of a user, one on each line
    List {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
}

/// Runs the command.
pub(super) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::Add { user, role } => change(config, user, role, true),
        Command::Remove { user, role } => change(config, user, role, false),
        Command::List { user } => list(config, user),
    }
}

fn change(config: &ServerConfig, typed: &str, role: &str, add: bool) -> Result<()> {
    let user = with_accounts(config, async |auth| {
        let user = find(auth, typed).await?;
        let changed =
            if add { auth.add_role(user.id, role).await } else { auth.remove_role(user.id, role).await };
        still_there(changed.map_err(explained)?, typed)?;
        find(auth, typed).await
    })?;
    let roles: Vec<_> = user.roles.iter().collect();
    let now = if roles.is_empty() { "no role".into() } else { roles.join(", ") };
    Ok(writeln!(stdout(), "{} now has: {now}", user.email)?)
}

fn list(config: &ServerConfig, typed: &str) -> Result<()> {
    let user = with_accounts(config, async |auth| find(auth, typed).await)?;
    let mut output = stdout().lock();
    for role in user.roles.iter() {
        writeln!(output, "{role}")?;
    }
    Ok(())
}
