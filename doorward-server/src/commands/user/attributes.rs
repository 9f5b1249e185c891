//! `doorward user attributes`

use std::io::{Write as _, stdout};

use anyhow::{Result, anyhow};
use clap::Subcommand;
use serde_json::Value;

use super::{
    find::{find, still_there},
    password::first_line,
};
use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the attributes as a JSON object
    Show {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Replace all attributes
    Set {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
        /// A JSON object of at most 2 KiB, such as '{"plan": "pro"}'; `-` reads it as the first line of the input
        attributes: String,
    },
}

/// Runs the command.
pub(super) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::Show { user: typed } => {
            let user = with_accounts(config, async |auth| find(auth, typed).await)?;
            Ok(writeln!(stdout(), "{}", user.attributes.as_str())?)
        }
        Command::Set { user, attributes } => set(config, user, attributes),
    }
}

fn set(config: &ServerConfig, typed: &str, attributes: &str) -> Result<()> {
    let attributes = if attributes == "-" { first_line("the attributes")? } else { attributes.to_owned() };
    let attributes: Value = serde_json::from_str(&attributes).map_err(|error| {
        anyhow!("attributes: expected one JSON object (line {}, column {})", error.line(), error.column())
    })?;
    let user = with_accounts(config, async |auth| {
        let user = find(auth, typed).await?;
        still_there(auth.set_attributes(user.id, attributes).await.map_err(explained)?, typed)?;
        Ok(user)
    })?;
    Ok(writeln!(stdout(), "set the attributes of {}", user.email)?)
}
